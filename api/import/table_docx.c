/* Reads the tables of a Word document (.docx, ECMA-376 part 1, section 17.4). */
#include "api/import/table_docx.h"

#include <stdlib.h>
#include <string.h>

#include "api/import/docx_list.h"
#include "api/import/words.h"
#include "common/text.h"

struct reader {
	struct import_table *table;
	struct findings *errors;
	struct arena *arena;
	struct office_part part;
	struct docx_lists lists;
	int line;
	int tables;      /* seen so far, outermost ones */
	int table_depth; /* 0: outside */
	int skipped;     /* elements that are open inside one that is passed over */
	bool in_text;
	bool after_break;
	bool failed;
	/* the paragraph */
	struct text words;
	const char *list; /* numId */
	int level;
	bool bulleted_style;
	/* the row */
	const char *cells[TABLE_CELLS];
	uint64_t merged;
	int count;
	int width; /* cells with those that one spans */
	/* the cell */
	struct text cell;
	int span;
	bool goes_on; /* merged with the cell above */
};

static void clear(struct text *text)
{
	text->length = 0;
	text->bytes[0] = '\0';
}

static void fail(struct reader *reader, const char *code, const char *detail, size_t limit)
{
	if (!reader->failed)
		finding_add(reader->errors, code, reader->line + 1, NULL, "%s %zu", detail, limit);
	reader->failed = true;
}

static void add_text(struct reader *reader, const char *text)
{
	if (reader->words.length + strlen(text) > TABLE_CELL_BYTES)
		fail(reader, "cell_too_long", "A paragraph holds more bytes than",
			TABLE_CELL_BYTES);
	else
		text_add(&reader->words, text);
}

static void add_row(struct reader *reader, const char **cells, int count, int number)
{
	struct import_row row = { .line = ++reader->line,
		.count = count,
		.table = number,
		.after_break = reader->after_break };
	row.cells = arena_alloc(reader->arena, sizeof(*cells) * (size_t)count);
	memcpy(row.cells, cells, sizeof(*cells) * (size_t)count);
	reader->after_break = false;
	if (!reader->failed)
		reader->failed = !table_add(reader->table, &row, reader->errors);
}

/* ---- paragraphs ---- */

static void start_paragraph(struct reader *reader)
{
	clear(&reader->words);
	reader->list = NULL;
	reader->level = 0;
	reader->bulleted_style = false;
}

/* A list's empty paragraph shows its number in a column of numbers; its bullet says nothing. */
static const char *marked_text(struct reader *reader)
{
	const char *words = words_tidy(reader->arena, reader->words.bytes, reader->words.length);
	const char *mark = reader->bulleted_style ? "•" : NULL;
	if (strchr(reader->words.bytes, '\n')) /* breaks within a paragraph stay */
		words = arena_strdup(reader->arena, words_skip_space(reader->words.bytes));
	if (reader->list)
		mark = docx_list_next(&reader->lists, reader->list, reader->level);
	if (!mark || (!*words && strcmp(mark, "•") == 0))
		return words;
	return arena_printf(reader->arena, "%s %s", mark, words);
}

static void end_paragraph(struct reader *reader)
{
	const char *text = marked_text(reader);
	if (!reader->table_depth) {
		if (words_blank(text))
			reader->after_break = true;
		else
			add_row(reader, &text, 1, 0);
		return;
	}
	if (words_blank(text))
		return;
	if (reader->cell.length + strlen(text) > TABLE_CELL_BYTES) {
		fail(reader, "cell_too_long", "A cell holds more bytes than", TABLE_CELL_BYTES);
		return;
	}
	text_add(&reader->cell, reader->cell.length ? "\n" : "");
	text_add(&reader->cell, text);
}

static void take_paragraph_mark(struct reader *reader, const char *name)
{
	const char *value = office_part_attribute(&reader->part, "val");
	if (strcmp(name, "numId") == 0)
		reader->list = value && strcmp(value, "0") != 0 ? value : NULL;
	else if (strcmp(name, "ilvl") == 0)
		reader->level = value ? atoi(value) : 0;
	else
		reader->bulleted_style = value && strncmp(value, "ListBullet", 10) == 0;
}

/* ---- tables ---- */

static void start_cell(struct reader *reader)
{
	clear(&reader->cell);
	reader->span = 1;
	reader->goes_on = false;
}

static void end_cell(struct reader *reader)
{
	if (reader->count + reader->span > TABLE_CELLS) {
		fail(reader, "too_many_cells", "The row has more cells than", TABLE_CELLS);
		return;
	}
	if (reader->goes_on)
		reader->merged |= (uint64_t)1 << reader->count;
	reader->cells[reader->count++] =
		arena_strndup(reader->arena, reader->cell.bytes, reader->cell.length);
	for (int i = 1; i < reader->span; i++)
		reader->cells[reader->count++] = "";
}

