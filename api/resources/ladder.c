/* Ladders: the reminder rules, the default one and those of a plan. */
#include "api/handlers.h"
#include "api_queries.h"

/* Without {plan} in the path, path[0] is NULL: the default ladder. */
struct reply ladder_put(struct request *req)
{
	return reply_row(
		req, 200, Q_LADDER_PUT, req->id, req->path[0], req->if_match, req->body_text);
}

struct reply ladder_read(struct request *req)
{
	return reply_row(req, 200, Q_LADDER_READ, req->path[0]);
}
