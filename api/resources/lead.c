/* Leads: the posts that answer for actions. */
#include "api/handlers.h"
#include "api_queries.h"
#include "common/lead_cell.h"

static const char *post_key(struct request *req)
{
	const char *name = request_text(req, "name");
	return name ? lead_cell_post_key(req->arena, name) : NULL;
}

struct reply lead_actions(struct request *req)
{
	return reply_list(req, Q_LEAD_ACTIONS, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0]);
}

struct reply lead_create(struct request *req)
{
	return reply_row(req, 201, Q_LEAD_CREATE, req->id, req->body_text, post_key(req));
}

struct reply lead_list(struct request *req)
{
	return reply_list(
		req, Q_LEAD_LIST, request_query(req, "limit"), request_query(req, "cursor"));
}

struct reply lead_patch(struct request *req)
{
	return reply_row(req, 200, Q_LEAD_PATCH, req->id, req->path[0], req->if_match,
		req->body_text, post_key(req));
}

struct reply lead_read(struct request *req)
{
	return reply_row(req, 200, Q_LEAD_READ, req->path[0]);
}
