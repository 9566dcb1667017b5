/* Which column of a published table is which, by what its heading means. */
#include "api/import/headings.h"

#include <string.h>
#include <strings.h>

#include "api/import/words.h"

#define HEADING_BYTES 120
#define SAMPLE_ROWS 40

bool headings_has(const struct headings *headings, enum import_column column)
{
	return headings->at[column] >= 0;
}

static void place(struct headings *headings, enum import_column column, int index)
{
	headings->at[column] = index;
	headings->names[column] = headings->cells[index].name;
	headings->cells[index].column = column;
}

static void move(struct headings *headings, enum import_column from, enum import_column to)
{
	place(headings, to, headings->at[from]);
	headings->at[from] = -1;
	headings->names[from] = "";
}

/* Columns of which a table may have several. */
static bool may_repeat(enum import_column column)
{
	return column == COLUMN_STATUS || column == COLUMN_RAG || column == COLUMN_PERCENT ||
	       column == COLUMN_NOTE || column == COLUMN_LEAD || column == COLUMN_CABINET_MEMBER ||
	       column == COLUMN_SUPPORT;
}

/* "Original date | Target date", either way round: the one that is not the original is in force. */
static bool place_revised(struct arena *arena, struct headings *headings, int index)
{
	if (headings_has(headings, COLUMN_REVISED))
		return false;
	bool first = headings_is_original(words_plain(arena, headings->names[COLUMN_TIMESCALE]));
	bool second = headings_is_original(words_plain(arena, headings->cells[index].name));
	if (first == second)
		return false;
	if (second)
		move(headings, COLUMN_TIMESCALE, COLUMN_REVISED);
	place(headings, second ? COLUMN_TIMESCALE : COLUMN_REVISED, index);
	return true;
}

/* "Key action | Key task", "Ref | Para no": the second one takes the place that is still free and
 * fits, or none. */
static bool place_second(
	struct arena *arena, struct headings *headings, enum import_column column, int index)
{
	if (column == COLUMN_TIMESCALE)
		return place_revised(arena, headings, index);
	/* "Stage | Status": how far it is, and a colour. */
	if (column == COLUMN_STATUS && !headings_has(headings, COLUMN_RAG) &&
		!strcasecmp(headings->names[COLUMN_STATUS], "stage")) {
		place(headings, COLUMN_RAG, index);
		return true;
	}
	if (column == COLUMN_ACTION && !headings_has(headings, COLUMN_RECOMMENDATION)) {
		move(headings, COLUMN_ACTION, COLUMN_RECOMMENDATION);
		place(headings, COLUMN_ACTION, index);
		return true;
	}
	if (column == COLUMN_NUMBER && !headings_has(headings, COLUMN_REFERENCE)) {
		place(headings, COLUMN_REFERENCE, index);
		return true;
	}
	if (may_repeat(column))
		headings->cells[index].column = column;
	return may_repeat(column);
}

/* True when the column is understood, stored or not. */
static bool match_cell(
	struct arena *arena, struct headings *headings, enum import_column column, int index)
{
	headings->cells[index].column = column == COLUMN_KNOWN ? COLUMN_KNOWN : COLUMN_UNKNOWN;
	if (column == COLUMN_KNOWN || column == COLUMN_UNKNOWN)
		return column == COLUMN_KNOWN;
	if (headings_has(headings, column))
		return place_second(arena, headings, column, index);
	place(headings, column, index);
	return true;
}

static bool looks_like_headings(const struct import_row *row)
{
	for (int i = 0; i < row->count; i++) {
		if (strlen(row->cells[i]) > HEADING_BYTES)
			return false;
	}
	return row->count > 1 && table_row_filled(row) > 1;
}

/* "What | Who | When" asks for actions; "What | How" has them in the second. */
static bool is_what(struct arena *arena, const struct headings *headings)
{
	const char *name = headings->names[COLUMN_RECOMMENDATION];
	return !headings_has(headings, COLUMN_ACTION) &&
	       words_contains(words_plain(arena, name), "what");
}

