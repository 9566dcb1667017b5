/* Reads an Excel workbook (.xlsx, ECMA-376 part 1, section 18). */
#include "api/import/table_xlsx.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/headings.h"
#include "api/import/words.h"
#include "api/import/xlsx_sheet.h"
#include "api/import/xlsx_text.h"
#include "common/text.h"

#define SHEETS 64 /* that are looked at */
#define STRINGS 1000000

struct sheets {
	const char *ids[SHEETS];
	const char *names[SHEETS];
	int count;
};

/* A shared text is in one <t>, or in several with formats of their own; <rPh> is how to say it. */
static void read_strings(struct xlsx_book *book, const char *path)
{
	struct office_part part;
	struct text text;
	bool in_text = false;
	bool aside = false;
	if (!office_part_open(book->file, path, &part))
		return;
	text_init(&text, part.arena);
	while (office_part_next(&part)) {
		if (!part.name) {
			if (in_text && !aside && text.length <= TABLE_CELL_BYTES)
				text_add(&text, office_part_text(&part));
			continue;
		}
		if (strcmp(part.name, "t") == 0)
			in_text = !part.end;
		if (strcmp(part.name, "rPh") == 0)
			aside = !part.end;
		if (!part.end || strcmp(part.name, "si") != 0 || book->string_count == STRINGS)
			continue;
		book->strings = grow_array(part.arena, book->strings, book->string_count,
			&book->string_capacity, sizeof(*book->strings));
		book->strings[book->string_count++] =
			xlsx_text_decode(part.arena, text.bytes, text.length);
		text.length = 0;
	}
}

static void take_sheet(struct office_part *part, struct sheets *sheets)
{
	const char *state = office_part_attribute(part, "state");
	const char *id = office_part_attribute(part, "id");
	const char *name = office_part_attribute(part, "name");
	bool visible = !state || strcmp(state, "visible") == 0;
	if (!id || !visible || sheets->count == SHEETS)
		return;
	sheets->ids[sheets->count] = id;
	sheets->names[sheets->count++] = name ? name : "";
}

static void read_workbook(struct xlsx_book *book, const char *main, struct sheets *sheets)
{
	struct office_part part;
	if (!office_part_open(book->file, main, &part))
		return;
	while (office_part_next(&part)) {
		if (!part.name || part.end)
			continue;
		if (strcmp(part.name, "sheet") == 0)
			take_sheet(&part, sheets);
		if (strcmp(part.name, "workbookPr") != 0)
			continue;
		const char *since = office_part_attribute(&part, "date1904");
		book->since_1904 = since && (*since == '1' || *since == 't');
	}
}

/* A line with the sheet's name, then its rows. */
static bool append(struct import_table *table, const struct import_table *sheet, const char *name,
	struct findings *errors)
{
	const char **cell = arena_alloc(table->arena, sizeof(*cell));
	*cell = name;
	struct import_row line = {
		.line = 1, .count = 1, .cells = cell, .sheet = name, .after_break = true
	};
	if (!table_add(table, &line, errors))
		return false;
	for (int i = 0; i < sheet->count; i++) {
		struct import_row row = sheet->rows[i];
		row.sheet = name;
		if (!table_add(table, &row, errors))
			return false;
	}
	return true;
}

static bool same_headings(
	struct arena *arena, const struct import_table *a, const struct import_table *b)
{
	const struct import_row *first = &a->rows[headings_find(arena, a)];
	const struct import_row *second = &b->rows[headings_find(arena, b)];
	for (int i = 0; i < first->count || i < second->count; i++) {
		if (strcmp(words_plain(arena, table_cell(first, i)),
			    words_plain(arena, table_cell(second, i))) != 0)
			return false;
	}
	return true;
}

struct choice {
	struct import_table first; /* the sheet that has headings, or that holds anything */
	const char *name;
	bool headed;
	bool joined;
};

/* A further sheet with headings: the same ones go on with the plan, others are told. */
static bool take_further(struct choice *choice, const struct import_table *sheet, const char *name,
	struct findings *doubts, struct findings *errors)
{
	struct import_table *first = &choice->first;
	if (!same_headings(first->arena, first, sheet)) {
		finding_add(doubts, "sheet_ignored", 0, NULL,
			"The sheet %s has other headings than the first such sheet and was left out",
			words_quote(first->arena, name));
		return true;
	}
	if (!choice->joined)
		finding_add(doubts, "sheets_joined", 0, NULL,
			"The sheets %s and %s have the same headings and were read one after the "
			"other; a row is told by its place in its own sheet",
			words_quote(first->arena, choice->name), words_quote(first->arena, name));
	for (int i = 0; i < first->count && !choice->joined; i++)
		first->rows[i].sheet = choice->name;
	choice->joined = true;
	return append(first, sheet, name, errors);
}

/* Takes the first sheet that has headings, and those that go on with it. */
static bool choose_sheet(struct import_table *table, const struct xlsx_book *book, const char *main,
	const struct sheets *sheets, struct findings *errors)
{
	struct choice choice = { .first = *table };
	for (int i = 0; i < sheets->count; i++) {
		struct import_table sheet;
		table_init(&sheet, table->arena);
		sheet.doubts = table->doubts;
		const char *path = office_file_related(book->file, main, sheets->ids[i], NULL);
		if (!xlsx_sheet_read(&sheet, book, path, errors))
			return false;
		bool headed = headings_find(table->arena, &sheet) >= 0;
		if (headed && choice.headed &&
			!take_further(&choice, &sheet, sheets->names[i], table->doubts, errors))
			return false;
		if (!choice.headed && (headed || !choice.first.count)) {
			choice.first = sheet;
			choice.name = sheets->names[i];
		}
		choice.headed |= headed;
	}
	*table = choice.first;
	return true;
}

bool table_xlsx_read(struct import_table *table, struct office_file *file, const char *main,
	struct findings *errors)
{
	struct xlsx_book book = { .file = file };
	struct sheets sheets = { .count = 0 };
	xlsx_styles_read(file, office_file_related(file, main, NULL, "/styles"), &book.styles);
	read_strings(&book, office_file_related(file, main, NULL, "/sharedStrings"));
	read_workbook(&book, main, &sheets);
	if (office_file_failed(file) || !choose_sheet(table, &book, main, &sheets, errors))
		return false;
	if (!table->count)
		finding_add(errors, "empty_file", 0, NULL, "No sheet of the workbook holds text");
	return table->count > 0;
}
