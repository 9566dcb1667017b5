/* Recommendations: what the reviewers said. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply recommendation_create(struct request *req)
{
	return reply_row(req, 201, Q_RECOMMENDATION_CREATE, req->id, req->path[0], req->body_text);
}

struct reply recommendation_list(struct request *req)
{
	return reply_list(req, Q_RECOMMENDATION_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0]);
}

struct reply recommendation_patch(struct request *req)
{
	return reply_row(req, 200, Q_RECOMMENDATION_PATCH, req->id, req->path[0], req->if_match,
		req->body_text);
}

struct reply recommendation_read(struct request *req)
{
	return reply_row(req, 200, Q_RECOMMENDATION_READ, req->path[0]);
}
