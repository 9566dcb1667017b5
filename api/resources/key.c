/* Keys: who may call. A token is shown once, when it is made. */
#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/token.h"
#include "api_queries.h"

struct reply key_create(struct request *req)
{
	unsigned char digest[TOKEN_DIGEST_BYTES];
	unsigned char secret[TOKEN_SECRET_BYTES];
	idempotency_secret(req, secret, sizeof(secret));
	const char *token = token_of_secret(req->arena, secret);
	token_digest(token, digest);
	struct reply reply = reply_row(req, 201, Q_KEY_CREATE, req->id, req->body_text,
		db_bytea(req->arena, digest, sizeof(digest)), token_prefix(req->arena, token));
	reply.add_name = "token";
	reply.add_value = token;
	return reply;
}

struct reply key_list(struct request *req)
{
	return reply_list(
		req, Q_KEY_LIST, request_query(req, "limit"), request_query(req, "cursor"));
}

struct reply key_revoke(struct request *req)
{
	return reply_empty(req, Q_KEY_REVOKE, req->id, req->path[0], req->if_match);
}
