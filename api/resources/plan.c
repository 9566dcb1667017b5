/* Plans: one published action plan each. */
#include "api/handlers.h"
#include "api_queries.h"

/* Every open action, and what happens next. */
struct reply plan_coverage(struct request *req)
{
	return reply_row(req, 200, Q_PLAN_COVERAGE, req->path[0], request_query(req, "at"));
}

struct reply plan_create(struct request *req)
{
	return reply_row(req, 201, Q_PLAN_CREATE, req->id, req->body_text);
}

struct reply plan_list(struct request *req)
{
	return reply_list(
		req, Q_PLAN_LIST, request_query(req, "limit"), request_query(req, "cursor"));
}

struct reply plan_patch(struct request *req)
{
	return reply_row(
		req, 200, Q_PLAN_PATCH, req->id, req->path[0], req->if_match, req->body_text);
}

struct reply plan_progress(struct request *req)
{
	return reply_row(req, 200, Q_PLAN_PROGRESS, req->path[0]);
}

struct reply plan_read(struct request *req)
{
	return reply_row(req, 200, Q_PLAN_READ, req->path[0]);
}
