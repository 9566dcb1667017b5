/* Reads an Excel workbook (.xlsx, ECMA-376 part 1, section 18). */
#include "api/import/table_xlsx.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/headings.h"
#include "api/import/words.h"
#include "api/import/xlsx_sheet.h"
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
			arena_strndup(part.arena, text.bytes, text.length);
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

/* Takes the first sheet that has headings; of further ones that have them, too, it tells. */
static bool choose_sheet(struct import_table *table, const struct xlsx_book *book, const char *main,
	const struct sheets *sheets, struct findings *errors)
{
	struct import_table chosen = *table;
	bool found = false;
	for (int i = 0; i < sheets->count; i++) {
		struct findings doubts;
		struct import_table sheet;
		finding_init(&doubts, table->arena);
		table_init(&sheet, table->arena);
		sheet.doubts = found ? &doubts : table->doubts;
		const char *path = office_file_related(book->file, main, sheets->ids[i], NULL);
		if (!xlsx_sheet_read(&sheet, book, path, errors))
			return false;
		bool headed = headings_find(table->arena, &sheet) >= 0;
		if (headed && found)
			finding_add(table->doubts, "sheet_ignored", 0, NULL,
				"The sheet %s has headings, too; only the first such sheet is read",
				words_quote(table->arena, sheets->names[i]));
		if (!found && (headed || !chosen.count))
			chosen = sheet;
		found |= headed;
	}
	chosen.doubts = table->doubts;
	*table = chosen;
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
