/* Chooses the reader for a file: by its first bytes, then its type or name, then what it looks
 * like.
 */
#include "api/import/source.h"

#include <string.h>
#include <strings.h>

#include "api/import/office_file.h"
#include "api/import/source_text.h"
#include "api/import/table_card.h"
#include "api/import/table_csv.h"
#include "api/import/table_docx.h"
#include "api/import/table_grid.h"
#include "api/import/table_list.h"
#include "api/import/table_paragraph.h"
#include "api/import/table_pipe.h"
#include "api/import/table_text.h"
#include "api/import/table_xlsx.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef bool read_text(struct import_table *table, const char *text, struct findings *errors);

const char *const source_types[] = { "text/plain", "text/csv", "text/tab-separated-values",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/json", NULL };

/* Text whose type or name says what parts its cells. Plain text is looked at. */
static const struct {
	const char *type;
	const char *suffix; /* of a file's name */
	read_text *read;
} named[] = {
	{ "text/csv", ".csv", table_csv_read },
	{ "text/tab-separated-values", ".tsv", table_text_read },
	{ "text/tab-separated-values", ".tab", table_text_read },
};

/* The first one that fits reads plain text; table_text_read takes the rest. */
static const struct {
	bool (*fits)(struct arena *arena, const char *text);
	read_text *read;
} plain[] = {
	{ table_pipe_fits, table_pipe_read },
	{ table_list_fits, table_list_read },
	{ table_grid_pipe_fits, table_grid_pipe_read },
	{ table_paragraph_fits, table_paragraph_read },
	{ table_csv_fits, table_csv_read },
	{ table_card_fits, table_card_read },
	{ table_grid_paragraph_fits, table_grid_paragraph_read },
};

/* Files that cannot be read, by how they start. */
static const struct {
	const char *start;
	size_t length;
	const char *what;
} foreign[] = {
	{ "%PDF-", 5, "a PDF file" },
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8,
		"an Office document of the old form, or one with a password" },
};

static bool has_type(const char *kind, const char *type)
{
	size_t length = strlen(type);
	return !strncasecmp(kind, type, length) && strchr("; \t", kind[length]);
}

static bool has_suffix(const char *kind, const char *suffix)
{
	size_t length = strlen(kind);
	size_t end = strlen(suffix);
	return length >= end && !strcasecmp(kind + length - end, suffix);
}

bool source_is(const char *kind, const char *type, const char *suffix)
{
	return kind && (has_type(kind, type) || has_suffix(kind, suffix));
}

static bool starts_with(const char *bytes, size_t length, const char *start, size_t start_length)
{
	return length >= start_length && !memcmp(bytes, start, start_length);
}

static bool is_foreign(const char *bytes, size_t length, struct findings *errors)
{
	for (size_t i = 0; i < COUNT(foreign); i++) {
		if (!starts_with(bytes, length, foreign[i].start, foreign[i].length))
			continue;
		finding_add(errors, "unknown_form", 0, NULL,
			"This is %s; save it as .docx, .xlsx or .csv", foreign[i].what);
		return true;
	}
	return false;
}

/* Documents and workbooks are told apart by their main part, not by what they are called. */
static bool read_office(
	struct import_table *table, const char *bytes, size_t length, struct findings *errors)
{
	if (length > TABLE_BYTES) {
		finding_add(errors, "file_too_big", 0, NULL, "The file is larger than %zu MiB",
			TABLE_BYTES / 1024 / 1024);
		return false;
	}
	struct office_file *file = office_file_open(table->arena, bytes, length, errors);
	if (!file)
		return false;
	const char *main = office_file_main(file);
	if (main && strncmp(main, "word/", 5) == 0)
		return table_docx_read(table, file, main, errors);
	if (main && strncmp(main, "xl/", 3) == 0)
		return table_xlsx_read(table, file, main, errors);
	if (!office_file_failed(file))
		finding_add(errors, "unknown_form", 0, NULL,
			"This is neither a Word document (.docx) nor an Excel workbook (.xlsx)");
	return false;
}

static read_text *find_reader(struct arena *arena, const char *text, const char *kind)
{
	for (size_t i = 0; kind && i < COUNT(named); i++) {
		if (has_type(kind, named[i].type) || has_suffix(kind, named[i].suffix))
			return named[i].read;
	}
	bool tabs = strchr(text, '\t') != NULL;
	for (size_t i = 0; i < COUNT(plain) && !tabs; i++) {
		if (plain[i].fits(arena, text))
			return plain[i].read;
	}
	return table_text_read;
}

bool source_read(struct import_table *table, const char *bytes, size_t length, const char *kind,
	struct findings *errors)
{
	if (is_foreign(bytes, length, errors))
		return false;
	if (starts_with(bytes, length, "PK\x03\x04", 4))
		return read_office(table, bytes, length, errors);
	const char *text = source_text_decode(table->arena, bytes, length, table->doubts, errors);
	return text && find_reader(table->arena, text, kind)(table, text, errors);
}
