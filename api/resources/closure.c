/* Closures: the days on which the council itself is closed, one set with one version. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply closure_list(struct request *req)
{
	return reply_row(req, 200, Q_CLOSURE_LIST);
}

struct reply closure_put(struct request *req)
{
	return reply_row(req, 200, Q_CLOSURE_PUT, req->id, req->if_match, req->body_text);
}