/* Cells that go on from the row above repeat its text. */
static void fill_merged(struct reader *reader, uint64_t merged)
{
	struct import_table *table = reader->table;
	int index = table->count - 1;
	for (int i = 0; i < TABLE_CELLS && index > 0 && !reader->failed; i++) {
		const struct import_row *above = &table->rows[index - 1];
		if (!(merged >> i & 1) || above->table != table->rows[index].table)
			continue;
		reader->failed =
			!table_merge(table, index, i, table_cell(above, i), reader->errors);
	}
}

static void end_row(struct reader *reader)
{
	bool text = reader->merged != 0;
	for (int i = 0; i < reader->count; i++)
		text |= !words_blank(reader->cells[i]);
	if (!text || reader->failed) {
		reader->after_break = true;
		reader->line++;
		return;
	}
	bool lone = reader->count > 1 && reader->width == 1;
	add_row(reader, reader->cells, lone ? 1 : reader->count, reader->tables);
	if (!reader->failed)
		fill_merged(reader, reader->merged);
}

static void take_table(struct reader *reader, bool end)
{
	reader->table_depth += end ? -1 : 1;
	if (end || reader->table_depth != 1)
		return;
	reader->tables++;
	reader->after_break = true;
}

static void take_merge(struct reader *reader, const char *name)
{
	const char *value = office_part_attribute(&reader->part, "val");
	if (strcmp(name, "vMerge") == 0)
		reader->goes_on = !value || strcmp(value, "restart") != 0;
	else if (value && atoi(value) > 1)
		reader->span = atoi(value) < TABLE_CELLS ? atoi(value) : TABLE_CELLS;
}

static void take_row(struct reader *reader, bool end)
{
	if (end) {
		end_row(reader);
		return;
	}
	reader->count = reader->width = 0;
	reader->merged = 0;
}

/* ---- elements ---- */

/* What is deleted, moved away, a second form of the same, or stands beside the text. */
static bool is_aside(const char *name)
{
	static const char *const names[] = { "Fallback", "del", "moveFrom", "pict", "sectPr",
		"tblPrChange", "tcPrChange", "pPrChange", "txbxContent" };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static void take_structure(struct reader *reader, const char *name, bool end)
{
	bool own = reader->table_depth == 1; /* a table in a cell is just text of that cell */
	if (strcmp(name, "tbl") == 0)
		take_table(reader, end);
	else if (own && strcmp(name, "tr") == 0)
		take_row(reader, end);
	else if (own && strcmp(name, "tc") == 0 && end) {
		reader->width++;
		end_cell(reader);
	} else if (own && strcmp(name, "tc") == 0)
		start_cell(reader);
	else if (own && !end && (strcmp(name, "vMerge") == 0 || strcmp(name, "gridSpan") == 0))
		take_merge(reader, name);
}

static void take_element(struct reader *reader)
{
	const char *name = reader->part.name;
	bool end = reader->part.end;
	if (reader->skipped || is_aside(name)) {
		reader->skipped += end ? -1 : 1;
		return;
	}
	if (strcmp(name, "t") == 0)
		reader->in_text = !end;
	else if (strcmp(name, "p") == 0)
		(end ? end_paragraph : start_paragraph)(reader);
	else if (!end && (strcmp(name, "numId") == 0 || strcmp(name, "ilvl") == 0 ||
				 strcmp(name, "pStyle") == 0))
		take_paragraph_mark(reader, name);
	else if (!end && (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0))
		add_text(reader, "\n");
	else if (!end && strcmp(name, "tab") == 0)
		add_text(reader, " ");
	else if (!end && strcmp(name, "noBreakHyphen") == 0)
		add_text(reader, "-");
	else
		take_structure(reader, name, end);
}

bool table_docx_read(struct import_table *table, struct office_file *file, const char *main,
	struct findings *errors)
{
	struct reader *reader = arena_alloc(table->arena, sizeof(*reader));
	*reader = (struct reader){ .table = table, .errors = errors, .arena = table->arena };
	text_init(&reader->words, reader->arena);
	text_init(&reader->cell, reader->arena);
	docx_lists_read(file, office_file_related(file, main, NULL, "/numbering"), &reader->lists);
	if (!office_part_open(file, main, &reader->part)) {
		finding_add(errors, "broken_file", 0, NULL, "The document's text is missing");
		return false;
	}
	while (!reader->failed && office_part_next(&reader->part)) {
		if (reader->part.name)
			take_element(reader);
		else if (reader->in_text && !reader->skipped)
			add_text(reader, office_part_text(&reader->part));
	}
	if (reader->failed || office_file_failed(file))
		return false;
	if (!reader->tables)
		finding_add(errors, "no_table", 0, NULL, "The document holds no table");
	return reader->tables > 0;
}
