/* Receipts: what GOV.UK Notify tells of the emails that it took. */
#include <string.h>

#include "api/field.h"
#include "api/handlers.h"
#include "api_queries.h"

/* Its words, which it writes with hyphens, are those of SQL's message.delivery. NULL: not one of
 * them. */
static const char *read_delivery(struct arena *arena, const char *status)
{
	static const char *const words[] = { "created", "sending", "delivered", "permanent_failure",
		"temporary_failure", "technical_failure" };
	char *word = arena_strdup(arena, status);
	for (char *at = word; (at = strchr(at, '-'));)
		*at = '_';
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			return words[i];
	return NULL;
}

/* NULL, and a fault, when a text has been given that is none. */
static const char *take_text(struct request *req, const struct field *field)
{
	const json_t *value = json_object_get(req->body, field->name);
	const char *text = json_string_value(value);
	const char *pointer = arena_printf(req->arena, "/%s", field->name);
	if (!value || json_is_null(value)) {
		if (field->required)
			faults_add(&req->faults, pointer, "required", "Must be given");
		return NULL;
	}
	struct field_fault fault = { "wrong_type", "Must be a text" };
	if (text)
		fault = field_check_text(req->arena, field, text);
	if (fault.code)
		faults_add(&req->faults, pointer, fault.code, fault.detail);
	return fault.code ? NULL : text;
}

/* Notify may add members; those that nobody asked for are no fault. */
struct reply receipt_notify(struct request *req)
{
	static const struct field id = { "id", FIELD_LINE, .min = 1, .max = 60, .required = true };
	static const struct field reference = { "reference", FIELD_LINE, .min = 1, .max = 1000 };
	static const struct field status = { "status", FIELD_LINE, .min = 1, .max = 60,
		.required = true };
	static const struct field at = { "completed_at", FIELD_INSTANT };
	const char *detail;
	const char *code = request_parse_json(req, &detail);
	if (code)
		return reply_problem(400, code, detail);
	const char *const params[] = { NULL, take_text(req, &id), take_text(req, &reference),
		take_text(req, &status), take_text(req, &at) };
	const char *delivery = params[3] ? read_delivery(req->arena, params[3]) : NULL;
	if (params[3] && !delivery)
		faults_add(&req->faults, "/status", "unknown_value",
			"Must be a status of GOV.UK Notify");
	if (req->faults.count)
		return reply_faults(req);
	return reply_empty(req, Q_RECEIPT_NOTIFY, params[1], params[2], delivery, params[4]);
}

const char *const receipt_types[] = { "application/json", NULL };
