/* One sheet of a workbook as a grid. */
#include "api/import/xlsx_sheet.h"

#include <stdlib.h>
#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"
#include "common/text.h"

#define MERGES 5000
#define SHEET_ROWS 1048576 /* Excel's own limit */

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOLEAN, CELL_ERROR };

/* Rows from 1, columns from 0. */
struct merge {
	int first_row, first_column;
	int last_row, last_column;
};

struct sheet {
	const struct xlsx_book *book;
	struct import_table *table;
	struct findings *errors;
	struct office_part part;
	struct arena *arena;
	int row; /* its number, from 1 */
	int last_row;
	int hidden_rows;
	int first_hidden;
	bool hidden;
	const char *cells[TABLE_CELLS];
	int cell_count;
	int column;
	enum cell_type type;
	int style;
	struct text value;
	bool in_value; /* of <v>, or <t> of a text in its place */
	struct merge *merges;
	int merge_count;
	int merge_capacity;
	bool failed;
};

/* "AB12": column 27, row 12. Either may be missing: then it stays. */
static const char *read_place(const char *at, int *row, int *column)
{
	int found_column = 0;
	int found_row = 0;
	for (; *at >= 'A' && *at <= 'Z' && found_column < SHEET_ROWS; at++)
		found_column = found_column * 26 + (*at - 'A' + 1);
	for (; *at >= '0' && *at <= '9' && found_row < SHEET_ROWS; at++)
		found_row = found_row * 10 + (*at - '0');
	if (found_column)
		*column = found_column - 1;
	if (found_row)
		*row = found_row;
	return at;
}

static void start_row(struct sheet *sheet)
{
	const char *number = office_part_attribute(&sheet->part, "r");
	const char *hidden = office_part_attribute(&sheet->part, "hidden");
	int unused;
	sheet->row++;
	if (number)
		read_place(number, &sheet->row, &unused);
	sheet->hidden = hidden && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
	sheet->cell_count = 0;
	sheet->column = -1;
}

static void start_cell(struct sheet *sheet)
{
	static const struct {
		const char *name;
		enum cell_type type;
	} types[] = { { "s", CELL_SHARED }, { "inlineStr", CELL_TEXT }, { "str", CELL_TEXT },
		{ "d", CELL_TEXT }, { "b", CELL_BOOLEAN }, { "e", CELL_ERROR } };
	const char *place = office_part_attribute(&sheet->part, "r");
	const char *type = office_part_attribute(&sheet->part, "t");
	const char *style = office_part_attribute(&sheet->part, "s");
	int unused;
	sheet->column++;
	if (place)
		read_place(place, &unused, &sheet->column);
	sheet->style = style ? atoi(style) : 0;
	sheet->type = CELL_NUMBER;
	sheet->value.length = 0;
	sheet->value.bytes[0] = '\0';
	for (size_t i = 0; type && i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i].name, type) == 0)
			sheet->type = types[i].type;
	}
}

/* Whoever types "March 2022" into a spreadsheet gets its first day: the published words are gone.
 */
static const char *number_text(const struct sheet *sheet, const char *value)
{
	const struct xlsx_styles *styles = &sheet->book->styles;
	bool known = sheet->style >= 0 && sheet->style < styles->count;
	enum xlsx_form form = known ? styles->forms[sheet->style] : XLSX_GENERAL;
	const char *text = xlsx_style_number(sheet->arena, form, sheet->book->since_1904, value);
	if (form == XLSX_DAY && strncmp(text, "1 ", 2) == 0 && !sheet->hidden)
		finding_add(sheet->table->doubts, "first_of_month", sheet->row, NULL,
			"The cell holds the day %s; if the month was meant, that is not when it is "
			"due",
			text);
	return text;
}

static const char *cell_text(const struct sheet *sheet)
{
	const char *value = sheet->value.bytes;
	const struct xlsx_book *book = sheet->book;
	int index = sheet->type == CELL_SHARED ? atoi(value) : -1;
	switch (sheet->type) {
	case CELL_SHARED:
		return index >= 0 && index < book->string_count ? book->strings[index] : "";
	case CELL_BOOLEAN:
		return *value == '1' ? "Yes" : "No";
	case CELL_ERROR: /* "#REF!" */
		return "";
	case CELL_TEXT:
		return arena_strdup(sheet->arena, value);
	default:
		break;
	}
	return *value ? number_text(sheet, value) : "";
}

static void refuse(struct sheet *sheet, const char *code, const char *detail, size_t limit)
{
	if (!sheet->failed)
		finding_add(sheet->errors, code, sheet->row, NULL, "%s %zu", detail, limit);
	sheet->failed = true;
}

static void take_text(struct sheet *sheet)
{
	const char *text = office_part_text(&sheet->part);
	if (sheet->value.length + strlen(text) > TABLE_CELL_BYTES)
		refuse(sheet, "cell_too_long", "A cell holds more bytes than", TABLE_CELL_BYTES);
	else
		text_add(&sheet->value, text);
}

