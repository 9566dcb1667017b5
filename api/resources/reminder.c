/* Reminders: the ledger of who was told what, for which deadline and stage, and what comes next. */
#include "api/handlers.h"
#include "api_queries.h"
#include "common/date.h"

#define FORECAST_DAYS 366

/* What the sender will send from one day to another, both included. */
struct reply reminder_forecast(struct request *req)
{
	struct date from = DATE_NONE;
	struct date to = DATE_NONE;
	const char *first = request_query(req, "from");
	const char *last = request_query(req, "to");
	if (!date_parse_iso(first, &from) || !date_parse_iso(last, &to))
		return reply_problem(400, "bad_parameter", "from and to must be days");
	int days = date_to_days(to) - date_to_days(from) + 1;
	if (days < 1)
		faults_add(&req->faults, "?to", "out_of_range", "Must not be before from");
	if (days > FORECAST_DAYS)
		faults_add(&req->faults, "?to", "out_of_range",
			arena_printf(req->arena, "From and to may span %d days", FORECAST_DAYS));
	if (req->faults.count)
		return reply_faults(req);
	return reply_row(req, 200, Q_REMINDER_FORECAST, first, last, request_query(req, "plan"),
		request_query(req, "lead"));
}

struct reply reminder_list(struct request *req)
{
	return reply_list(req, Q_REMINDER_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), request_query(req, "plan"),
		request_query(req, "action"), request_query(req, "lead"),
		request_query(req, "state"), request_query(req, "day"));
}
