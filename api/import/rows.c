/* Puts the rows of a table together: one item a recommendation, each with the rows it spans. */
#include "api/import/rows.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/number.h"
#include "api/import/part.h"
#include "api/import/plan_title.h"
#include "api/import/rows_column.h"
#include "api/import/rows_group.h"
#include "api/import/rows_line.h"
#include "api/import/words.h"

static struct import_item *last_item(struct import_rows *rows)
{
	return rows->count ? &rows->items[rows->count - 1] : NULL;
}

static struct import_item *add_item(
	struct import_rows *rows, const char *number, const char *text, int line)
{
	rows->items = grow_array(
		rows->arena, rows->items, rows->count, &rows->capacity, sizeof(*rows->items));
	struct import_item *item = &rows->items[rows->count++];
	*item = (struct import_item){ .number = number, .line = line };
	text_init(&item->text, rows->arena);
	text_add(&item->text, text);
	return item;
}

static const char *tidy(struct import_rows *rows, const char *cell)
{
	return words_tidy(rows->arena, cell, strlen(cell));
}

static bool same_text(const struct import_item *item, const char *text)
{
	return !*text || !strcmp(item->text.bytes, text);
}

/* Spreadsheets repeat a recommendation's number in each of its rows. */
static struct import_item *find_item(struct import_rows *rows, const char *number)
{
	for (int i = rows->count; i-- > 0;) {
		if (rows->items[i].number && !strcmp(rows->items[i].number, number))
			return &rows->items[i];
	}
	return NULL;
}

static struct import_item *item_numbered(
	struct import_rows *rows, const char *number, const char *text, int line)
{
	struct import_item *item = find_item(rows, number);
	if (item && !same_text(item, text)) {
		finding_add(rows->errors, "number_repeated", line,
			rows->headings.names[COLUMN_NUMBER],
			"The number %s is already that of another recommendation (row %d); where "
			"numbers start again, write what they count within before them, such as "
			"“Payroll 1”",
			words_quote(rows->arena, number), item->line);
		return item;
	}
	return item ? item : add_item(rows, number, text, line);
}

static void join_text(struct import_item *item, const char *text)
{
	text_add(&item->text, " ");
	text_add(&item->text, text);
}

/* A row cut by a page goes on without a number, and as a rule without a timescale. */
static bool text_goes_on(struct import_rows *rows, const struct import_item *item, const char *text,
	const struct import_part *part)
{
	if (words_lower(text))
		return true;
	if (!item->number || !headings_has(&rows->headings, COLUMN_NUMBER))
		return false;
	if (!part_ends_sentence(item->text.bytes))
		return true;
	if (!words_blank(part->cells[COLUMN_TIMESCALE]))
		return false;
	finding_add(rows->doubts, "row_joined", part->line,
		rows->headings.names[COLUMN_RECOMMENDATION],
		"The row has no number: it was joined to recommendation %s", item->number);
	return true;
}

/* A row without a number: the recommendation's text tells whether it goes on or another starts. */
static struct import_item *item_unnumbered(
	struct import_rows *rows, const char *text, const struct import_part *part)
{
	struct import_item *item = last_item(rows);
	bool numbered = headings_has(&rows->headings, COLUMN_NUMBER);
	if (item && same_text(item, text))
		return item;
	if (item && text_goes_on(rows, item, text, part)) {
		join_text(item, text);
		item->cut = true;
		return item;
	}
	if (numbered)
		finding_add(rows->doubts, "number_missing", part->line,
			rows->headings.names[COLUMN_NUMBER],
			"The recommendation has no number; it gets the next free one");
	return add_item(rows, NULL, text, part->line);
}

/* Without a recommendation column everything hangs on the heading line above the table. */
static struct import_item *item_of_section(struct import_rows *rows, const struct import_part *part)
{
	struct import_item *item = last_item(rows);
	if (item)
		return item;
	item = add_item(rows, NULL, "", part->line);
	item->section = true;
	return item;
}

static struct import_item *item_for(struct import_rows *rows, struct import_part *part)
{
	if (!headings_has(&rows->headings, COLUMN_RECOMMENDATION))
		return item_of_section(rows, part);
	const char *text = tidy(rows, part->cells[COLUMN_RECOMMENDATION]);
	const char *number = number_tidy(rows->arena, part->cells[COLUMN_NUMBER]);
	if (!number)
		number = number_take(rows->arena, &text);
	part->own_number = number != NULL;
	return number ? item_numbered(rows, number, text, part->line)
		      : item_unnumbered(rows, text, part);
}

