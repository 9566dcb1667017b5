/* Snapshots: named moments of a plan, and what became of it between two. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply plan_compare(struct request *req)
{
	return reply_row(req, 200, Q_PLAN_COMPARE, req->path[0], request_query(req, "from"),
		request_query(req, "to"));
}

struct reply snapshot_create(struct request *req)
{
	return reply_row(req, 201, Q_SNAPSHOT_CREATE, req->id, req->path[0], req->body_text);
}

struct reply snapshot_list(struct request *req)
{
	return reply_list(req, Q_SNAPSHOT_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0]);
}
