/* Timescales of an action: the revisions, oldest first, and agreeing a new one. */
#include "common/timescale.h"

#include "api/handlers.h"
#include "api_queries.h"

struct reply timescale_list(struct request *req)
{
	return reply_list(req, Q_TIMESCALE_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0]);
}

struct reply timescale_revise(struct request *req)
{
	struct timescale timescale;
	timescale_read(req->arena, request_text(req, "text"), &(struct timescale_settings){ 0 },
		&timescale);
	return reply_row(req, 201, Q_TIMESCALE_REVISE, req->id, req->path[0], req->body_text,
		timescale_json(req->arena, &timescale));
}
