/* Reminders: the ledger of who was told what, for which deadline and stage. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply reminder_list(struct request *req)
{
	return reply_list(req, Q_REMINDER_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), request_query(req, "plan"),
		request_query(req, "action"), request_query(req, "lead"),
		request_query(req, "state"), request_query(req, "day"));
}