static void end_cell(struct sheet *sheet)
{
	const char *text = cell_text(sheet);
	if (words_blank(text) || sheet->hidden || sheet->failed)
		return;
	if (sheet->column < 0 || sheet->column >= TABLE_CELLS) {
		refuse(sheet, "too_many_cells", "The row has a cell beyond column", TABLE_CELLS);
		return;
	}
	while (sheet->cell_count <= sheet->column)
		sheet->cells[sheet->cell_count++] = "";
	sheet->cells[sheet->column] = text;
}

static void end_row(struct sheet *sheet)
{
	if (sheet->hidden) {
		sheet->first_hidden = sheet->hidden_rows++ ? sheet->first_hidden : sheet->row;
		return;
	}
	if (!sheet->cell_count || sheet->failed)
		return;
	struct import_row row = { .line = sheet->row,
		.count = sheet->cell_count,
		.after_break = sheet->row != sheet->last_row + 1 };
	row.cells = arena_alloc(sheet->arena, sizeof(*row.cells) * (size_t)row.count);
	memcpy(row.cells, sheet->cells, sizeof(*row.cells) * (size_t)row.count);
	sheet->failed = !table_add(sheet->table, &row, sheet->errors);
	sheet->last_row = sheet->row;
}

static void take_merge(struct sheet *sheet)
{
	const char *place = office_part_attribute(&sheet->part, "ref");
	struct merge merge = { 0 };
	if (!place || sheet->merge_count == MERGES)
		return;
	place = read_place(place, &merge.first_row, &merge.first_column);
	if (*place != ':')
		return;
	read_place(place + 1, &merge.last_row, &merge.last_column);
	sheet->merges = grow_array(sheet->arena, sheet->merges, sheet->merge_count,
		&sheet->merge_capacity, sizeof(*sheet->merges));
	sheet->merges[sheet->merge_count++] = merge;
}

static void take_element(struct sheet *sheet)
{
	const char *name = sheet->part.name;
	bool end = sheet->part.end;
	if (strcmp(name, "row") == 0)
		(end ? end_row : start_row)(sheet);
	else if (strcmp(name, "c") == 0)
		(end ? end_cell : start_cell)(sheet);
	else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		sheet->in_value = !end;
	else if (!end && strcmp(name, "mergeCell") == 0)
		take_merge(sheet);
}

/* ---- merged cells ---- */

/* The first row of the table at or below that of the sheet. */
static int find_row(const struct import_table *table, int number)
{
	int low = 0;
	int high = table->count;
	while (low < high) {
		int middle = low + (high - low) / 2;
		if (table->rows[middle].line < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A lone cell across the row is a line between tables; one across rows belongs to each of them. */
static void apply_merge(struct sheet *sheet, const struct merge *merge)
{
	struct import_table *table = sheet->table;
	int index = find_row(table, merge->first_row);
	if (index == table->count || table->rows[index].line != merge->first_row)
		return;
	struct import_row *row = &table->rows[index];
	const char *text = table_cell(row, merge->first_column);
	bool across = merge->last_column > merge->first_column;
	if (across && table_row_filled(row) == 1 && !words_blank(text)) {
		row->cells[0] = text;
		row->count = 1;
		return;
	}
	if (merge->first_column >= TABLE_CELLS || words_blank(text))
		return;
	for (int i = index + 1; i < table->count && table->rows[i].line <= merge->last_row; i++) {
		if (!sheet->failed)
			sheet->failed =
				!table_merge(table, i, merge->first_column, text, sheet->errors);
	}
}

bool xlsx_sheet_read(struct import_table *table, const struct xlsx_book *book, const char *part,
	struct findings *errors)
{
	struct sheet *sheet = arena_alloc(table->arena, sizeof(*sheet));
	*sheet = (struct sheet){
		.book = book, .table = table, .errors = errors, .arena = table->arena
	};
	text_init(&sheet->value, sheet->arena);
	if (!office_part_open(book->file, part, &sheet->part)) {
		finding_add(errors, "broken_file", 0, NULL, "A sheet of the workbook is missing");
		return false;
	}
	while (!sheet->failed && office_part_next(&sheet->part)) {
		if (sheet->part.name)
			take_element(sheet);
		else if (sheet->in_value)
			take_text(sheet);
	}
	for (int i = 0; i < sheet->merge_count && !sheet->failed; i++)
		apply_merge(sheet, &sheet->merges[i]);
	if (sheet->hidden_rows)
		finding_add(table->doubts, "hidden_rows", sheet->first_hidden, NULL,
			"%d hidden rows were left out", sheet->hidden_rows);
	return !sheet->failed && !office_file_failed(book->file);
}
