/* Keeps what each column of a file's tables is read as, and tells of those that are left out. */
#include "api/import/rows_column.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"

void rows_column_fill(struct import_rows *rows, const struct import_row *row)
{
	struct headings *headings = &rows->headings;
	for (int i = 0; i < headings->count; i++) {
		struct heading *heading = &headings->cells[i];
		heading->filled |=
			heading->column >= COLUMN_COUNT && !words_blank(table_cell(row, i));
	}
	for (int i = headings->count; i < row->count; i++) {
		if (!words_blank(row->cells[i]))
			finding_add(rows->doubts, "cell_left_out", row->line, NULL,
				"The cell %s is beyond the last heading and was left out",
				words_quote(rows->arena, row->cells[i]));
	}
}

static struct heading *find_column(struct import_rows *rows, const struct heading *heading)
{
	for (int i = 0; i < rows->column_count; i++) {
		struct heading *column = &rows->columns[i];
		if (column->column == heading->column && !strcmp(column->name, heading->name))
			return column;
	}
	return NULL;
}

void rows_column_take(struct import_rows *rows)
{
	for (int i = 0; i < rows->headings.count; i++) {
		const struct heading *heading = &rows->headings.cells[i];
		struct heading *known = find_column(rows, heading);
		if (known) {
			known->filled |= heading->filled;
			continue;
		}
		rows->columns = grow_array(rows->arena, rows->columns, rows->column_count,
			&rows->column_capacity, sizeof(*rows->columns));
		rows->columns[rows->column_count++] = *heading;
	}
}

/* "RAG May, RAG June": which one counts must be said. */
static void tell_repeated(struct import_rows *rows, enum import_column column)
{
	const char *first = NULL;
	const char *last = NULL;
	for (int i = 0; i < rows->headings.count; i++) {
		const struct heading *heading = &rows->headings.cells[i];
		if (heading->column != column)
			continue;
		last = heading->name;
		first = first ? first : last;
	}
	if (first && first != last)
		finding_add(rows->doubts, "columns_repeated", rows->headings.row->line, last,
			"Several columns say the same, from %s to %s: in each row the last one "
			"that is filled counts",
			words_quote(rows->arena, first), words_quote(rows->arena, last));
}

void rows_column_tell(struct import_rows *rows)
{
	for (int i = 0; i < rows->column_count; i++) {
		const struct heading *column = &rows->columns[i];
		bool told = column->column == COLUMN_UNKNOWN && *column->name;
		if (column->column < COLUMN_COUNT || told || !column->filled)
			continue;
		finding_add(rows->doubts, "column_left_out", rows->headings.row->line, column->name,
			*column->name ? "The column %s has no place in a plan here and was left out"
				      : "A column without a heading was left out%s",
			*column->name ? words_quote(rows->arena, column->name) : "");
	}
	tell_repeated(rows, COLUMN_RAG);
	tell_repeated(rows, COLUMN_STATUS);
	tell_repeated(rows, COLUMN_PERCENT);
}
