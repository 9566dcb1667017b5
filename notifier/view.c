/* What a reminder says, as the JSON that its templates are filled from. Pure. */
#include "notifier/view.h"

#include <string.h>

#include "common/text.h"
#include "notifier/facts.h"
#include "notifier/view_item.h"
#include "notifier/view_people.h"
#include "notifier/wording.h"

#define FEW_ITEMS 5 /* up to here an action's wording is given in full */
#define FULL_WORDS 6000
#define SHORT_WORDS 600
#define PREHEADER_CHARACTERS 140
#define PREHEADER_ITEMS 3

enum kind { KIND_OVERDUE, KIND_TODAY, KIND_SOON, KIND_SILENT, KINDS };

struct view {
	struct arena *arena;
	const json_t *content;
	struct view_reader reader;
	struct view_item *items; /* overdue first, then by date: SQL's order */
	size_t count;
	struct wording_counts counts;
	json_t *out;
};

static enum kind kind_of(const struct view_item *item)
{
	if (!date_is_set(item->due_on))
		return KIND_SILENT;
	if (item->days_left < 0)
		return KIND_OVERDUE;
	return item->days_left == 0 ? KIND_TODAY : KIND_SOON;
}

static int id_of(const struct view_item *item, const char *key)
{
	return facts_int(item->json, key, 0);
}

/* Two milestones of one action are one action to count. */
static bool counted_before(const struct view *view, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (id_of(&view->items[i], "action_id") == id_of(&view->items[n], "action_id") &&
			kind_of(&view->items[i]) == kind_of(&view->items[n]))
			return true;
	return false;
}

static void count_items(struct view *view)
{
	int by_kind[KINDS] = { 0 };
	for (size_t i = 0; i < view->count; i++)
		if (!counted_before(view, i))
			by_kind[kind_of(&view->items[i])]++;
	view->counts = (struct wording_counts){ .soon = by_kind[KIND_SOON],
		.today = by_kind[KIND_TODAY],
		.overdue = by_kind[KIND_OVERDUE],
		.silent = by_kind[KIND_SILENT] };
}

static bool read_content(struct view *view)
{
	const json_t *lead = json_object_get(view->content, "lead");
	const json_t *items = json_object_get(view->content, "items");
	view->reader.post = facts_text(lead, "name");
	view->reader.stands_in = view_people_stand_in(view->content);
	view->count = json_array_size(items);
	if (!view->reader.post || !view_people_known(view->content) || !view->count)
		return false;
	view->items = arena_alloc(view->arena, view->count * sizeof(*view->items));
	for (size_t i = 0; i < view->count; i++)
		if (!view_item_read(json_array_get(items, i), &view->items[i]))
			return false;
	count_items(view);
	return true;
}

static const char *subject(const struct view *view)
{
	const struct view_item *item = &view->items[0];
	if (view->count > 1)
		return wording_counts(view->arena, &view->counts, ", ");
	if (kind_of(item) == KIND_SILENT)
		return arena_printf(view->arena, "Action %s has had %s", item->reference,
			view_item_when(view->arena, item));
	const char *form = "Action %s is due on %s";
	const char *date = wording_date(view->arena, item->due_on);
	if (item->days_left < 0)
		form = "Action %s is overdue: it was due on %s";
	else if (item->days_left == 0)
		form = "Action %s is due today, %s";
	return arena_printf(view->arena, form, item->reference, date);
}

/* What a list of emails shows beside the subject. */
static const char *preheader(const struct view *view)
{
	struct text out;
	text_init(&out, view->arena);
	if (view->count == 1)
		text_add(&out, facts_text(view->items[0].json, "description"));
	for (size_t i = 0; view->count > 1 && i < view->count && i < PREHEADER_ITEMS; i++) {
		const struct view_item *item = &view->items[i];
		text_addf(&out, "%sAction %s %s", i ? "; " : "", item->reference,
			view_item_when(view->arena, item));
	}
	return wording_shortened(view->arena, out.bytes, PREHEADER_CHARACTERS);
}

static bool all_lead(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (strcmp(view->items[i].audience, "lead") != 0)
			return false;
	return true;
}

