/* Turns joined rows into a plan: recommendations, actions, who leads them and by when. */
#include "api/import/plan_build.h"

#include <string.h>

#include "api/import/actions.h"
#include "api/import/cells.h"
#include "api/import/grow.h"
#include "api/import/name_set.h"
#include "api/import/number.h"
#include "api/import/parallel.h"
#include "api/import/plan_check.h"
#include "api/import/plan_doubt.h"
#include "api/import/plan_lead.h"
#include "api/import/plan_response.h"
#include "api/import/plan_state.h"
#include "api/import/plan_title.h"
#include "api/import/words.h"

struct builder {
	struct import_plan *plan;
	struct arena *arena;
	const struct import_rows *rows;
	const struct import_item *item;
	struct import_leads leads_before; /* of the row above */
	const struct timescale *timescale_before;
	int last_number;            /* the last one that was given, not printed */
	struct name_set numbers;    /* printed */
	struct name_set references; /* given so far */
};

static const char *heading(const struct builder *builder, enum import_column column)
{
	return builder->rows->headings.names[column];
}

/* ---- actions ---- */

static struct import_action *add_action(
	struct builder *builder, struct import_recommendation *recommendation)
{
	recommendation->actions =
		grow_array(builder->arena, recommendation->actions, recommendation->action_count,
			&recommendation->action_capacity, sizeof(*recommendation->actions));
	builder->plan->action_count++;
	return &recommendation->actions[recommendation->action_count++];
}

/* As printed where the row has one for a single action, else the number and a running index. */
static const char *reference_for(struct builder *builder,
	const struct import_recommendation *recommendation, const struct import_part *part,
	bool single, struct findings *doubts)
{
	enum import_column column = builder->item->section ? COLUMN_NUMBER : COLUMN_REFERENCE;
	const char *printed = part->cells[COLUMN_REFERENCE];
	if (words_blank(printed))
		printed = part->cells[column];
	const char *reference = single ? number_tidy(builder->arena, printed) : NULL;
	const char *taken = reference;
	if (reference && name_set_add(&builder->references, reference))
		return reference;
	int n = recommendation->action_count;
	do
		reference = arena_printf(builder->arena, "%s.%d", recommendation->number, n++);
	while (!name_set_add(&builder->references, reference));
	if (taken)
		finding_add(doubts, "reference_given", part->line,
			builder->rows->headings.names[COLUMN_REFERENCE],
			"%s is the reference of another action, too: this one is %s here",
			words_quote(builder->arena, taken), reference);
	return reference;
}

static const struct timescale *read_timescale(
	struct builder *builder, const char *cell, bool unequal)
{
	const char *when = words_tidy(builder->arena, cell, strlen(cell));
	if (!*when)
		return NULL;
	if (builder->timescale_before && parallel_is_ditto(builder->arena, when))
		return parallel_same(builder->arena, when, builder->timescale_before);
	struct timescale *read = arena_alloc(builder->arena, sizeof(*read));
	if (unequal) {
		parallel_unread(builder->arena, when, read);
		return read;
	}
	timescale_read(builder->arena, words_tidy_lines(builder->arena, cell),
		&builder->plan->options.timescales, read);
	read->text = when;
	builder->timescale_before = read;
	return read;
}

/* The lines above tables without a column of leads may be who answers for what follows. */
static void read_leads(
	struct builder *builder, const struct import_part *part, struct import_action *common)
{
	const struct headings *headings = &builder->rows->headings;
	plan_lead_read(builder->arena, part, headings, &builder->leads_before, &common->leads,
		&common->doubts);
	if (common->leads.count)
		builder->leads_before = common->leads;
	bool section = builder->item->section && builder->item->text.length;
	if (!section || headings_has(headings, COLUMN_LEAD) || common->leads.count)
		return;
	if (plan_lead_section(builder->arena, builder->item->text.bytes, &common->leads))
		finding_add(&common->doubts, "lead_from_heading", part->line, NULL,
			"The heading of the table was taken for who leads its actions");
}

