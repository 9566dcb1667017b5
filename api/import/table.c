/* What every reader of a file yields: a grid of cells, each row with its place in the file. */
#include "api/import/table.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"

void table_init(struct import_table *table, struct arena *arena)
{
	*table = (struct import_table){ .arena = arena };
}

bool table_add(struct import_table *table, const struct import_row *row, struct findings *errors)
{
	if (row->count > TABLE_CELLS) {
		finding_add(errors, "too_many_cells", row->line, NULL,
			"The row has more than %d cells", TABLE_CELLS);
		return false;
	}
	if (table->count == TABLE_ROWS) {
		finding_add(errors, "too_many_rows", row->line, NULL, "There are more than %d rows",
			TABLE_ROWS);
		return false;
	}
	for (int i = 0; i < row->count; i++)
		table->bytes += strlen(row->cells[i]);
	if (table->bytes > TABLE_TEXT_BYTES) {
		finding_add(errors, "too_much_text", row->line, NULL,
			"The cells hold more than %zu MiB of text", TABLE_TEXT_BYTES / 1024 / 1024);
		return false;
	}
	table->rows =
		grow_array(table->arena, table->rows, table->count, &table->capacity, sizeof(*row));
	table->rows[table->count++] = *row;
	return true;
}

const char *table_cell(const struct import_row *row, int index)
{
	return index >= 0 && index < row->count ? row->cells[index] : "";
}

int table_row_filled(const struct import_row *row)
{
	int filled = 0;
	for (int i = 0; i < row->count; i++)
		filled += !words_blank(row->cells[i]);
	return filled;
}
