/* Updates: the dated progress entries of an action. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply update_create(struct request *req)
{
	return reply_row(req, 201, Q_UPDATE_CREATE, req->id, req->path[0], req->body_text);
}

struct reply update_list(struct request *req)
{
	return reply_list(req, Q_UPDATE_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0]);
}