/* A merged cell says the same in each row that it spans; merged actions are one action. */
static void blank_merged_action(struct import_part *part, const struct import_row *row, int index)
{
	if (index >= 0 && index < TABLE_CELLS && row->merged >> index & 1)
		part->cells[COLUMN_ACTION] = "";
}

static void add_row(struct import_rows *rows, const struct import_row *row, bool after_break)
{
	struct import_part part = { .line = row->line, .after_break = after_break };
	for (int i = 0; i < COLUMN_COUNT; i++)
		part.cells[i] =
			headings_cell(rows->arena, &rows->headings, row, (enum import_column)i);
	part.cells[COLUMN_NUMBER] = rows_group_number(rows, row, part.cells[COLUMN_NUMBER]);
	rows_column_fill(rows, row);
	blank_merged_action(&part, row, rows->headings.at[COLUMN_ACTION]);
	part_add(rows->arena, item_for(rows, &part), &part);
}

/* ---- what is no row ---- */

static bool is_preamble(const struct import_rows *rows, const char *line)
{
	for (int i = 0; i < rows->preamble_count; i++) {
		if (!strcmp(rows->preamble[i], line))
			return true;
	}
	return false;
}

static void take_line(struct import_rows *rows, const struct import_row *row, bool footer)
{
	const char *line = rows_line_text(rows->arena, row);
	if (rows_line_is_page(line) || is_preamble(rows, line))
		return;
	bool is_sheet = row->sheet && !strcmp(row->sheet, row->cells[0]);
	if (is_sheet && headings_has(&rows->headings, COLUMN_RECOMMENDATION))
		return;
	if (!footer && !headings_has(&rows->headings, COLUMN_RECOMMENDATION)) {
		add_item(rows, NULL, line, row->line)->section = true;
		return;
	}
	finding_add(rows->doubts, "line_ignored", row->line, NULL,
		"The line %s is in no row of the table and was left out",
		words_quote(rows->arena, line));
}

static bool same_headings(const struct headings *a, const struct headings *b)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (a->at[i] >= 0 &&
			(a->at[i] != b->at[i] || strcmp(a->names[i], b->names[i]) != 0))
			return false;
	}
	return true;
}

/* The same headings again, or those of a further table. */
static bool take_headings(struct import_rows *rows, const struct import_table *table, int index)
{
	struct findings unused;
	finding_init(&unused, rows->arena);
	struct headings found;
	if (!headings_match(rows->arena, &table->rows[index], &found, &unused))
		return false;
	bool apart = table->rows[index].after_break || table->rows[index - 1].count == 1;
	if ((!apart || unused.count) && !same_headings(&found, &rows->headings))
		return false;
	headings_fill(&found, table, index + 1);
	rows_column_take(rows);
	if (!same_headings(&found, &rows->headings))
		rows->group = -1;
	rows->headings = found;
	return true;
}

/* A document's other tables (a glossary, who signed) have other columns and no headings of ours. */
static bool is_of_other_table(struct import_rows *rows, const struct import_row *row)
{
	const struct import_row *headings = rows->headings.row;
	if (row->table == headings->table || !row->table || row->count == headings->count)
		return false;
	finding_add(rows->doubts, "table_ignored", row->line, NULL,
		"The row stands in another table, which has other columns, and was left out");
	return true;
}

static bool take_row(
	struct import_rows *rows, const struct import_table *table, int index, bool after_break)
{
	const struct import_row *row = &table->rows[index];
	if (rows_line_is_rule(row) || (row->count > 1 && is_of_other_table(rows, row)))
		return true;
	bool footer = rows_line_is_footer(rows->arena, &rows->headings, row);
	if (footer || rows_line_is_line(&rows->headings, row)) {
		take_line(rows, row, footer);
		return true;
	}
	if (rows->count == ROWS_ITEMS) {
		finding_add(rows->errors, "too_many_recommendations", row->line, NULL,
			"There are more than %d recommendations", ROWS_ITEMS);
		return false;
	}
	add_row(rows, row, after_break);
	return true;
}

/* ---- the start ---- */

