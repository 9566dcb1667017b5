/* The map: every endpoint, who may call it, what it accepts, who answers. */
#pragma once

#include <stddef.h>

#include "api/schema.h"

#define ROUTES_BODY_BYTES ((size_t)1024 * 1024)

enum role { ROLE_ANYONE, ROLE_NOTIFY, ROLE_READER, ROLE_EDITOR, ROLE_ADMIN };

struct request;

typedef struct reply (*handler_fn)(struct request *req);

struct route {
	const char *method;
	const char *path; /* "/v1/actions/{id}"; {id} is a number, {plan} a number or a slug */
	enum role role;
	const struct field *query; /* NULL: no parameter is understood */
	const struct field *body;  /* NULL: no body is read */
	bool conditional;          /* needs If-Match */
	const char *type;          /* media type of the answer; NULL: application/json */
	handler_fn handler;
	const char *const *raw; /* media types of a body that is no JSON, ends with NULL; or NULL */
	size_t body_bytes;      /* the longest body; 0: ROUTES_BODY_BYTES */
};

extern const struct route routes[]; /* sorted by path, then method */
extern const size_t routes_count;

size_t routes_body_bytes(const struct route *route); /* route NULL: none was found */
size_t routes_body_bytes_max(void);                  /* of all routes */

const char *role_name(enum role role); /* as in SQL: "reader"; "anyone", "notify" */
