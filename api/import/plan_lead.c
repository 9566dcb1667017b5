/* The leads of one row, from whichever columns name them. */
#include "api/import/plan_lead.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"
#include "common/lead_cell.h"
#include "common/text.h"

void plan_lead_add(struct arena *arena, struct import_leads *leads, const struct import_lead *lead)
{
	for (int i = 0; i < leads->count; i++) {
		if (!strcmp(leads->items[i].post_key, lead->post_key))
			return;
	}
	leads->items = grow_array(
		arena, leads->items, leads->count, &leads->capacity, sizeof(*leads->items));
	leads->items[leads->count++] = *lead;
}

static const char *join(struct arena *arena, const char *const *sentences, int count)
{
	struct text text;
	text_init(&text, arena);
	for (int i = 0; i < count; i++)
		text_addf(&text, "%s%s", i ? "; " : "", sentences[i]);
	return text.bytes;
}

static void doubt_cell(struct arena *arena, const struct lead_cell *cell, int line,
	const char *column, struct findings *doubts)
{
	const char *why = join(arena, cell->assumptions, cell->assumption_count);
	if (!cell->lead_count && !cell->ditto)
		finding_add(doubts, "lead_unreadable", line, column, "%s names no lead%s%s",
			words_quote(arena, cell->text), *why ? ": " : "", why);
	else if (cell->confidence != LEAD_CERTAIN)
		finding_add(doubts, "lead_assumed", line, column, "%s%s%s",
			words_quote(arena, cell->text), *why ? ": " : " may be read otherwise",
			why);
}

struct reader {
	struct arena *arena;
	const struct import_part *part;
	const struct headings *headings;
	const struct import_leads *before;
	struct import_leads *out;
	struct findings *doubts;
};

/* A column of its own says what its people are, whatever their names look like. */
static void take_lead(
	struct reader *reader, const struct lead_cell_lead *found, enum import_column column)
{
	enum lead_cell_kind kind = found->kind;
	enum lead_cell_role role = found->role;
	if (column == COLUMN_CABINET_MEMBER) {
		kind = LEAD_CABINET_MEMBER;
		role = LEAD_ROLE_CABINET_MEMBER;
	}
	if (column == COLUMN_SUPPORT)
		role = LEAD_ROLE_SUPPORT;
	struct import_lead lead = { .name = found->name,
		.post_key = lead_cell_post_key(reader->arena, found->name),
		.kind = lead_cell_kind_name(kind),
		.role = lead_cell_role_name(role) };
	plan_lead_add(reader->arena, reader->out, &lead);
}

static void read_column(struct reader *reader, enum import_column column)
{
	const char *text = reader->part->cells[column];
	if (words_blank(text))
		return;
	struct lead_cell cell;
	lead_cell_read(reader->arena, words_tidy_lines(reader->arena, text), &cell);
	doubt_cell(reader->arena, &cell, reader->part->line, reader->headings->names[column],
		reader->doubts);
	for (int i = 0; cell.ditto && i < reader->before->count; i++)
		plan_lead_add(reader->arena, reader->out, &reader->before->items[i]);
	for (int i = 0; i < cell.lead_count; i++)
		take_lead(reader, &cell.leads[i], column);
}

void plan_lead_read(struct arena *arena, const struct import_part *part,
	const struct headings *headings, const struct import_leads *before,
	struct import_leads *out, struct findings *doubts)
{
	*out = (struct import_leads){ 0 };
	struct reader reader = { .arena = arena,
		.part = part,
		.headings = headings,
		.before = before,
		.out = out,
		.doubts = doubts };
	read_column(&reader, COLUMN_LEAD);
	read_column(&reader, COLUMN_CABINET_MEMBER);
	read_column(&reader, COLUMN_SUPPORT);
	bool asked = headings_has(headings, COLUMN_LEAD);
	if (asked && !out->count && words_blank(part->cells[COLUMN_LEAD]))
		finding_add(doubts, "no_lead", part->line, headings->names[COLUMN_LEAD],
			"Nobody is named to lead it");
}

bool plan_lead_section(struct arena *arena, const char *text, struct import_leads *out)
{
	struct lead_cell cell;
	lead_cell_read(arena, text, &cell);
	if (cell.confidence != LEAD_CERTAIN || !cell.lead_count)
		return false;
	struct reader reader = { .arena = arena, .out = out };
	for (int i = 0; i < cell.lead_count; i++) {
		/* Anything could be a team's name; a post says what it is. */
		if (cell.leads[i].kind == LEAD_TEAM || cell.leads[i].kind == LEAD_PARTNER)
			return false;
	}
	for (int i = 0; i < cell.lead_count; i++)
		take_lead(&reader, &cell.leads[i], COLUMN_LEAD);
	return true;
}
