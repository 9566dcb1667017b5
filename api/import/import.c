/* Reads a published plan from the bytes of a file: the one way in for the command and the API. */
#include "api/import/import.h"

#include <string.h>

#include "api/import/export_doc.h"
#include "api/import/own_table.h"
#include "api/import/plan_doc.h"
#include "api/import/source.h"

static bool read_plan(struct import_plan *plan, const char *bytes, size_t length, const char *kind)
{
	if (source_is(kind, EXPORT_DOC_TYPE, EXPORT_DOC_SUFFIX)) {
		export_doc_read(plan, bytes, length);
		return !plan->errors.count;
	}
	struct import_table table;
	table_init(&table, plan->arena);
	table.doubts = &plan->doubts;
	if (!source_read(&table, bytes, length, kind, &plan->errors))
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
