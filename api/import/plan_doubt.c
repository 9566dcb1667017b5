/* Says of an action what the reader of the table was not sure of. */
#include "api/import/plan_doubt.h"

#include <string.h>

#include "api/import/words.h"
#include "api/import/xlsx_style.h"
#include "common/text.h"

static const char *name_before(const struct import_rows *rows, const struct import_item *item)
{
	return item > rows->items && item[-1].number ? item[-1].number : NULL;
}

/* A row that goes on only in its recommendation was just wrapped. */
static bool has_further_actions(const struct import_item *item)
{
	for (int i = 1; i < item->part_count; i++) {
		if (!words_blank(item->parts[i].cells[COLUMN_ACTION]))
			return true;
	}
	return false;
}

/* The table lost a page boundary somewhere here; where exactly, its text does not tell. */
static void doubt_split(const struct import_rows *rows, const struct import_item *item, int n,
	struct import_action *action)
{
	const struct import_part *part = &item->parts[n];
	const char *column = rows->headings.names[COLUMN_RECOMMENDATION];
	const char *before = name_before(rows, item);
	if (part->joined_over_break)
		finding_add(&action->doubts, "split_row", part->line,
			rows->headings.names[COLUMN_ACTION],
			"The row was split across a page; what stands after the break was joined "
			"to it");
	if (!item->cut || !has_further_actions(item) || !part->after_break)
		return;
	if (n > 0)
		finding_add(&action->doubts, "split_row", part->line, column,
			"The row was split across a page; what stands after the break was joined "
			"to recommendation %s",
			item->number ? item->number : "above");
	else if (before)
		finding_add(&action->doubts, "split_row", part->line, column,
			"The row was split across a page; its first actions may belong to "
			"recommendation %s",
			before);
}

/* "P3Y" is "3 years, counted from a day that the plan does not name". */
static const char *say_assumption(struct arena *arena, const char *assumption)
{
	static const struct {
		char letter;
		const char *unit;
	} units[] = { { 'D', "day" }, { 'W', "week" }, { 'M', "month" }, { 'Y', "year" } };
	size_t digits = *assumption == 'P' ? strspn(assumption + 1, "0123456789") : 0;
	for (size_t i = 0; digits && i < sizeof(units) / sizeof(*units); i++) {
		if (assumption[digits + 1] != units[i].letter || assumption[digits + 2])
			continue;
		bool one = digits == 1 && assumption[1] == '1';
		return arena_printf(arena, "%.*s %s%s, from a day that is not named here",
			(int)digits, assumption + 1, units[i].unit, one ? "" : "s");
	}
	return assumption;
}

/* "45747": a day whose cell lost its format. NULL for any other text. */
static const char *day_of_spreadsheet(struct arena *arena, const char *text)
{
	bool number = strspn(text, "0123456789") == 5 && !text[5] && *text >= '3' && *text <= '5';
	return number ? xlsx_style_number(arena, XLSX_DAY, false, text) : NULL;
}

static void doubt_timescale(const struct import_rows *rows, const struct import_part *part,
	struct import_action *action)
{
	bool revised = action->original != NULL;
	const char *column = rows->headings.names[revised ? COLUMN_REVISED : COLUMN_TIMESCALE];
	const struct timescale *read = action->timescale;
	if (!read) {
		if (headings_has(&rows->headings, COLUMN_TIMESCALE))
			finding_add(&action->doubts, "no_timescale", part->line, column,
				"No timescale is given");
		return;
	}
	struct text why;
	text_init(&why, action->doubts.arena);
	for (int i = 0; i < read->assumption_count; i++)
		text_addf(&why, "%s%s", i ? "; " : ": ",
			say_assumption(why.arena, read->assumptions[i]));
	const char *quoted = words_quote(action->doubts.arena, read->text);
	const char *day = day_of_spreadsheet(action->doubts.arena, read->text);
	if (read->confidence == TIMESCALE_UNREADABLE && day)
		finding_add(&action->doubts, "timescale_unreadable", part->line, column,
			"%s could not be read as a date; it looks like the number by which a "
			"spreadsheet knows %s",
			quoted, day);
	else if (read->confidence == TIMESCALE_UNREADABLE)
		finding_add(&action->doubts, "timescale_unreadable", part->line, column,
			"%s could not be read as a date%s", quoted, why.bytes);
	else if (read->confidence == TIMESCALE_ASSUMED)
		finding_add(&action->doubts, "timescale_assumed", part->line, column,
			"%s may be read otherwise%s", quoted, why.bytes);
}

