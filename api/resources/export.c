/* Exports: a plan as a file, for spreadsheets, calendars and other databases. */
#include "api/export/export_calendar.h"
#include "api/export/export_csv.h"
#include "api/export/export_xlsx.h"
#include "api/handlers.h"
#include "api_queries.h"

static bool build_calendar(const struct db_rows *rows, struct text *out)
{
	struct export_calendar calendar;
	export_calendar_load(out->arena, rows, &calendar);
	return export_calendar_write(&calendar, out);
}

static bool build_csv(const struct db_rows *rows, struct text *out)
{
	struct export_table table;
	export_table_load(out->arena, rows, &table);
	export_csv_write(&table, out);
	return true;
}

/* PostgreSQL has built it already. */
static bool build_json(const struct db_rows *rows, struct text *out)
{
	text_add(out, db_field(rows, 0, "body"));
	return true;
}

static bool build_xlsx(const struct db_rows *rows, struct text *out)
{
	struct export_table table;
	export_table_load(out->arena, rows, &table);
	return export_xlsx_write(&table, out);
}

struct reply export_calendar(struct request *req)
{
	return reply_file(req, Q_PLAN_EXPORT_CALENDAR, build_calendar, EXPORT_CALENDAR_TYPE, "ics");
}

struct reply export_csv(struct request *req)
{
	return reply_file(req, Q_PLAN_EXPORT_TABLE, build_csv, EXPORT_CSV_TYPE, "csv");
}

struct reply export_json(struct request *req)
{
	return reply_file(req, Q_PLAN_EXPORT_JSON, build_json, "application/json", "json");
}

struct reply export_xlsx(struct request *req)
{
	return reply_file(req, Q_PLAN_EXPORT_TABLE, build_xlsx, EXPORT_XLSX_TYPE, "xlsx");
}
