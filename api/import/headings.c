/* Which column of a published table is which, by what its heading means. */
#include "api/import/headings.h"

#include <string.h>

#include "api/import/words.h"

#define HEADING_BYTES 120
#define SAMPLE_ROWS 40

struct meaning {
	const char *words;
	enum import_column column;
};

/* Whole headings, where their single words would mislead. */
static const struct meaning headings_exact[] = {
	{ "action by", COLUMN_LEAD },
	{ "action required by", COLUMN_LEAD },
	{ "action ref", COLUMN_REFERENCE },
	{ "action reference", COLUMN_REFERENCE },
	{ "action taken", COLUMN_KNOWN },
	{ "actions taken", COLUMN_KNOWN },
	{ "by", COLUMN_LEAD },
	{ "completed", COLUMN_STATUS },
	{ "completed on", COLUMN_KNOWN },
	{ "consulted", COLUMN_KNOWN },
	{ "deadlines done", COLUMN_KNOWN },
	{ "next due on", COLUMN_KNOWN },
	{ "reference", COLUMN_REFERENCE },
	{ "what will we do", COLUMN_ACTION },
	{ "what we will do", COLUMN_ACTION },
	{ "who by when", COLUMN_LEAD },
};

/* Words and phrases; the first one that a heading holds decides. Not sorted: the order matters
 * ("Action owner" is a lead, "Progress against actions" is progress). */
