/* Idempotency-Key: a POST that is sent again does nothing twice and gets the same answer
 * (draft-ietf-httpapi-idempotency-key-header-07). */
#pragma once

#include "api/reply.h"
#include "api/request.h"

typedef void (*idempotency_answer_fn)(
	struct request *req, const struct reply *reply, struct http_answer *answer);

/* Reads the header of a POST into req->idempotency_key. Returns NULL, or the code of what ends the
 * request; *detail then says more. */
const char *idempotency_read(struct request *req, const char **detail) MUSTCHECK;

/* Answers a request that has a key: with the stored answer when there is one, else by run, in one
 * transaction with the storing. Only answers of success are stored. */
void idempotency_run(struct request *req, const struct reply *reply, struct http_answer *answer,
	idempotency_answer_fn run);

/* A new secret, of at most 32 bytes. A call with an Idempotency-Key gets the same one again: it is
 * derived from the caller's own token, so that nobody has to keep it for the repetition. */
void idempotency_secret(const struct request *req, unsigned char *secret, size_t length);