/* A blank cell below a filled one may be merged with it, or just blank. */
static void doubt_carried(const struct import_rows *rows, const struct import_item *item, int n,
	struct import_action *action)
{
	static const enum import_column columns[] = { COLUMN_LEAD, COLUMN_CABINET_MEMBER,
		COLUMN_SUPPORT };
	const struct import_part *part = &item->parts[n];
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		if (!part->carried[columns[i]])
			continue;
		finding_add(&action->doubts, "lead_shared", part->line,
			rows->headings.names[columns[i]],
			"The cell is blank: it has what the row above has, %s",
			words_quote(action->doubts.arena, part->cells[columns[i]]));
	}
}

void plan_doubt_row(const struct import_rows *rows, const struct import_item *item, int n,
	struct import_action *action)
{
	const struct import_part *part = &item->parts[n];
	const struct headings *headings = &rows->headings;
	doubt_split(rows, item, n, action);
	doubt_timescale(rows, part, action);
	if (n > 0 && !item->section && !part->own_number && !part->own_timescale)
		finding_add(&action->doubts, "timescale_shared", part->line,
			headings->names[COLUMN_TIMESCALE],
			"The row has no timescale of its own: it has that of the row it goes on "
			"from");
	doubt_carried(rows, item, n, action);
}

static void copy_doubts(struct import_action *action)
{
	struct findings row = action->doubts;
	finding_init(&action->doubts, row.arena);
	for (int i = 0; i < row.count; i++)
		finding_add(&action->doubts, row.items[i].code, row.items[i].row,
			row.items[i].column, "%s", row.items[i].detail);
}

static bool has_progress(const struct import_rows *rows)
{
	static const enum import_column columns[] = { COLUMN_STATUS, COLUMN_RAG, COLUMN_PERCENT,
		COLUMN_NOTE };
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		if (headings_has(&rows->headings, columns[i]))
			return true;
	}
	return false;
}

void plan_doubt_text(const struct import_rows *rows, const struct action_texts *texts, int n,
	struct import_action *action)
{
	static const struct {
		const char *code, *detail;
	} starts[] = {
		[ACTION_AT_DASH] = { "bullets_assumed",
			"A dash was taken for the start of an action" },
		[ACTION_AT_SENTENCE] = { "bullets_lost",
			"The bullets of the cell are lost: a new sentence was taken for a new action" },
		[ACTION_AT_WORD] = { "bullets_lost", "The bullets of the cell are lost: a capital "
						     "in mid-sentence was taken for a new action" },
		[ACTION_AT_PARAGRAPH] = { "paragraphs",
			"A new paragraph was taken for a new action" },
	};
	const char *column = rows->headings.names[COLUMN_ACTION];
	copy_doubts(action);
	enum action_start start = texts->items[n].start;
	if (start != ACTION_SURE)
		finding_add(&action->doubts, starts[start].code, action->row, column, "%s",
			starts[start].detail);
	bool progress = action->status || action->rag || action->percent >= 0 || action->note;
	if (texts->count > 1 && progress && has_progress(rows))
		finding_add(&action->doubts, "progress_shared", action->row,
			rows->headings.names[COLUMN_NOTE],
			"The row has several actions: what it says of their progress was put to "
			"each of them");
	if (texts->bullets_kept)
		finding_add(&action->doubts, "bullets_kept", action->row, column,
			"The bullets go on from a sentence before them: they were kept as one "
			"action");
}

void plan_doubt_lists(
	const struct import_rows *rows, const struct parallel *lists, struct import_action *action)
{
	const struct headings *headings = &rows->headings;
	if (lists->paired && !lists->bulleted)
		finding_add(&action->doubts, "lists_paired", action->row,
			headings->names[lists->timescales.count ? COLUMN_TIMESCALE : COLUMN_LEAD],
			"The cell is a list as long as that of the actions: they were paired in "
			"their order");
	if (lists->unequal_timescales)
		finding_add(&action->doubts, "lists_unequal", action->row,
			headings->names[COLUMN_TIMESCALE],
			"The list of timescales is not as long as that of the actions: which "
			"belongs to which is for a person to say");
	if (lists->unequal_leads)
		finding_add(&action->doubts, "lists_unequal", action->row,
			headings->names[COLUMN_LEAD],
			"The list of leads is not as long as that of the actions: all are named "
			"for each");
}
