/* Reads a published plan from the bytes of a file: the one way in for the command and the API. */
#include "api/import/import.h"

#include <string.h>
#include <strings.h>

#include "api/import/export_doc.h"
#include "api/import/own_table.h"
#include "api/import/plan_doc.h"
#include "api/import/table_text.h"

typedef bool read_table(
	struct import_table *table, const char *bytes, size_t length, struct findings *errors);

/* One row a form of file. */
static const struct {
	const char *type;   /* media type */
	const char *suffix; /* of a file's name */
	read_table *read;
} sources[] = {
	{ "text/plain", ".txt", table_text_read },
	{ "text/tab-separated-values", ".tsv", table_text_read },
	{ "text/tab-separated-values", ".tab", table_text_read },
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

/* A file's first bytes tell more than its name. */
static const char *foreign_form(const char *bytes, size_t length)
{
	if (length >= 4 && !memcmp(bytes, "PK\x03\x04", 4))
		return "an Office document or a ZIP file";
	if (length >= 5 && !memcmp(bytes, "%PDF-", 5))
		return "a PDF file";
	if (length >= 8 && !memcmp(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		return "an Office document of the old form";
	return NULL;
}

static read_table *find_reader(const char *kind)
{
	for (size_t i = 0; kind && i < sizeof(sources) / sizeof(*sources); i++) {
		if (has_type(kind, sources[i].type) || has_suffix(kind, sources[i].suffix))
			return sources[i].read;
	}
	return table_text_read;
}

static bool read_plan(struct import_plan *plan, const char *bytes, size_t length, const char *kind)
{
	const char *foreign = foreign_form(bytes, length);
	if (foreign) {
		finding_add(&plan->errors, "unknown_form", 0, NULL,
			"This is %s; copy its table as tab-separated text", foreign);
		return false;
	}
	if (kind && (has_type(kind, EXPORT_DOC_TYPE) || has_suffix(kind, EXPORT_DOC_SUFFIX))) {
		export_doc_read(plan, bytes, length);
		return !plan->errors.count;
	}
	struct import_table table;
	table_init(&table, plan->arena);
	if (!find_reader(kind)(&table, bytes, length, &plan->errors))
		return false;
	if (own_table_is(&table)) {
		own_table_read(plan, &table);
		return !plan->errors.count;
	}
	struct import_rows rows;
	if (!rows_join(plan->arena, &table, &plan->doubts, &plan->errors, &rows))
		return false;
	plan_build(plan, &rows);
	return !plan->errors.count;
}

bool import_read(struct arena *arena, const char *bytes, size_t length, const char *kind,
	const struct import_options *options, struct import_doc *out)
{
	*out = (struct import_doc){ .plan = { .arena = arena } };
	struct import_plan *plan = &out->plan;
	if (options)
		plan->options = *options;
	finding_init(&plan->doubts, arena);
	finding_init(&plan->errors, arena);
	bool done = read_plan(plan, bytes, length, kind);
	out->json = plan_doc_json(plan);
	return done;
}