static const char *intro(const struct view *view)
{
	const struct view_item *item = &view->items[0];
	if (view->count > 1) {
		const char *whose = view->reader.stands_in ? "The post has" : "You have";
		return arena_printf(view->arena, "%s %s.",
			all_lead(view) ? whose : "For your attention:",
			wording_counts(view->arena, &view->counts, " and "));
	}
	static const char *const verbs[KINDS] = { [KIND_OVERDUE] = "",
		[KIND_TODAY] = "is ",
		[KIND_SOON] = "is ",
		[KIND_SILENT] = "has had " };
	const char *role = view_item_role(view->arena, item, &view->reader, "this action");
	return arena_printf(view->arena, "Action %s of %s %s%s. %s.", item->reference, item->title,
		verbs[kind_of(item)], view_item_when(view->arena, item),
		wording_capital(view->arena, role));
}

static const char *why(const struct view *view)
{
	const struct view_item *item = &view->items[0];
	const char *post = view->reader.post;
	bool stands_in = view->reader.stands_in;
	if (view->count > 1)
		return arena_printf(view->arena,
			"You got this %s %s. Each action above says why it concerns %s.",
			stands_in ? "in place of" : "as", post, stands_in ? "that post" : "you");
	const char *what =
		arena_printf(view->arena, "action %s of %s", item->reference, item->title);
	return arena_printf(view->arena, "You got this because %s%s%s. The reminder is set for %s.",
		view_item_role(view->arena, item, &view->reader, what), stands_in ? "" : ", as ",
		stands_in ? "" : post, view_item_setting(view->arena, item));
}

/* The member of a list whose "id" is that, or a new one at its end. */
static json_t *find_or_add(json_t *list, int id, bool *added)
{
	*added = false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *member = json_array_get(list, i);
		if (facts_int(member, "id", -1) == id)
			return member;
	}
	json_t *member = json_object();
	json_object_set_new(member, "id", json_integer(id));
	json_array_append_new(list, member);
	*added = true;
	return member;
}

static json_t *section_for(struct view *view, json_t *plans, const struct view_item *item)
{
	static const char *const headings[] = { [KIND_OVERDUE] = "Overdue",
		[KIND_TODAY] = "Due today",
		[KIND_SOON] = "Due soon",
		[KIND_SILENT] = "Waiting for an update" };
	bool added;
	json_t *plan = find_or_add(plans, id_of(item, "plan_id"), &added);
	if (added) {
		facts_set(plan, "title", item->title);
		facts_set(plan, "source_url", facts_text(item->json, "source_url"));
		json_object_set_new(plan, "sections", json_array());
	}
	json_t *section =
		find_or_add(json_object_get(plan, "sections"), (int)kind_of(item), &added);
	if (added) {
		facts_set(section, "heading", view->count > 1 ? headings[kind_of(item)] : NULL);
		json_object_set_new(section, "items", json_array());
	}
	return section;
}

static void set_plans(struct view *view)
{
	json_t *plans = json_array();
	size_t shown = view->count < VIEW_ITEMS ? view->count : VIEW_ITEMS;
	size_t limit = view->count <= FEW_ITEMS ? FULL_WORDS : SHORT_WORDS;
	for (size_t i = 0; i < shown; i++) {
		const struct view_item *item = &view->items[i];
		json_t *section = section_for(view, plans, item);
		json_t *made = view_item_make(view->arena, item, &view->reader, limit);
		json_object_set_new(made, "single", json_boolean(view->count == 1));
		json_array_append_new(json_object_get(section, "items"), made);
	}
	for (size_t i = 0; i < json_array_size(plans); i++)
		json_object_set_new(json_array_get(plans, i), "several",
			json_boolean(json_array_size(plans) > 1));
	json_object_set_new(view->out, "plans", plans);
	facts_set(view->out, "more",
		shown < view->count ? arena_printf(view->arena, "and %zu more", view->count - shown)
				    : NULL);
}

static void set_all(struct view *view, const char *public_url)
{
	json_t *out = view->out;
	facts_set(out, "subject", subject(view));
	facts_set(out, "preheader", preheader(view));
	facts_set(out, "organisation", facts_text(view->items[0].json, "organisation"));
	facts_set(out, "public_url", public_url);
	json_object_set_new(out, "single", json_boolean(view->count == 1));
	json_object_set_new(out, "leading", json_boolean(all_lead(view)));
	facts_set(out, "intro", intro(view));
	facts_set(out, "why", why(view));
	view_people_set(view->arena, view->content, out);
	set_plans(view);
}

static void free_json(void *json)
{
	json_decref(json);
}

json_t *view_make(
	struct arena *arena, const json_t *content, const char *public_url, const char **error)
{
	struct view view = { .arena = arena, .content = content };
	if (!read_content(&view)) {
		*error = "the message's content is not what the database promises";
		return NULL;
	}
	view.out = json_object();
	arena_defer(arena, free_json, view.out);
	set_all(&view, public_url);
	return view.out;
}
