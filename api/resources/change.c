/* Changes: the record of every write, as a feed to follow. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply change_list(struct request *req)
{
	struct reply reply = reply_list(req, Q_CHANGE_LIST, request_query(req, "limit"),
		request_query(req, "after"), request_query(req, "plan"),
		request_query(req, "resource"));
	reply.cursor = "after";
	return reply;
}
