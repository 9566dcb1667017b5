/* Webhooks: who hears of events, with which secret they are signed, and how each delivery went. */
#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/webhook_secret.h"
#include "api_queries.h"
#include "common/destination.h"

/* Only its letters are judged here; the notifier judges the addresses that the name turns out to
 * have. */
static bool url_is_fine(struct request *req)
{
	struct destination to;
	const char *url = request_text(req, "url");
	const char *fault = url ? destination_read(req->arena, req->webhook_allow, url, &to) : NULL;
	if (fault)
		faults_add(&req->faults, "/url", "bad_destination", fault);
	return !fault;
}

struct reply delivery_list(struct request *req)
{
	return reply_list(req, Q_DELIVERY_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0], request_query(req, "state"));
}

struct reply webhook_create(struct request *req)
{
	unsigned char secret[WEBHOOK_SECRET_BYTES];
	if (!url_is_fine(req))
		return reply_faults(req);
	idempotency_secret(req, secret, sizeof(secret));
	struct reply reply = reply_row(req, 201, Q_WEBHOOK_CREATE, req->id, req->body_text,
		db_bytea(req->arena, secret, sizeof(secret)));
	reply.add_name = "secret";
	reply.add_value = webhook_secret_text(req->arena, secret);
	return reply;
}

struct reply webhook_delete(struct request *req)
{
	return reply_empty(req, Q_WEBHOOK_DELETE, req->id, req->path[0], req->if_match);
}

struct reply webhook_list(struct request *req)
{
	return reply_list(
		req, Q_WEBHOOK_LIST, request_query(req, "limit"), request_query(req, "cursor"));
}

struct reply webhook_patch(struct request *req)
{
	if (!url_is_fine(req))
		return reply_faults(req);
	return reply_row(
		req, 200, Q_WEBHOOK_PATCH, req->id, req->path[0], req->if_match, req->body_text);
}

struct reply webhook_read(struct request *req)
{
	return reply_row(req, 200, Q_WEBHOOK_READ, req->path[0]);
}

struct reply webhook_replay(struct request *req)
{
	return reply_row(req, 202, Q_WEBHOOK_REPLAY, req->id, req->path[0], req->body_text);
}

struct reply webhook_rotate(struct request *req)
{
	unsigned char secret[WEBHOOK_SECRET_BYTES];
	idempotency_secret(req, secret, sizeof(secret));
	struct reply reply = reply_row(req, 200, Q_WEBHOOK_ROTATE, req->id, req->path[0],
		request_query(req, "overlap_hours"), db_bytea(req->arena, secret, sizeof(secret)));
	reply.add_name = "secret";
	reply.add_value = webhook_secret_text(req->arena, secret);
	return reply;
}

struct reply webhook_test(struct request *req)
{
	return reply_row(req, 202, Q_WEBHOOK_TEST, req->id, req->path[0]);
}