/* Where nobody is named, the directorates and services answer for the actions. */
static void place_bodies(struct arena *arena, struct headings *headings)
{
	if (headings_has(headings, COLUMN_LEAD) || headings_has(headings, COLUMN_CABINET_MEMBER) ||
		headings_has(headings, COLUMN_SUPPORT))
		return;
	for (int i = 0; i < headings->count; i++) {
		struct heading *heading = &headings->cells[i];
		if (!headings_is_body(words_plain(arena, heading->name)))
			continue;
		if (headings_has(headings, COLUMN_LEAD))
			heading->column = COLUMN_LEAD;
		else
			place(headings, COLUMN_LEAD, i);
	}
}

static void settle(struct arena *arena, struct headings *headings)
{
	if (headings_has(headings, COLUMN_RESPONSE) && !headings_has(headings, COLUMN_ACTION)) {
		headings->at[COLUMN_ACTION] = headings->at[COLUMN_RESPONSE];
		headings->names[COLUMN_ACTION] = headings->names[COLUMN_RESPONSE];
	}
	if (headings_has(headings, COLUMN_REVISED) && !headings_has(headings, COLUMN_TIMESCALE))
		move(headings, COLUMN_REVISED, COLUMN_TIMESCALE);
	place_bodies(arena, headings);
	if (is_what(arena, headings))
		move(headings, COLUMN_RECOMMENDATION, COLUMN_ACTION);
	bool only_reference =
		headings_has(headings, COLUMN_REFERENCE) && !headings_has(headings, COLUMN_NUMBER);
	if (only_reference && headings_has(headings, COLUMN_RECOMMENDATION))
		move(headings, COLUMN_REFERENCE, COLUMN_NUMBER);
}

/* A row of headings says what is done, and by whom or by when. A wide table has more columns than
 * anybody knows, but then all of these. */
static bool is_heading_row(const struct headings *headings, int matched, int filled)
{
	bool what = headings_has(headings, COLUMN_RECOMMENDATION) ||
		    headings_has(headings, COLUMN_ACTION);
	bool who = headings_has(headings, COLUMN_LEAD) ||
		   headings_has(headings, COLUMN_CABINET_MEMBER);
	bool all = who && headings_has(headings, COLUMN_TIMESCALE);
	return what && matched >= 2 && (all || matched * 2 >= filled);
}

static void start(struct arena *arena, const struct import_row *row, struct headings *out)
{
	*out = (struct headings){ .row = row, .count = row->count };
	out->cells = arena_alloc(arena, sizeof(*out->cells) * (size_t)row->count);
	for (int i = 0; i < row->count; i++) {
		const char *name = words_tidy(arena, row->cells[i], strlen(row->cells[i]));
		out->cells[i] = (struct heading){ .name = name, .column = COLUMN_UNKNOWN };
	}
	for (int i = 0; i < COLUMN_COUNT; i++) {
		out->at[i] = -1;
		out->names[i] = "";
	}
}

bool headings_match(struct arena *arena, const struct import_row *row, struct headings *out,
	struct findings *doubts)
{
	if (!looks_like_headings(row))
		return false;
	start(arena, row, out);
	int matched = 0;
	for (int i = 0; i < row->count; i++) {
		const char *name = out->cells[i].name;
		matched += *name &&
			   match_cell(arena, out, headings_meaning(words_plain(arena, name)), i);
	}
	settle(arena, out);
	if (!is_heading_row(out, matched, table_row_filled(row)))
		return false;
	for (int i = 0; i < row->count; i++) {
		if (*out->cells[i].name && out->cells[i].column == COLUMN_UNKNOWN)
			finding_add(doubts, "heading_unknown", row->line, out->cells[i].name,
				"The column %s is not understood and was left out",
				words_quote(arena, out->cells[i].name));
	}
	return true;
}

int headings_find(struct arena *arena, const struct import_table *table)
{
	struct headings found;
	for (int i = 0; i < table->count && i < HEADINGS_BEFORE; i++) {
		if (headings_match(arena, &table->rows[i], &found, NULL))
			return i;
	}
	return -1;
}

