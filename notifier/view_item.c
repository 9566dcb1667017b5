/* What a reminder says about one action, as JSON for its templates. Pure. */
#include "notifier/view_item.h"

#include <string.h>

#include "common/text.h"
#include "notifier/facts.h"
#include "notifier/wording.h"

#define RECOMMENDATION_CHARACTERS 200
#define NOTE_CHARACTERS 400
#define TIMESCALE_CHARACTERS 300

bool view_item_read(const json_t *json, struct view_item *out)
{
	*out = (struct view_item){
		.json = json,
		.reference = facts_text(json, "reference"),
		.title = facts_text(json, "title"),
		.audience = facts_text(json, "audience"),
		.due_on = facts_date(json, "due_on"),
		.days_left = facts_int(json, "days_left", 0),
		.silent_since = facts_date(json, "silent_since"),
		.silent_days = facts_int(json, "silent_days", 0),
		.answered = json_is_object(json_object_get(json, "last_update")),
		.offset_days = facts_int(json, "offset_days", 0),
	};
	bool dated = date_is_set(out->due_on) && facts_text(json, "timescale");
	return out->reference && out->title && out->audience &&
	       (dated || date_is_set(out->silent_since)) && facts_text(json, "description") &&
	       facts_text(json, "recommendation") && facts_text(json, "number") &&
	       facts_text(json, "status");
}

const char *view_item_when(struct arena *arena, const struct view_item *item)
{
	if (date_is_set(item->due_on))
		return wording_due(arena, item->due_on, item->days_left);
	return wording_silence(arena, item->silent_since, item->silent_days, item->answered);
}

const char *view_item_setting(struct arena *arena, const struct view_item *item)
{
	if (date_is_set(item->due_on))
		return wording_stage(arena, item->offset_days);
	int days = facts_int(item->json, "updates_every_days", item->offset_days);
	return arena_printf(arena, "every %d day%s without an update", days, days == 1 ? "" : "s");
}

/* The posts of one role (or, with but, of all roles except that post's), "A, B and C"; NULL: none.
 */
static const char *posts(
	struct arena *arena, const json_t *leads, const char *role, const char *but)
{
	struct text out;
	const char *last = NULL;
	text_init(&out, arena);
	for (size_t i = 0; i < json_array_size(leads); i++) {
		const json_t *lead = json_array_get(leads, i);
		const char *name = facts_text(lead, "name");
		const char *held = facts_text(lead, "role");
		if (!name || !held || (role && strcmp(held, role) != 0) ||
			(but && strcmp(name, but) == 0))
			continue;
		if (last)
			text_addf(&out, "%s%s", out.length ? ", " : "", last);
		last = name;
	}
	if (last)
		text_addf(&out, "%s%s", out.length ? " and " : "", last);
	return last ? out.bytes : NULL;
}

const char *view_item_role(struct arena *arena, const struct view_item *item,
	const struct view_reader *reader, const char *what)
{
	static const struct {
		const char *audience;
		const char *you, *it;
	} roles[] = {
		{ "lead", "you lead", "leads" },
		{ "support", "you support", "supports" },
		{ "manager", "you manage the lead of", "manages the lead of" },
		{ "cabinet_member", "you are the cabinet member for", "is the cabinet member for" },
		{ "plan_owner", "you own the plan that includes", "owns the plan that includes" },
	};
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		if (strcmp(roles[i].audience, item->audience) != 0)
			continue;
		if (!reader->stands_in)
			return arena_printf(arena, "%s %s", roles[i].you, what);
		return arena_printf(arena, "%s %s %s", reader->post, roles[i].it, what);
	}
	return arena_printf(arena, "%s is concerned with %s", reader->post, what);
}

/* One paragraph a line of the published wording. */
static json_t *paragraphs(struct arena *arena, const char *text, size_t limit)
{
	json_t *list = json_array();
	const char *at = wording_shortened(arena, text, limit);
	while (*at) {
		size_t length = strcspn(at, "\n");
		size_t end = length;
		while (end > 0 && strchr(" \t\r", at[end - 1]))
			end--;
		if (end > 0)
			json_array_append_new(list, json_stringn(at, end));
		at += length;
		at += *at == '\n';
	}
	return list;
}

static json_t *last_update(struct arena *arena, const json_t *update)
{
	struct date on = facts_date(update, "on");
	const char *note = facts_text(update, "note");
	if (!date_is_set(on))
		return json_null();
	json_t *out = json_object();
	facts_set(out, "when", wording_date(arena, on));
	facts_set(out, "author", facts_text(update, "author"));
	facts_set(out, "note", note ? wording_shortened(arena, note, NOTE_CHARACTERS) : NULL);
	return out;
}

static json_t *recommendation(struct arena *arena, const json_t *json)
{
	json_t *out = json_object();
	facts_set(out, "number", facts_text(json, "number"));
	facts_set(out, "text",
		wording_shortened(
			arena, facts_text(json, "recommendation"), RECOMMENDATION_CHARACTERS));
	return out;
}

static void set_people(struct arena *arena, json_t *out, const struct view_item *item,
	const struct view_reader *reader)
{
	const json_t *leads = json_object_get(item->json, "leads");
	bool leading = strcmp(item->audience, "lead") == 0;
	const char *led_by = leading ? NULL : posts(arena, leads, "lead", NULL);
	facts_set(out, "led_by", led_by);
	facts_set(out, "others", leading ? posts(arena, leads, NULL, reader->post) : NULL);
}

json_t *view_item_make(struct arena *arena, const struct view_item *item,
	const struct view_reader *reader, size_t words_limit)
{
	const json_t *json = item->json;
	const char *confidence = facts_text(json, "confidence");
	const char *role = view_item_role(arena, item, reader, "this action");
	json_t *out = json_object();
	facts_set(out, "reference", item->reference);
	const char *timescale = facts_text(json, "timescale");
	struct date next_due = facts_date(json, "next_due");
	facts_set(out, "due", wording_capital(arena, view_item_when(arena, item)));
	json_object_set_new(out, "overdue", json_boolean(item->days_left < 0));
	facts_set(
		out, "next_due", date_is_set(next_due) ? wording_long_date(arena, next_due) : NULL);
	facts_set(out, "milestone", facts_text(json, "label"));
	json_object_set_new(
		out, "words", paragraphs(arena, facts_text(json, "description"), words_limit));
	json_object_set_new(out, "recommendation", recommendation(arena, json));
	facts_set(out, "timescale",
		timescale ? wording_shortened(arena, timescale, TIMESCALE_CHARACTERS) : NULL);
	bool assumed =
		confidence && strcmp(confidence, "assumed") == 0 && date_is_set(item->due_on);
	facts_set(out, "assumed", assumed ? wording_date(arena, item->due_on) : NULL);
	facts_set(out, "status",
		wording_status(arena, facts_text(json, "status"), facts_int(json, "percent", -1)));
	json_object_set_new(
		out, "update", last_update(arena, json_object_get(json, "last_update")));
	set_people(arena, out, item, reader);
	facts_set(out, "why",
		arena_printf(arena, "%s. The reminder is set for %s.", wording_capital(arena, role),
			view_item_setting(arena, item)));
	return out;
}
