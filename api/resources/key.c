/* Keys: who may call. A token is shown once, when it is made. */
#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/token.h"
#include "api_queries.h"

struct new_key {
	const char *token;
	const char *digest;
	const char *prefix;
};

static struct new_key make_key(struct request *req)
{
	unsigned char digest[TOKEN_DIGEST_BYTES];
	unsigned char secret[TOKEN_SECRET_BYTES];
	idempotency_secret(req, secret, sizeof(secret));
	const char *token = token_of_secret(req->arena, secret);
	token_digest(token, digest);
	return (struct new_key){ token, db_bytea(req->arena, digest, sizeof(digest)),
		token_prefix(req->arena, token) };
}

static struct reply show_once(struct reply reply, const struct new_key *key)
{
	reply.add_name = "token";
	reply.add_value = key->token;
	return reply;
}

struct reply key_create(struct request *req)
{
	struct new_key key = make_key(req);
	return show_once(
		reply_row(req, 201, Q_KEY_CREATE, req->id, req->body_text, key.digest, key.prefix),
		&key);
}

struct reply key_list(struct request *req)
{
	return reply_list(
		req, Q_KEY_LIST, request_query(req, "limit"), request_query(req, "cursor"));
}

struct reply key_read(struct request *req)
{
	return reply_row(req, 200, Q_KEY_READ, req->path[0]);
}

struct reply key_revoke(struct request *req)
{
	return reply_empty(req, Q_KEY_REVOKE, req->id, req->path[0], req->if_match);
}

struct reply key_rotate(struct request *req)
{
	struct new_key key = make_key(req);
	return show_once(reply_row(req, 201, Q_KEY_ROTATE, req->id, req->path[0], req->body_text,
				 key.digest, key.prefix),
		&key);
}