static const struct meaning headings_words[] = {
	{ "recommendation no", COLUMN_NUMBER },
	{ "recommendation number", COLUMN_NUMBER },
	{ "recommendation ref", COLUMN_NUMBER },
	{ "rec no", COLUMN_NUMBER },
	{ "action no", COLUMN_REFERENCE },
	{ "action number", COLUMN_REFERENCE },
	{ "rag", COLUMN_RAG },
	{ "status", COLUMN_STATUS },
	{ "percent", COLUMN_PERCENT },
	{ "percentage", COLUMN_PERCENT },
	{ "%", COLUMN_PERCENT },
	{ "% complete", COLUMN_PERCENT },
	{ "progress", COLUMN_KNOWN },
	{ "update", COLUMN_KNOWN },
	{ "updates", COLUMN_KNOWN },
	{ "comment", COLUMN_KNOWN },
	{ "comments", COLUMN_KNOWN },
	{ "commentary", COLUMN_KNOWN },
	{ "notes", COLUMN_KNOWN },
	{ "evidence", COLUMN_KNOWN },
	{ "outcome", COLUMN_KNOWN },
	{ "outcomes", COLUMN_KNOWN },
	{ "impact", COLUMN_KNOWN },
	{ "success", COLUMN_KNOWN },
	{ "benefit", COLUMN_KNOWN },
	{ "benefits", COLUMN_KNOWN },
	{ "kpi", COLUMN_KNOWN },
	{ "funding", COLUMN_KNOWN },
	{ "resource", COLUMN_KNOWN },
	{ "resources", COLUMN_KNOWN },
	{ "cost", COLUMN_KNOWN },
	{ "costs", COLUMN_KNOWN },
	{ "budget", COLUMN_KNOWN },
	{ "priority", COLUMN_KNOWN },
	{ "risk", COLUMN_KNOWN },
	{ "risks", COLUMN_KNOWN },
	{ "monitoring", COLUMN_KNOWN },
	{ "reporting", COLUMN_KNOWN },
	{ "consultation", COLUMN_KNOWN },
	{ "linked", COLUMN_KNOWN },
	{ "theme", COLUMN_KNOWN },
	{ "para", COLUMN_KNOWN },
	{ "paragraph", COLUMN_KNOWN },
	{ "page", COLUMN_KNOWN },
	{ "start date", COLUMN_UNKNOWN },
	{ "timescale", COLUMN_TIMESCALE },
	{ "timescales", COLUMN_TIMESCALE },
	{ "timetable", COLUMN_TIMESCALE },
	{ "timeframe", COLUMN_TIMESCALE },
	{ "timeframes", COLUMN_TIMESCALE },
	{ "timeline", COLUMN_TIMESCALE },
	{ "timelines", COLUMN_TIMESCALE },
	{ "timing", COLUMN_TIMESCALE },
	{ "deadline", COLUMN_TIMESCALE },
	{ "deadlines", COLUMN_TIMESCALE },
	{ "when", COLUMN_TIMESCALE },
	{ "date", COLUMN_TIMESCALE },
	{ "dates", COLUMN_TIMESCALE },
	{ "due", COLUMN_TIMESCALE },
	{ "due by", COLUMN_TIMESCALE },
	{ "completion", COLUMN_TIMESCALE },
	{ "support", COLUMN_SUPPORT },
	{ "supporting", COLUMN_SUPPORT },
	{ "supported by", COLUMN_SUPPORT },
	{ "lead officer", COLUMN_LEAD },
	{ "responsible officer", COLUMN_LEAD },
	{ "officer", COLUMN_LEAD },
	{ "officers", COLUMN_LEAD },
	{ "cabinet member", COLUMN_CABINET_MEMBER },
	{ "cabinet lead", COLUMN_CABINET_MEMBER },
	{ "portfolio holder", COLUMN_CABINET_MEMBER },
	{ "portfolio", COLUMN_CABINET_MEMBER },
	{ "executive member", COLUMN_CABINET_MEMBER },
	{ "lead member", COLUMN_CABINET_MEMBER },
	{ "lead councillor", COLUMN_CABINET_MEMBER },
	{ "councillor", COLUMN_CABINET_MEMBER },
	{ "member", COLUMN_CABINET_MEMBER },
	{ "lead", COLUMN_LEAD },
	{ "leads", COLUMN_LEAD },
	{ "owner", COLUMN_LEAD },
	{ "owners", COLUMN_LEAD },
	{ "who", COLUMN_LEAD },
	{ "responsible", COLUMN_LEAD },
	{ "responsibility", COLUMN_LEAD },
	{ "accountable", COLUMN_LEAD },
	{ "assigned to", COLUMN_LEAD },
	{ "person", COLUMN_LEAD },
	{ "directorate", COLUMN_KNOWN },
	{ "recommendation", COLUMN_RECOMMENDATION },
	{ "recommendations", COLUMN_RECOMMENDATION },
	{ "key action", COLUMN_ACTION },
	{ "action", COLUMN_ACTION },
	{ "actions", COLUMN_ACTION },
	{ "response", COLUMN_RESPONSE },
	{ "no", COLUMN_NUMBER },
	{ "nos", COLUMN_NUMBER },
	{ "ref", COLUMN_NUMBER },
	{ "number", COLUMN_NUMBER },
	{ "id", COLUMN_NUMBER },
	{ "#", COLUMN_NUMBER },
	{ "item", COLUMN_NUMBER },
	{ "task", COLUMN_ACTION },
	{ "tasks", COLUMN_ACTION },
	{ "how", COLUMN_ACTION },
	{ "milestone", COLUMN_ACTION },
	{ "milestones", COLUMN_ACTION },
	{ "activity", COLUMN_ACTION },
	{ "activities", COLUMN_ACTION },
	{ "steps", COLUMN_ACTION },
	{ "measure", COLUMN_ACTION },
	{ "measures", COLUMN_ACTION },
	{ "improvement", COLUMN_RECOMMENDATION },
	{ "improvements", COLUMN_RECOMMENDATION },
	{ "finding", COLUMN_RECOMMENDATION },
	{ "findings", COLUMN_RECOMMENDATION },
	{ "issue", COLUMN_RECOMMENDATION },
	{ "objective", COLUMN_RECOMMENDATION },
	{ "objectives", COLUMN_RECOMMENDATION },
	{ "aim", COLUMN_RECOMMENDATION },
	{ "what", COLUMN_RECOMMENDATION },
};

enum import_column headings_meaning(const char *plain)
{
	for (size_t i = 0; i < sizeof(headings_exact) / sizeof(*headings_exact); i++) {
		if (!strcmp(headings_exact[i].words, plain))
			return headings_exact[i].column;
	}
	for (size_t i = 0; i < sizeof(headings_words) / sizeof(*headings_words); i++) {
		if (words_contains(plain, headings_words[i].words))
			return headings_words[i].column;
	}
	return COLUMN_UNKNOWN;
}

