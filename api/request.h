/* Everything that a handler may see of one request. Nothing global. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/http.h"
#include "api/keyring.h"
#include "api/routes.h"
#include "api/schema.h"
#include "common/arena.h"
#include "common/destination.h"

#define REQUEST_PARAMETERS 32

struct parameter {
	const char *name;
	const char *value; /* checked and, for a cursor, already its id */
};

struct request {
	struct arena *arena; /* lives as long as the request; nobody frees anything in it */
	const struct http_request *http;
	const struct route *route;
	const char *public_url;
	const char *id;              /* X-Request-Id, ours or the caller's */
	const char *path[2];         /* the {…} segments */
	const char *digest;          /* of the caller's key, as a bytea text; NULL on open routes */
	struct keyring_state key;    /* what this process knows of it */
	const char *if_match;        /* versions as a bigint[] text; NULL for "*" */
	const char *idempotency_key; /* of a POST; NULL without one */
	const struct destination_allow *webhook_allow;
	const char *receipt_token; /* NULL: no receipts are taken */
	struct parameter query[REQUEST_PARAMETERS];
	size_t query_count;
	json_t *body;          /* an object that fits the route's field table; NULL without one */
	const char *body_text; /* the same as it came */
	struct faults faults;
	char *target;          /* the path, cut off the parameters */
	const char *raw_query; /* what followed "?", or NULL */
	bool draining;         /* the program is about to stop */
};

/* NULL when the parameter was not given. */
const char *request_query(const struct request *req, const char *name);

/* Text of the body; NULL when absent or null. */
const char *request_text(const struct request *req, const char *name);

/* Each reads one part of the request into it; faults that a caller can mend are added to
 * req->faults. Each returns NULL, or the code of what ends the request at once (malformed input);
 * *detail then says more. */
const char *request_read_query(struct request *req, const char **detail);
const char *request_read_body(struct request *req, const char **detail);
/* The body as JSON, for a handler whose route takes it as it came. */
const char *request_parse_json(struct request *req, const char **detail);
const char *request_read_if_match(struct request *req, const char **detail);
