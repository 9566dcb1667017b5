/* Turns joined rows into a plan: recommendations, actions, who leads them and by when. */
#include "api/import/plan_build.h"

#include <string.h>

#include "api/import/actions.h"
#include "api/import/cells.h"
#include "api/import/grow.h"
#include "api/import/name_set.h"
#include "api/import/number.h"
#include "api/import/plan_check.h"
#include "api/import/plan_doubt.h"
#include "api/import/plan_lead.h"
#include "api/import/plan_title.h"
#include "api/import/words.h"

struct builder {
	struct import_plan *plan;
	struct arena *arena;
	const struct import_rows *rows;
	const struct import_item *item;
	struct import_leads leads_before; /* of the row above */
	int last_number;                  /* the last one that was given, not printed */
	struct name_set numbers;          /* printed */
	struct name_set references;       /* given so far */
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
	bool single)
{
	enum import_column column = builder->item->section ? COLUMN_NUMBER : COLUMN_REFERENCE;
	const char *printed = part->cells[COLUMN_REFERENCE];
	if (words_blank(printed))
		printed = part->cells[column];
	const char *reference = single ? number_tidy(builder->arena, printed) : NULL;
	if (reference && name_set_add(&builder->references, reference))
		return reference;
	int n = recommendation->action_count;
	do
		reference = arena_printf(builder->arena, "%s.%d", recommendation->number, n++);
	while (!name_set_add(&builder->references, reference));
	return reference;
}

/* What all actions of one row have in common. */
static struct import_action read_row(struct builder *builder, const struct import_part *part)
{
	struct import_action common = { .row = part->line };
	finding_init(&common.doubts, builder->arena);
	plan_lead_read(builder->arena, part, &builder->rows->headings, &builder->leads_before,
		&common.leads, &common.doubts);
	if (common.leads.count)
		builder->leads_before = common.leads;
	const char *when = part->cells[COLUMN_TIMESCALE];
	when = words_tidy(builder->arena, when, strlen(when));
	if (*when) {
		struct timescale *read = arena_alloc(builder->arena, sizeof(*read));
		timescale_read(builder->arena, when, &builder->plan->options.timescales, read);
		common.timescale = read;
	}
	const char *status = part->cells[COLUMN_STATUS];
	common.status = cells_status(builder->arena, status);
	if (!common.status && common.timescale)
		common.status = common.timescale->status_hint;
	common.rag = cells_rag(builder->arena, part->cells[COLUMN_RAG]);
	common.percent = cells_percent(part->cells[COLUMN_PERCENT]);
	return common;
}

static void build_part(struct builder *builder, struct import_recommendation *recommendation, int n)
{
	const struct import_part *part = &builder->item->parts[n];
	struct action_texts texts;
	actions_split(builder->arena, part->cells[COLUMN_ACTION], &texts);
	bool own_action = headings_has(&builder->rows->headings, COLUMN_ACTION);
	if (!own_action && *recommendation->text && !recommendation->action_count)
		actions_add(builder->arena, &texts, recommendation->text,
			strlen(recommendation->text), ACTION_SURE);
	if (!texts.count)
		return;
	struct import_action common = read_row(builder, part);
	plan_doubt_row(builder->rows, builder->item, n, &common);
	for (int i = 0; i < texts.count && builder->plan->action_count <= PLAN_BUILD_ACTIONS; i++) {
		struct import_action *action = add_action(builder, recommendation);
		*action = common;
		action->reference = reference_for(builder, recommendation, part, texts.count == 1);
		action->description = texts.items[i].text;
		plan_doubt_text(builder->rows, &texts, i, action);
		plan_check_action(action, &builder->rows->headings, &builder->plan->errors);
	}
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
	for (int i = 0; i < item->part_count; i++)
		build_part(builder, recommendation, i);
	if (!recommendation->action_count)
		finding_add(&builder->plan->doubts, "no_action", item->line,
			heading(builder, COLUMN_ACTION), "Recommendation %s has no action",
			words_quote(builder->arena, recommendation->number));
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
	if (plan->action_count > PLAN_BUILD_ACTIONS)
		finding_add(&plan->errors, "too_many_actions", 0, NULL,
			"There are more than %d actions", PLAN_BUILD_ACTIONS);
	plan_check_options(plan);
}
