/* What every reader of a file yields: a grid of cells, each row with its place in the file. */
#include "api/import/table.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"

void table_init(struct import_table *table, struct arena *arena)
{
	*table = (struct import_table){ .arena = arena };
}

static bool count_text(
	struct import_table *table, const char *text, int line, struct findings *errors)
{
	table->bytes += strlen(text);
	if (table->bytes <= TABLE_TEXT_BYTES)
		return true;
	finding_add(errors, "too_much_text", line, NULL, "The cells hold more than %zu MiB of text",
		TABLE_TEXT_BYTES / 1024 / 1024);
	return false;
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
	for (int i = 0; i < row->count; i++) {
		if (!count_text(table, row->cells[i], row->line, errors))
			return false;
	}
	table->rows =
		grow_array(table->arena, table->rows, table->count, &table->capacity, sizeof(*row));
	table->rows[table->count++] = *row;
	return true;
}

bool table_merge(
	struct import_table *table, int row, int cell, const char *text, struct findings *errors)
{
	struct import_row *target = &table->rows[row];
	if (cell >= target->count) {
		const char **cells = arena_alloc(table->arena, sizeof(*cells) * (size_t)(cell + 1));
		for (int i = 0; i <= cell; i++)
			cells[i] = table_cell(target, i);
		target->cells = cells;
		target->count = cell + 1;
	}
	target->cells[cell] = text;
	target->merged |= (uint64_t)1 << cell;
	return count_text(table, text, target->line, errors);
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
