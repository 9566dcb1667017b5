/* What GOV.UK Notify's answers mean. Pure. */
#include "notifier/notify_answer.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text ? text : "";
}

/* False: there is no such id, or none that could be kept. */
static bool take_id(const json_t *notification, struct notify_answer *out)
{
	const char *id = text_of(notification, "id");
	if (!*id || strlen(id) >= sizeof(out->id))
		return false;
	snprintf(out->id, sizeof(out->id), "%s", id);
	return true;
}

/* {"errors": [{"error": "AuthError", "message": "…"}], "status_code": 403} */
static const char *read_error(int status, const json_t *json, struct notify_answer *out)
{
	const json_t *first = json_array_get(json_object_get(json, "errors"), 0);
	const char *name = text_of(first, "error");
	const char *message = text_of(first, "message");
	snprintf(out->words, sizeof(out->words), "%d%s%s%s%.120s", status, *name ? " " : "", name,
		*message ? ": " : "", message);
	return *name ? name : NULL;
}

/* Decided by status and name: the words of the message are for people. */
static enum notify_meaning meaning_of(int status, const char *name)
{
	if (status >= 500 || status == 408 || status == 0)
		return NOTIFY_UNKNOWN;
	if (!name)
		return NOTIFY_STRANGER;
	if (status == 401 || status == 403)
		return NOTIFY_KEY;
	if (status == 429)
		return strcmp(name, "TooManyRequestsError") == 0 ? NOTIFY_DAILY : NOTIFY_RATE;
	return status >= 400 ? NOTIFY_REFUSED : NOTIFY_STRANGER;
}

static json_t *read_json(const char *body, size_t length)
{
	return json_loadb(length ? body : "", length, 0, NULL);
}

void notify_answer_post(int status, const char *body, size_t length, struct notify_answer *out)
{
	json_t *json = read_json(body, length);
	*out = (struct notify_answer){ 0 };
	const char *name = read_error(status, json, out);
	if (status < 200 || status > 299)
		out->meaning = meaning_of(status, name);
	else /* without an id that can be read, a look-up will find it */
		out->meaning = take_id(json, out) ? NOTIFY_ACCEPTED : NOTIFY_UNKNOWN;
	json_decref(json);
}

void notify_answer_look_up(int status, const char *body, size_t length, struct notify_answer *out)
{
	json_t *json = read_json(body, length);
	*out = (struct notify_answer){ 0 };
	const char *name = read_error(status, json, out);
	const json_t *found = json_object_get(json, "notifications");
	if (status != 200)
		out->meaning = meaning_of(status, name);
	else if (!json_is_array(found))
		out->meaning = NOTIFY_UNKNOWN;
	else if (json_array_size(found) == 0)
		out->meaning = NOTIFY_ABSENT;
	else
		out->meaning =
			take_id(json_array_get(found, 0), out) ? NOTIFY_ACCEPTED : NOTIFY_UNKNOWN;
	json_decref(json);
}

bool notify_answer_delivery(
	int status, const char *body, size_t length, struct transport_delivery *out)
{
	json_t *json = status == 200 ? read_json(body, length) : NULL;
	const char *state = text_of(json, "status");
	const char *at = text_of(json, "completed_at");
	bool known = *state && strlen(state) < sizeof(out->state) && strlen(at) < sizeof(out->at);
	if (known) {
		snprintf(out->state, sizeof(out->state), "%s", state);
		snprintf(out->at, sizeof(out->at), "%s", at);
	}
	json_decref(json);
	return known;
}

int notify_answer_to_midnight_s(time_t now)
{
	return DAY_S - (int)(now % DAY_S);
}