static int find_headings(struct import_rows *rows, const struct import_table *table)
{
	int index = headings_find(rows->arena, table);
	if (index >= 0 &&
		headings_match(rows->arena, &table->rows[index], &rows->headings, rows->doubts)) {
		headings_fill(&rows->headings, table, index + 1);
		return index;
	}
	finding_add(rows->errors, "no_heading", table->count ? table->rows[0].line : 0, NULL,
		"No row holds headings such as Recommendation, Action, Lead and Timescale");
	return -1;
}

static void take_preamble(struct import_rows *rows, const struct import_table *table, int count)
{
	rows->preamble = arena_alloc(rows->arena, sizeof(char *) * (size_t)(count + 1));
	for (int i = 0; i < count; i++) {
		const struct import_row *row = &table->rows[i];
		for (int j = 0; j < row->count && table_row_filled(row) == 1; j++) {
			if (!words_blank(row->cells[j]))
				rows->preamble[rows->preamble_count++] = tidy(rows, row->cells[j]);
		}
	}
}

static bool has_responses_for_actions(const struct headings *headings)
{
	return headings_has(headings, COLUMN_RESPONSE) &&
	       headings->at[COLUMN_RESPONSE] == headings->at[COLUMN_ACTION];
}

static void check_columns(struct import_rows *rows)
{
	static const struct {
		enum import_column column;
		const char *code, *detail;
	} wanted[] = {
		{ COLUMN_ACTION, "no_action_column",
			"There is no column of actions: each recommendation is its own action" },
		{ COLUMN_LEAD, "no_lead_column", "There is no column of leads" },
		{ COLUMN_TIMESCALE, "no_timescale_column", "There is no column of timescales" },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		if (!headings_has(&rows->headings, wanted[i].column))
			finding_add(rows->doubts, wanted[i].code, rows->headings.row->line, NULL,
				"%s", wanted[i].detail);
	}
	const char *lead = rows->headings.names[COLUMN_LEAD];
	if (headings_is_body(words_plain(rows->arena, lead)))
		finding_add(rows->doubts, "lead_from_directorate", rows->headings.row->line, lead,
			"There is no column of leads: %s was taken for it",
			words_quote(rows->arena, lead));
	if (has_responses_for_actions(&rows->headings))
		finding_add(rows->doubts, "no_action_column", rows->headings.row->line,
			rows->headings.names[COLUMN_RESPONSE],
			"There is no column of actions: what the response says is the action, or "
			"the recommendation itself where it only agrees");
}

/* The line above the table names what its actions are for, unless it is the plan's title. */
static void name_first_section(
	struct import_rows *rows, const struct import_table *table, int first)
{
	struct import_item *item = rows->count ? &rows->items[0] : NULL;
	bool line = first > 0 && table->rows[first - 1].count == 1;
	if (!item || !item->section || item->text.length || !line || rows->preamble_count < 2)
		return;
	if (rows->count == 1 &&
		plan_title_names(rows->arena, rows->preamble[rows->preamble_count - 1]))
		return;
	text_add(&item->text, rows->preamble[--rows->preamble_count]);
	item->line = table->rows[first - 1].line;
}

bool rows_join(struct arena *arena, const struct import_table *table, struct findings *doubts,
	struct findings *errors, struct import_rows *out)
{
	*out = (struct import_rows){ .arena = arena, .doubts = doubts, .errors = errors };
	int first = find_headings(out, table);
	if (first < 0)
		return false;
	rows_group_find(out, table, first);
	take_preamble(out, table, first);
	check_columns(out);
	for (int i = 0; i < table->count; i++)
		out->merges |= table->rows[i].merged != 0;
	bool after_break = false;
	for (int i = first + 1; i < table->count; i++) {
		after_break |= table->rows[i].after_break;
		if (table->rows[i].count > 1 && take_headings(out, table, i)) {
			after_break = true;
			continue;
		}
		if (!take_row(out, table, i, after_break))
			return false;
		after_break = false;
	}
	name_first_section(out, table, first);
	rows_column_take(out);
	rows_column_tell(out);
	for (int i = 0; i < out->count; i++)
		part_share(arena, &out->items[i], out->merges);
	if (!out->count)
		finding_add(errors, "no_rows", out->headings.row->line, NULL,
			"There is no row below the headings");
	return out->count > 0 && !errors->count;
}