/* "3", "3.", "R4", "2.1", "a)": what a number column holds. */
static bool looks_like_number(const char *cell)
{
	const char *at = words_skip_space(cell);
	size_t length = words_length(at);
	return length && length <= 8 && !*words_skip_space(at + length) &&
	       (strpbrk(at, "0123456789") || length <= 2);
}

static int numbers_below(const struct import_table *table, int first_row, int index, int *others)
{
	int numbers = 0;
	for (int i = first_row; i < table->count && i < first_row + SAMPLE_ROWS; i++) {
		const char *cell = table_cell(&table->rows[i], index);
		if (words_blank(cell) || table->rows[i].count < 2)
			continue;
		if (looks_like_number(cell))
			numbers++;
		else
			++*others;
	}
	return numbers;
}

void headings_fill(struct headings *headings, const struct import_table *table, int first_row)
{
	for (int i = 0; i < headings->row->count; i++) {
		if (!words_blank(headings->row->cells[i]))
			continue;
		int others = 0;
		int numbers = numbers_below(table, first_row, i, &others);
		if (numbers > others && !headings_has(headings, COLUMN_NUMBER))
			place(headings, COLUMN_NUMBER, i);
		else if (others > numbers && !headings_has(headings, COLUMN_ACTION))
			place(headings, COLUMN_ACTION, i);
		else if (others > numbers && !headings_has(headings, COLUMN_RECOMMENDATION))
			place(headings, COLUMN_RECOMMENDATION, i);
	}
}

/* ---- cells ---- */

static const char *cell_at(const struct headings *headings, const struct import_row *row,
	enum import_column column, int i)
{
	bool own = headings->cells[i].column == column;
	const char *cell = own ? table_cell(row, i) : "";
	return words_blank(cell) ? "" : cell;
}

static const char *last_cell(
	const struct headings *headings, const struct import_row *row, enum import_column column)
{
	for (int i = headings->count; i-- > 0;) {
		const char *cell = cell_at(headings, row, column, i);
		if (*cell)
			return cell;
	}
	return "";
}

/* Comments of several columns need their headings; leads a sign between them. */
static const char *all_cells(struct arena *arena, const struct headings *headings,
	const struct import_row *row, enum import_column column)
{
	const char *all = "";
	for (int i = 0; i < headings->count; i++) {
		const char *cell = cell_at(headings, row, column, i);
		if (!*cell)
			continue;
		if (column == COLUMN_NOTE)
			all = arena_printf(arena, "%s%s%s: %s", all, *all ? "\n" : "",
				headings->cells[i].name, cell);
		else
			all = *all ? arena_printf(arena, "%s; %s", all, cell) : cell;
	}
	return all;
}

static int count_columns(const struct headings *headings, enum import_column column)
{
	int count = 0;
	for (int i = 0; i < headings->count; i++)
		count += headings->cells[i].column == column;
	return count;
}

const char *headings_cell(struct arena *arena, const struct headings *headings,
	const struct import_row *row, enum import_column column)
{
	if (!may_repeat(column) || count_columns(headings, column) < 2)
		return table_cell(row, headings->at[column]);
	bool last = column == COLUMN_STATUS || column == COLUMN_RAG || column == COLUMN_PERCENT;
	return last ? last_cell(headings, row, column) : all_cells(arena, headings, row, column);
}

const char *headings_column_name(enum import_column column)
{
	static const char *const names[COLUMN_COUNT] = { [COLUMN_NUMBER] = "number",
		[COLUMN_REFERENCE] = "reference",
		[COLUMN_RECOMMENDATION] = "recommendation",
		[COLUMN_ACTION] = "action",
		[COLUMN_LEAD] = "lead",
		[COLUMN_CABINET_MEMBER] = "cabinet_member",
		[COLUMN_SUPPORT] = "support",
		[COLUMN_TIMESCALE] = "timescale",
		[COLUMN_REVISED] = "revised_timescale",
		[COLUMN_STATUS] = "status",
		[COLUMN_RAG] = "rag",
		[COLUMN_PERCENT] = "percent",
		[COLUMN_NOTE] = "note",
		[COLUMN_RESPONSE] = "response" };
	return column < COLUMN_COUNT ? names[column] : NULL;
}
