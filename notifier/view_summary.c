/* What a monthly summary says, as the JSON that its templates are filled from. Pure. */
#include "notifier/view_summary.h"

#include <string.h>

#include "common/text.h"
#include "notifier/facts.h"
#include "notifier/view_people.h"
#include "notifier/wording.h"

#define WORDS_CHARACTERS 200
#define TIMESCALE_CHARACTERS 100
#define PREHEADER_CHARACTERS 140

struct summary {
	struct arena *arena;
	const json_t *content;
	const json_t *counts;
	const json_t *items;
	const json_t *plans;
	struct date day;
	json_t *out;
};

/* The parts of a portfolio in the order of reading; part and the key in "counts" are one word. */
static const struct {
	const char *part;
	const char *number; /* after a count */
	const char *heading;
} parts[] = {
	{ "overdue", "overdue", "Overdue" },
	{ "this_month", "due this month", "Due this month" },
	{ "unreadable", "with no date that could be read", "With no date that could be read" },
	{ "later", "due later", "Due later" },
	{ "undated", "without a due date", "Without a due date" },
	{ "on_hold", "on hold", "On hold" },
};

#define PARTS (sizeof(parts) / sizeof(*parts))

static int count_of(const struct summary *summary, const char *key)
{
	return facts_int(summary->counts, key, 0);
}

static bool items_are_whole(const json_t *items)
{
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);
		if (!facts_text(item, "part") || !facts_text(item, "reference") ||
			!facts_text(item, "description") || !facts_text(item, "status"))
			return false;
	}
	return json_array_size(items) > 0;
}

static bool read_content(struct summary *summary)
{
	const json_t *content = summary->content;
	summary->counts = json_object_get(content, "counts");
	summary->items = json_object_get(content, "items");
	summary->plans = json_object_get(content, "plans");
	summary->day = facts_date(content, "day");
	return view_people_known(content) && date_is_set(summary->day) &&
	       date_is_set(facts_date(content, "since")) && count_of(summary, "open") > 0 &&
	       items_are_whole(summary->items) && json_array_size(summary->plans) > 0;
}

/* "12 open actions" */
static const char *open_actions(const struct summary *summary)
{
	int open = count_of(summary, "open");
	return arena_printf(summary->arena, "%d open action%s", open, open == 1 ? "" : "s");
}

static const char *subject(const struct summary *summary)
{
	struct text out;
	text_init(&out, summary->arena);
	text_addf(&out, "Summary for %s %d: %s", date_month_name(summary->day.month),
		summary->day.year, open_actions(summary));
	if (count_of(summary, "overdue"))
		text_addf(&out, ", %d overdue", count_of(summary, "overdue"));
	if (count_of(summary, "this_month"))
		text_addf(&out, ", %d due this month", count_of(summary, "this_month"));
	return out.bytes;
}

static const char *intro(const struct summary *summary)
{
	const char *post = facts_text(json_object_get(summary->content, "lead"), "name");
	const char *whose = view_people_stand_in(summary->content)
				    ? "This is the portfolio of %s on %s: %s."
				    : "This is your portfolio as %s on %s: %s.";
	return arena_printf(summary->arena, whose, post, wording_date(summary->arena, summary->day),
		open_actions(summary));
}

static json_t *numbers(const struct summary *summary)
{
	json_t *list = json_array();
	for (size_t i = 0; i < PARTS; i++) {
		int count = count_of(summary, parts[i].part);
		if (count)
			json_array_append_new(list, json_sprintf("%d %s", count, parts[i].number));
	}
	int done = count_of(summary, "done");
	const char *count = done ? arena_printf(summary->arena, "%d", done) : "none";
	const char *since = wording_date(summary->arena, facts_date(summary->content, "since"));
	json_array_append_new(list, json_sprintf("%s completed since %s", count, since));
	return list;
}

/* Its date as near or far or, where it has none, the words that were published instead. */
static const char *due(struct arena *arena, const json_t *item)
{
	struct date due_on = facts_date(item, "due_on");
	const char *timescale = facts_text(item, "timescale");
	if (date_is_set(due_on))
		return wording_capital(
			arena, wording_due(arena, due_on, facts_int(item, "days_left", 0)));
	if (!timescale)
		return "No timescale is published";
	return arena_printf(arena, "Published timescale: “%s”",
		wording_shortened(arena, timescale, TIMESCALE_CHARACTERS));
}

static const char *status(struct arena *arena, const json_t *item)
{
	const char *word = facts_text(item, "status");
	if (strcmp(word, "on_hold") == 0)
		return "On hold";
	return wording_status(arena, word, facts_int(item, "percent", -1));
}

