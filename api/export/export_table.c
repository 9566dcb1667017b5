/* A plan as the rows of one table: what export.csv and export.xlsx hold, and what the import takes
 * back without guessing. */
#include "api/export/export_table.h"

#define COLUMNS_BEFORE 4 /* etag, slug, title, organisation */

const struct export_heading export_headings[EXPORT_COLUMNS] = {
	[EXPORT_NUMBER] = { "Recommendation number", 10 },
	[EXPORT_RECOMMENDATION] = { "Recommendation", 50 },
	[EXPORT_RESPONSE] = { "Response", 14 },
	[EXPORT_REFERENCE] = { "Action reference", 10 },
	[EXPORT_ACTION] = { "Action", 60 },
	[EXPORT_LEAD] = { "Lead", 30 },
	[EXPORT_CABINET_MEMBER] = { "Cabinet member", 30 },
	[EXPORT_SUPPORT] = { "Support", 24 },
	[EXPORT_CONSULTED] = { "Consulted", 24 },
	[EXPORT_TIMESCALE] = { "Timescale", 24 },
	[EXPORT_DEADLINES_DONE] = { "Deadlines done", 28 },
	[EXPORT_STATUS] = { "Status", 14 },
	[EXPORT_RAG] = { "RAG", 8 },
	[EXPORT_PERCENT] = { "Percent complete", 10 },
	[EXPORT_COMPLETED_ON] = { "Completed on", 12 },
	[EXPORT_NEXT_DUE_ON] = { "Next due on", 12 },
	[EXPORT_LAST_UPDATE] = { "Last update", 50 },
	[EXPORT_LAST_UPDATE_ON] = { "Last update on", 12 },
};

void export_table_load(struct arena *arena, const struct db_rows *rows, struct export_table *out)
{
	*out = (struct export_table){ .title = db_field(rows, 0, "title"),
		.organisation = db_field(rows, 0, "organisation") };
	out->rows = arena_alloc(arena, sizeof(*out->rows) * (size_t)rows->count);
	for (int i = 0; i < rows->count; i++) {
		if (!db_text(rows, i, COLUMNS_BEFORE + EXPORT_NUMBER))
			continue; /* a plan without recommendations */
		const char **cells = out->rows[out->count++];
		for (int j = 0; j < EXPORT_COLUMNS; j++) {
			const char *text = db_text(rows, i, COLUMNS_BEFORE + j);
			cells[j] = text ? text : "";
		}
	}
}
