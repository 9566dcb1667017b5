/* Reads a plan from a JSON document of our own export (GET /v1/plans/{plan}/export.json). */
#include "api/import/export_doc.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "api/import/export_doc_fields.h"
#include "api/import/plan_check.h"
#include "api/import/plan_lead.h"
#include "common/lead_cell.h"
#include "common/log.h"
#include "common/text.h"

struct doc {
	struct arena *arena;
	struct import_plan *plan;
	json_t *kinds; /* of the leads, by name */
};

static void release(void *object)
{
	json_decref(object);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static struct import_lead lead_named(const struct doc *doc, const char *name, const char *role)
{
	const char *kind = text_of(doc->kinds, name);
	return (struct import_lead){ .name = name,
		.post_key = lead_cell_post_key(doc->arena, name),
		.kind = kind ? kind : lead_cell_kind_name(LEAD_OFFICER),
		.role = role };
}

/* "name":{"name","post_key","kind"}, or null. */
static void add_lead_json(const struct doc *doc, struct text *out, const char *name)
{
	if (!name) {
		text_add(out, "null");
		return;
	}
	struct import_lead lead = lead_named(doc, name, NULL);
	text_add(out, "{\"name\":");
	text_add_json(out, lead.name);
	text_add(out, ",\"post_key\":");
	text_add_json(out, lead.post_key);
	text_add(out, ",\"kind\":");
	text_add_json(out, lead.kind);
	text_add(out, "}");
}

/* Members of an object as they came, after a comma. */
static void add_members(
	struct text *out, const json_t *object, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_object_get(object, keys[i]);
		char *json = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
		if (json)
			text_addf(out, ",\"%s\":%s", keys[i], json);
		free(json);
	}
}