/* "A, B and C"; NULL: nobody. */
static const char *led_by(struct arena *arena, const json_t *names)
{
	struct text out;
	size_t count = json_array_size(names);
	text_init(&out, arena);
	for (size_t i = 0; i < count; i++) {
		const char *joint = i + 1 == count ? " and " : ", ";
		text_addf(
			&out, "%s%s", i ? joint : "", json_string_value(json_array_get(names, i)));
	}
	return count ? out.bytes : NULL;
}

static const char *title_of(const struct summary *summary, int plan_id)
{
	for (size_t i = 0; i < json_array_size(summary->plans); i++) {
		const json_t *plan = json_array_get(summary->plans, i);
		if (facts_int(plan, "id", -1) == plan_id)
			return facts_text(plan, "title");
	}
	return NULL;
}

static json_t *make_item(const struct summary *summary, const json_t *item)
{
	struct arena *arena = summary->arena;
	struct date updated_on = facts_date(item, "updated_on");
	bool several = json_array_size(summary->plans) > 1;
	json_t *out = json_object();
	facts_set(out, "reference", facts_text(item, "reference"));
	facts_set(out, "due", due(arena, item));
	json_object_set_new(
		out, "overdue", json_boolean(strcmp(facts_text(item, "part"), "overdue") == 0));
	facts_set(out, "words",
		wording_shortened(arena, facts_text(item, "description"), WORDS_CHARACTERS));
	facts_set(out, "status", status(arena, item));
	facts_set(out, "led_by", led_by(arena, json_object_get(item, "led_by")));
	facts_set(out, "updated", date_is_set(updated_on) ? wording_date(arena, updated_on) : NULL);
	facts_set(out, "plan", several ? title_of(summary, facts_int(item, "plan_id", 0)) : NULL);
	return out;
}

static json_t *items_of(const struct summary *summary, const char *part)
{
	json_t *items = json_array();
	for (size_t i = 0; i < json_array_size(summary->items); i++) {
		const json_t *item = json_array_get(summary->items, i);
		if (strcmp(facts_text(item, "part"), part) == 0)
			json_array_append_new(items, make_item(summary, item));
	}
	return items;
}

static void set_sections(const struct summary *summary)
{
	json_t *sections = json_array();
	json_object_set_new(summary->out, "sections", sections);
	for (size_t i = 0; i < PARTS; i++) {
		json_t *items = items_of(summary, parts[i].part);
		if (json_array_size(items))
			json_array_append_new(sections, json_pack("{s:s, s:O}", "heading",
								parts[i].heading, "items", items));
		json_decref(items);
	}
}

static const char *more(const struct summary *summary)
{
	int left = count_of(summary, "open") - (int)json_array_size(summary->items);
	if (left <= 0)
		return NULL;
	return arena_printf(
		summary->arena, "and %d more open action%s", left, left == 1 ? "" : "s");
}

/* What a list of emails shows beside the subject. */
static const char *preheader(const struct summary *summary)
{
	const json_t *item = json_array_get(summary->items, 0);
	const char *due_words = due(summary->arena, item);
	return wording_shortened(summary->arena,
		arena_printf(summary->arena, "Action %s: %s. %s", facts_text(item, "reference"),
			due_words, facts_text(item, "description")),
		PREHEADER_CHARACTERS);
}

static const char *why(const struct summary *summary)
{
	const char *post = facts_text(json_object_get(summary->content, "lead"), "name");
	const char *form =
		view_people_stand_in(summary->content)
			? "You got this because %s is the cabinet member for these actions."
			: "You got this because you are the cabinet member for these actions, as %s.";
	const char *reason = arena_printf(summary->arena, form, post);
	return arena_printf(summary->arena,
		"%s It is sent once a month, on the first working day, and no reminder is sent on "
		"that day.",
		reason);
}

static void set_all(const struct summary *summary, const char *public_url)
{
	json_t *out = summary->out;
	set_sections(summary);
	view_people_set(summary->arena, summary->content, out);
	facts_set(out, "subject", subject(summary));
	facts_set(out, "preheader", preheader(summary));
	facts_set(
		out, "organisation", facts_text(json_array_get(summary->plans, 0), "organisation"));
	facts_set(out, "public_url", public_url);
	facts_set(out, "intro", intro(summary));
	facts_set(out, "more", more(summary));
	facts_set(out, "why", why(summary));
	json_object_set_new(out, "numbers", numbers(summary));
	json_object_set_new(out, "plans", json_deep_copy(summary->plans));
}

static void free_json(void *json)
{
	json_decref(json);
}

json_t *view_summary_make(
	struct arena *arena, const json_t *content, const char *public_url, const char **error)
{
	struct summary summary = { .arena = arena, .content = content };
	*error = "the summary's content is not what the database promises";
	if (!read_content(&summary))
		return NULL;
	summary.out = json_object();
	arena_defer(arena, free_json, summary.out);
	set_all(&summary, public_url);
	return summary.out;
}