bool headings_has(const struct headings *headings, enum import_column column)
{
	return headings->at[column] >= 0;
}

static void place(struct headings *headings, enum import_column column, int index, const char *name)
{
	headings->at[column] = index;
	headings->names[column] = name;
}

/* "Key action | Key task", "Ref | Para no": the second one takes the place that is still free and
 * fits, or none. */
static bool place_second(
	struct headings *headings, enum import_column column, int index, const char *name)
{
	if (column == COLUMN_ACTION && !headings_has(headings, COLUMN_RECOMMENDATION)) {
		place(headings, COLUMN_RECOMMENDATION, headings->at[COLUMN_ACTION],
			headings->names[COLUMN_ACTION]);
		place(headings, COLUMN_ACTION, index, name);
		return true;
	}
	if (column == COLUMN_NUMBER && !headings_has(headings, COLUMN_REFERENCE)) {
		place(headings, COLUMN_REFERENCE, index, name);
		return true;
	}
	return false;
}

/* True when the column is understood, stored or not. */
static bool match_cell(
	struct headings *headings, enum import_column column, int index, const char *name)
{
	if (column == COLUMN_KNOWN)
		return true;
	if (column == COLUMN_UNKNOWN)
		return false;
	if (headings_has(headings, column))
		return place_second(headings, column, index, name);
	place(headings, column, index, name);
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

static void settle(struct headings *headings)
{
	if (headings_has(headings, COLUMN_RESPONSE) && !headings_has(headings, COLUMN_ACTION))
		place(headings, COLUMN_ACTION, headings->at[COLUMN_RESPONSE],
			headings->names[COLUMN_RESPONSE]);
	bool only_reference =
		headings_has(headings, COLUMN_REFERENCE) && !headings_has(headings, COLUMN_NUMBER);
	if (only_reference && headings_has(headings, COLUMN_RECOMMENDATION)) {
		place(headings, COLUMN_NUMBER, headings->at[COLUMN_REFERENCE],
			headings->names[COLUMN_REFERENCE]);
		headings->at[COLUMN_REFERENCE] = -1;
	}
}

/* A row of headings says what is done, and by whom or by when. */
static bool is_heading_row(const struct headings *headings, int matched, int filled)
{
	bool what = headings_has(headings, COLUMN_RECOMMENDATION) ||
		    headings_has(headings, COLUMN_ACTION);
	return what && matched >= 2 && matched * 2 >= filled;
}

bool headings_match(struct arena *arena, const struct import_row *row, struct headings *out,
	struct findings *doubts)
{
	if (!looks_like_headings(row))
		return false;
	struct findings unknown;
	finding_init(&unknown, arena);
	*out = (struct headings){ .row = row };
	for (int i = 0; i < COLUMN_COUNT; i++)
		place(out, (enum import_column)i, -1, "");
	int matched = 0;
	for (int i = 0; i < row->count; i++) {
		if (words_blank(row->cells[i]))
			continue;
		const char *name = words_tidy(arena, row->cells[i], strlen(row->cells[i]));
		if (match_cell(out, headings_meaning(words_plain(arena, name)), i, name))
			matched++;
		else
			finding_add(&unknown, "heading_unknown", row->line, name,
				"The column %s is not understood and was left out",
				words_quote(arena, name));
	}
	settle(out);
	if (!is_heading_row(out, matched, table_row_filled(row)))
		return false;
	for (int i = 0; i < unknown.count; i++)
		finding_add(doubts, unknown.items[i].code, unknown.items[i].row,
			unknown.items[i].column, "%s", unknown.items[i].detail);
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
			place(headings, COLUMN_NUMBER, i, "");
		else if (others > numbers && !headings_has(headings, COLUMN_ACTION))
			place(headings, COLUMN_ACTION, i, "");
		else if (others > numbers && !headings_has(headings, COLUMN_RECOMMENDATION))
			place(headings, COLUMN_RECOMMENDATION, i, "");
	}
}
