/* Numbers that start again in each audit, area or theme: its name tells them apart. */
#include "api/import/rows_group.h"

#include <string.h>

#include "api/import/name_set.h"
#include "api/import/number.h"
#include "api/import/words.h"

#define GROUP_SHEET TABLE_CELLS /* the sheet, where no column tells the groups */

static int find_column(const struct import_rows *rows)
{
	const struct headings *headings = &rows->headings;
	for (int i = 0; i < headings->count; i++) {
		const struct heading *heading = &headings->cells[i];
		bool free = heading->column >= COLUMN_COUNT;
		if (free && headings_is_group(words_plain(rows->arena, heading->name)))
			return i;
	}
	return GROUP_SHEET;
}

static const char *group_of(const struct import_row *row, int column)
{
	const char *sheet = row->sheet ? row->sheet : "";
	return column == GROUP_SHEET ? sheet : table_cell(row, column);
}

static const char *tidy(struct import_rows *rows, const char *cell)
{
	return words_tidy(rows->arena, cell, strlen(cell));
}

/* Whether a number comes under two groups, each time with words of its own. */
static bool start_again(
	struct import_rows *rows, const struct import_table *table, int headings, int column)
{
	struct name_set numbers, places;
	name_set_init(&numbers, rows->arena);
	name_set_init(&places, rows->arena);
	const char *group = "";
	for (int i = headings + 1; i < table->count; i++) {
		const struct import_row *row = &table->rows[i];
		const char *text = table_cell(row, rows->headings.at[COLUMN_RECOMMENDATION]);
		const char *number =
			number_tidy(rows->arena, table_cell(row, rows->headings.at[COLUMN_NUMBER]));
		const char *own = tidy(rows, group_of(row, column));
		group = *own ? own : group;
		if (!number || words_blank(text))
			continue;
		const char *place = arena_printf(rows->arena, "%s\n%s", group, number);
		if (name_set_add(&places, place) && !name_set_add(&numbers, number))
			return true;
	}
	return false;
}

void rows_group_find(struct import_rows *rows, const struct import_table *table, int headings)
{
	rows->group = -1;
	rows->group_name = "";
	int column = find_column(rows);
	if (!headings_has(&rows->headings, COLUMN_NUMBER) ||
		!headings_has(&rows->headings, COLUMN_RECOMMENDATION) ||
		!start_again(rows, table, headings, column))
		return;
	rows->group = column;
	if (column != GROUP_SHEET)
		rows->headings.cells[column].column = COLUMN_NUMBER;
	finding_add(rows->doubts, "numbers_grouped", rows->headings.row->line,
		rows->headings.names[COLUMN_NUMBER],
		"The numbers start again in each %s: its name was put before them",
		column == GROUP_SHEET
			? "sheet"
			: words_quote(rows->arena, rows->headings.cells[column].name));
}

const char *rows_group_number(
	struct import_rows *rows, const struct import_row *row, const char *number)
{
	if (rows->group < 0)
		return number;
	const char *own = tidy(rows, group_of(row, rows->group));
	rows->group_name = *own ? own : rows->group_name;
	bool named = !words_blank(number) && *rows->group_name;
	return named ? arena_printf(rows->arena, "%s %s", rows->group_name, number) : number;
}
