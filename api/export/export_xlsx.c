/* A plan's table as a spreadsheet (Office Open XML). */
#include "api/export/export_xlsx.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "api/export/export_cell.h"
#include "api/import/words.h"
#include "common/log.h"

#define CELL_CHARACTERS 32767 /* what a spreadsheet takes */
#define CHUNK_BYTES 65536

struct book {
	struct arena *arena;
	lxw_workbook *workbook;
	lxw_worksheet *sheet;
	lxw_format *heading;
	lxw_format *text;
};

/* "_x000D_" in a cell stands for the character of that number (ECMA-376 part 1, 22.9.2.19): where
 * it is in the words themselves, its underscore is written that way. */
static const char *escape(struct arena *arena, const char *text)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	struct text out;
	if (!strstr(text, "_x"))
		return text;
	text_init(&out, arena);
	for (const char *at = text; *at; at++) {
		bool code =
			at[0] == '_' && at[1] == 'x' && strspn(at + 2, hex) >= 4 && at[6] == '_';
		text_add_bytes(&out, code ? "_x005F_" : at, code ? 7 : 1);
	}
	return out.bytes;
}

static bool write_cell(struct book *book, int row, int column, const char *cell, lxw_format *format)
{
	char *text = arena_strdup(book->arena, export_cell_guard(book->arena, cell));
	words_cut(text, CELL_CHARACTERS);
	if (!*text)
		return true;
	return worksheet_write_string(book->sheet, (lxw_row_t)row, (lxw_col_t)column,
		       escape(book->arena, text), format) == LXW_NO_ERROR;
}

static bool write_rows(struct book *book, const struct export_table *table)
{
	bool fine = true;
	for (int j = 0; j < EXPORT_COLUMNS; j++) {
		lxw_col_t column = (lxw_col_t)j;
		worksheet_set_column(
			book->sheet, column, column, export_headings[j].width, book->text);
		fine = fine && write_cell(book, 0, j, export_headings[j].name, book->heading);
	}
	for (int i = 0; i < table->count; i++)
		for (int j = 0; j < EXPORT_COLUMNS; j++)
			fine = fine && write_cell(book, i + 1, j, table->rows[i][j], book->text);
	worksheet_freeze_panes(book->sheet, 1, 0);
	worksheet_autofilter(
		book->sheet, 0, 0, (lxw_row_t)table->count, (lxw_col_t)(EXPORT_COLUMNS - 1));
	return fine;
}

static bool write_book(struct arena *arena, const struct export_table *table, const char *path)
{
	struct book book = { .arena = arena, .workbook = workbook_new(path) };
	if (!book.workbook)
		return false;
	/* A fixed day of making: the bytes are to follow from the plan alone. */
	lxw_doc_properties properties = { .title = arena_strdup(arena, table->title),
		.company = arena_strdup(arena, table->organisation),
		.created = 946684800 /* 2000-01-01 */ };
	workbook_set_properties(book.workbook, &properties);
	book.sheet = workbook_add_worksheet(book.workbook, "Action plan");
	book.heading = workbook_add_format(book.workbook);
	book.text = workbook_add_format(book.workbook);
	format_set_bold(book.heading);
	format_set_text_wrap(book.heading);
	format_set_align(book.heading, LXW_ALIGN_VERTICAL_TOP);
	format_set_text_wrap(book.text);
	format_set_align(book.text, LXW_ALIGN_VERTICAL_TOP);
	format_set_num_format(
		book.text, "@"); /* text, so that "3.10" stays what it is when edited */
	bool written = write_rows(&book, table);
	return workbook_close(book.workbook) == LXW_NO_ERROR && written;
}

static bool read_back(int file, struct text *out)
{
	char *chunk = arena_alloc(out->arena, CHUNK_BYTES);
	ssize_t got;
	if (lseek(file, 0, SEEK_SET) != 0)
		return false;
	while ((got = read(file, chunk, CHUNK_BYTES)) > 0)
		text_add_bytes(out, chunk, (size_t)got);
	return got == 0 && out->length > 0;
}

/* The library writes to a path: one that is memory needs no place on a disk. */
bool export_xlsx_write(const struct export_table *table, struct text *out)
{
	int file = memfd_create("export.xlsx", MFD_CLOEXEC);
	if (file < 0) {
		log_error("a spreadsheet needs memory: %s", strerror(errno));
		return false;
	}
	const char *path = arena_printf(out->arena, "/proc/self/fd/%d", file);
	bool written = write_book(out->arena, table, path) && read_back(file, out);
	if (!written)
		log_error("a spreadsheet of %d rows could not be written", table->count);
	close(file);
	return written;
}
