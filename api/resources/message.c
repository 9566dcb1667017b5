/* Messages: the outbox, with every attempt and the exact bytes sent. */
#include "api/handlers.h"
#include "api_queries.h"

struct reply message_list(struct request *req)
{
	return reply_list(req, Q_MESSAGE_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), request_query(req, "state"),
		request_query(req, "lead"), request_query(req, "day"));
}

struct reply message_retry(struct request *req)
{
	return reply_row(req, 202, Q_MESSAGE_RETRY, req->id, req->path[0]);
}

struct reply message_read(struct request *req)
{
	return reply_row(req, 200, Q_MESSAGE_READ, req->path[0]);
}