#define ADD_MEMBERS(out, object, ...)                                                              \
	add_members(out, object, (const char *const[]){ __VA_ARGS__ },                             \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* ---- an action's history ---- */

static bool same_deadlines(const struct timescale *read, const json_t *told)
{
	if ((size_t)read->deadline_count != json_array_size(told))
		return false;
	for (int i = 0; i < read->deadline_count; i++) {
		char iso[DATE_ISO_BYTES];
		const char *day = text_of(json_array_get(told, (size_t)i), "due_on");
		if (strcmp(date_iso(read->deadlines[i].due_on, iso), day) != 0)
			return false;
	}
	return true;
}

static const struct timescale *read_timescale(
	const struct doc *doc, const json_t *told, struct findings *doubts)
{
	struct timescale *read = arena_alloc(doc->arena, sizeof(*read));
	const char *text = text_of(told, "text");
	timescale_read(doc->arena, text, &doc->plan->options.timescales, read);
	if (!same_deadlines(read, json_object_get(told, "deadlines")))
		finding_add(doubts, "timescale_read_otherwise", 0, NULL,
			"The dates in the file are not those that its words \"%s\" give now", text);
	return read;
}

static void read_timescales(const struct doc *doc, const json_t *action, struct import_action *out,
	struct text *history)
{
	size_t i;
	json_t *told;
	text_add(history, "{\"timescales\":[");
	json_array_foreach(json_object_get(action, "timescales"), i, told)
	{
		out->timescale = read_timescale(doc, told, &out->doubts);
		text_addf(history, "%s{\"reading\":%s", i ? "," : "",
			timescale_json(doc->arena, out->timescale));
		ADD_MEMBERS(history, told, "reason", "agreed_by", "agreed_on", "deadlines");
		text_add(history, "}");
	}
	text_add(history, "]");
}

static void read_updates(const struct doc *doc, const json_t *action, struct text *history)
{
	size_t i;
	json_t *update;
	text_add(history, ",\"updates\":[");
	json_array_foreach(json_object_get(action, "updates"), i, update)
	{
		text_add(history, i ? ",{\"lead\":" : "{\"lead\":");
		add_lead_json(doc, history, text_of(update, "lead"));
		ADD_MEMBERS(history, update, "created_at", "author", "note", "status", "rag",
			"percent", "evidence");
		text_add(history, "}");
	}
	text_add(history, "]}");
}

/* ---- actions and recommendations ---- */

static void read_doubts(const json_t *action, struct findings *doubts)
{
	size_t i;
	json_t *doubt;
	json_array_foreach(json_object_get(action, "doubts"), i, doubt) finding_add(doubts,
		text_of(doubt, "code"), (int)json_integer_value(json_object_get(doubt, "row")),
		text_of(doubt, "column"), "%s", text_of(doubt, "detail"));
}

static void read_leads(const struct doc *doc, const json_t *action, struct import_leads *leads)
{
	size_t i;
	json_t *named;
	json_array_foreach(json_object_get(action, "leads"), i, named)
	{
		struct import_lead lead =
			lead_named(doc, text_of(named, "name"), text_of(named, "role"));
		plan_lead_add(doc->arena, leads, &lead);
	}
}

static void read_action(const struct doc *doc, const json_t *action, struct import_action *out)
{
	const json_t *percent = json_object_get(action, "percent");
	struct text history;
	text_init(&history, doc->arena);
	*out = (struct import_action){ .reference = text_of(action, "reference"),
		.description = text_of(action, "description"),
		.status = text_of(action, "status"),
		.rag = text_of(action, "rag"),
		.percent = json_is_integer(percent) ? (int)json_integer_value(percent) : -1,
		.completed_on = text_of(action, "completed_on") };
	finding_init(&out->doubts, doc->arena);
	read_doubts(action, &out->doubts);
	read_leads(doc, action, &out->leads);
	read_timescales(doc, action, out, &history);
	read_updates(doc, action, &history);
	out->history = history.bytes;
}

static void read_recommendation(
	const struct doc *doc, const json_t *object, struct import_recommendation *out)
{
	const json_t *actions = json_object_get(object, "actions");
	size_t count = json_array_size(actions);
	*out = (struct import_recommendation){ .number = text_of(object, "number"),
		.text = text_of(object, "text"),
		.response = text_of(object, "response") };
	out->actions = arena_alloc(doc->arena, sizeof(*out->actions) * (count + 1));
	out->action_count = out->action_capacity = (int)count;
	for (size_t i = 0; i < count; i++)
		read_action(doc, json_array_get(actions, i), &out->actions[i]);
	doc->plan->action_count += (int)count;
}

/* ---- the plan ---- */

/* Numbers and references are names: twice in one plan they name nothing. */
static void check_unique(struct doc *doc, json_t *seen, const char *name, const char *pointer)
{
	if (json_object_get(seen, name))
		finding_add(&doc->plan->errors, "repeated", 0, pointer, "\"%s\" comes twice", name);
	else if (json_object_set_new(seen, name, json_true()) != 0)
		fatal("no memory");
}

static void check_names(struct doc *doc)
{
	json_t *numbers = json_object();
	json_t *references = json_object();
	arena_defer(doc->arena, release, numbers);
	arena_defer(doc->arena, release, references);
	for (int i = 0; i < doc->plan->count; i++) {
		const struct import_recommendation *one = &doc->plan->recommendations[i];
		check_unique(doc, numbers, one->number,
			arena_printf(doc->arena, "/recommendations/%d/number", i));
		for (int j = 0; j < one->action_count; j++)
			check_unique(doc, references, one->actions[j].reference,
				arena_printf(doc->arena, "/recommendations/%d/actions/%d/reference",
					i, j));
	}
	if (doc->plan->action_count > PLAN_BUILD_ACTIONS)
		finding_add(&doc->plan->errors, "too_many_actions", 0, NULL,
			"There are more than %d actions", PLAN_BUILD_ACTIONS);
}

static void read_settings(const struct doc *doc, const json_t *object)
{
	struct text settings;
	text_init(&settings, doc->arena);
	text_add(&settings, "{\"owner\":");
	add_lead_json(doc, &settings, text_of(object, "owner"));
	ADD_MEMBERS(&settings, object, "adopted_on", "state", "published", "time_zone", "division",
		"quarter_basis", "relative_to", "send_at", "updates_every_days");
	text_add(&settings, "}");
	doc->plan->settings = settings.bytes;
}

/* What the caller says outranks the file. A plan that is there already reads timescales its own
 * way, which the caller has set. */
static void read_options(const struct doc *doc, const json_t *object)
{
	struct import_options *options = &doc->plan->options;
	const char *quarters = text_of(object, "quarter_basis");
	const char *anchor = text_of(object, "relative_to");
	if (!options->organisation)
		options->organisation = text_of(object, "organisation");
	if (!options->slug)
		options->slug = text_of(object, "slug");
	if (!options->source_url)
		options->source_url = text_of(object, "source_url");
	doc->plan->title = options->title ? options->title : text_of(object, "title");
	if (options->plan_decides)
		return;
	if (!date_is_set(options->timescales.relative_to) && anchor &&
		!date_parse_iso(anchor, &options->timescales.relative_to))
		options->timescales.relative_to = DATE_NONE;
	if (quarters && strcmp(quarters, "calendar") == 0)
		options->timescales.quarters = TIMESCALE_CALENDAR;
}

static void read_kinds(struct doc *doc, const json_t *object)
{
	size_t i;
	json_t *lead;
	doc->kinds = json_object();
	arena_defer(doc->arena, release, doc->kinds);
	json_array_foreach(json_object_get(object, "leads"), i, lead)
	{
		if (json_object_set(
			    doc->kinds, text_of(lead, "name"), json_object_get(lead, "kind")) != 0)
			fatal("no memory");
	}
}

static bool check_fields(struct import_plan *plan, const json_t *object)
{
	struct faults faults = { .arena = plan->arena };
	if (!json_is_object(object)) {
		finding_add(&plan->errors, "malformed_json", 0, NULL,
			"The file is not one JSON object");
		return false;
	}
	schema_check_body(export_doc_fields, object, false, &faults);
	for (size_t i = 0; i < faults.count; i++)
		finding_add(&plan->errors, faults.list[i].code, 0, faults.list[i].pointer, "%s",
			faults.list[i].detail);
	return !faults.count;
}

void export_doc_read(struct import_plan *plan, const char *bytes, size_t length)
{
	struct doc doc = { .arena = plan->arena, .plan = plan };
	json_error_t error;
	size_t mark = length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
	json_t *object = json_loadb(bytes + mark, length - mark, JSON_REJECT_DUPLICATES, &error);
	if (!object) {
		finding_add(&plan->errors, "malformed_json", error.line > 0 ? error.line : 0, NULL,
			"This is not JSON: %s", error.text);
		return;
	}
	arena_defer(plan->arena, release, object);
	if (!check_fields(plan, object))
		return;
	const json_t *recommendations = json_object_get(object, "recommendations");
	size_t count = json_array_size(recommendations);
	read_options(&doc, object);
	read_kinds(&doc, object);
	read_settings(&doc, object);
	plan->recommendations =
		arena_alloc(plan->arena, sizeof(*plan->recommendations) * (count + 1));
	plan->count = (int)count;
	for (size_t i = 0; i < count; i++)
		read_recommendation(
			&doc, json_array_get(recommendations, i), &plan->recommendations[i]);
	check_names(&doc);
	plan_check_options(plan);
}