/* What all actions of one row have in common. */
static struct import_action read_row(
	struct builder *builder, const struct import_part *part, bool unequal)
{
	struct import_action common = { .row = part->line };
	finding_init(&common.doubts, builder->arena);
	read_leads(builder, part, &common);
	common.timescale = read_timescale(builder, part->cells[COLUMN_TIMESCALE], unequal);
	const char *revised = part->cells[COLUMN_REVISED];
	if (!words_blank(revised) && !cells_nothing(builder->arena, revised)) {
		common.original = common.timescale;
		common.timescale = read_timescale(builder, revised, false);
	}
	plan_state_read(builder->arena, part, &builder->rows->headings, &common);
	return common;
}

static bool agrees(struct arena *arena, const char *cell)
{
	struct cells_response response;
	cells_response(arena, cell, &response);
	return response.verdict && !*response.rest && strcmp(response.verdict, "declined") != 0;
}

/* The action's cell, or "" when it is filled to say that there is none. */
static const char *action_cell(struct builder *builder,
	const struct import_recommendation *recommendation, const struct import_part *part,
	bool is_response)
{
	const char *cell = part->cells[COLUMN_ACTION];
	if (is_response && (plan_response_declines(recommendation) || agrees(builder->arena, cell)))
		return "";
	if (!cells_nothing(builder->arena, cell))
		return cell;
	if (!plan_response_declines(recommendation))
		finding_add(&builder->plan->doubts, "action_none", part->line,
			heading(builder, COLUMN_ACTION), "%s is no action: it was left out",
			words_quote(builder->arena, cell));
	return "";
}

/* The actions that a row's cell holds, or, where the table has no column for them, what its
 * recommendation asks for. A response that only agrees is no action. */
static void split_actions(struct builder *builder, struct import_recommendation *recommendation,
	const struct import_part *part, struct action_texts *texts)
{
	const struct headings *headings = &builder->rows->headings;
	bool is_response = headings_has(headings, COLUMN_ACTION) &&
			   headings->at[COLUMN_ACTION] == headings->at[COLUMN_RESPONSE];
	bool declined = plan_response_declines(recommendation);
	const char *cell = action_cell(builder, recommendation, part, is_response);
	bool column = headings_has(headings, COLUMN_ACTION) && !(is_response && !*cell);
	actions_split(builder->arena, cell, texts);
	if (!column && !declined && *recommendation->text && !recommendation->action_count)
		actions_add(builder->arena, texts, recommendation->text,
			strlen(recommendation->text), ACTION_SURE);
	if (!texts->count && !declined &&
		(!words_blank(part->cells[COLUMN_LEAD]) ||
			!words_blank(part->cells[COLUMN_TIMESCALE])) &&
		part == builder->item->parts)
		finding_add(&builder->plan->doubts, "row_without_action", part->line,
			headings->names[COLUMN_ACTION],
			"The row names a lead or a timescale, but no action: it was left out");
}

static void add_actions(struct builder *builder, struct import_recommendation *recommendation,
	int n, const struct action_texts *texts)
{
	const struct import_part *part = &builder->item->parts[n];
	struct import_action common = { 0 };
	struct parallel lists;
	parallel_match(builder->arena, part, texts->count, &lists);
	for (int i = 0; i < texts->count && builder->plan->action_count <= PLAN_BUILD_ACTIONS;
		i++) {
		if (i == 0 || lists.paired) {
			struct import_part own = parallel_part(&lists, part, i);
			common = read_row(builder, &own, lists.unequal_timescales);
			plan_doubt_row(builder->rows, builder->item, n, &common);
			plan_doubt_lists(builder->rows, &lists, &common);
		}
		struct import_action *action = add_action(builder, recommendation);
		*action = common;
		action->description = texts->items[i].text;
		plan_doubt_text(builder->rows, texts, i, action);
		action->reference = reference_for(
			builder, recommendation, part, texts->count == 1, &action->doubts);
		plan_check_action(action, &builder->rows->headings, &builder->plan->errors);
	}
}

static void build_part(struct builder *builder, struct import_recommendation *recommendation, int n)
{
	struct action_texts texts;
	split_actions(builder, recommendation, &builder->item->parts[n], &texts);
	add_actions(builder, recommendation, n, &texts);
}

/* ---- recommendations ---- */

/* Only ever upwards, so that no number is given twice. */
static const char *next_number(struct builder *builder, int index)
{
	if (builder->last_number < index)
		builder->last_number = index;
	const char *number;
	do
		number = arena_printf(builder->arena, "%d", ++builder->last_number);
	while (name_set_has(&builder->numbers, number));
	return number;
}

static const char *text_of(const struct builder *builder)
{
	const struct import_item *item = builder->item;
	if (item->text.length || !item->section)
		return item->text.bytes;
	return builder->plan->title ? builder->plan->title : "Actions";
}

static void build_recommendation(struct builder *builder, int index)
{
	const struct import_item *item = builder->item;
	struct import_recommendation *recommendation = &builder->plan->recommendations[index];
	*recommendation = (struct import_recommendation){ .row = item->line,
		.number = item->number ? item->number : next_number(builder, index),
		.text = text_of(builder) };
	builder->plan->count = index + 1;
	plan_check_recommendation(recommendation, &builder->rows->headings, &builder->plan->errors);
	plan_response_read(builder->plan, builder->rows, item, recommendation);
	for (int i = 0; i < item->part_count; i++)
		build_part(builder, recommendation, i);
	if (!recommendation->action_count && !plan_response_declines(recommendation))
		finding_add(&builder->plan->doubts, "no_action", item->line,
			heading(builder, COLUMN_ACTION), "Recommendation %s has no action",
			words_quote(builder->arena, recommendation->number));
}

/* What the file does not print was made up, and must be said. */
static void doubt_recommendations(struct import_plan *plan, const struct import_rows *rows)
{
	const struct headings *headings = &rows->headings;
	int unnumbered = 0;
	for (int i = 0; i < rows->count; i++)
		unnumbered += rows->items[i].number == NULL;
	if (!headings_has(headings, COLUMN_RECOMMENDATION))
		finding_add(&plan->doubts, "no_recommendation_column", headings->row->line, NULL,
			"There is no column of recommendations: lines outside the table stand for "
			"them, the first of which is %s, numbered in their order",
			words_quote(plan->arena, plan->recommendations[0].text));
	else if (unnumbered && !headings_has(headings, COLUMN_NUMBER))
		finding_add(&plan->doubts, "numbers_given", headings->row->line, NULL,
			"%d recommendations have no printed number: they are numbered in their "
			"order",
			unnumbered);
}

void plan_build(struct import_plan *plan, const struct import_rows *rows)
{
	struct builder builder = { .plan = plan, .arena = plan->arena, .rows = rows };
	name_set_init(&builder.references, plan->arena);
	name_set_init(&builder.numbers, plan->arena);
	for (int i = 0; i < rows->count; i++) {
		if (rows->items[i].number)
			name_set_add(&builder.numbers, rows->items[i].number);
	}
	plan->title = plan->options.title ? plan->options.title
					  : plan_title_choose(plan->arena, rows->preamble,
						    rows->preamble_count);
	plan->recommendations =
		arena_alloc(plan->arena, sizeof(*plan->recommendations) * (size_t)rows->count);
	for (int i = 0; i < rows->count; i++) {
		builder.item = &rows->items[i];
		build_recommendation(&builder, i);
	}
	doubt_recommendations(plan, rows);
	plan_state_colours(plan, &rows->headings);
	plan->columns = rows->columns;
	plan->column_count = rows->column_count;
	if (plan->action_count > PLAN_BUILD_ACTIONS)
		finding_add(&plan->errors, "too_many_actions", 0, NULL,
			"There are more than %d actions", PLAN_BUILD_ACTIONS);
	plan_check_options(plan);
}
