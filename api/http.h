/* A request as it came and an answer as it goes, free of any server library. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct http_header {
	const char *name;
	const char *value; /* repeated headers arrive joined by a comma */
};

struct http_request {
	const char *method;
	const char *target; /* the raw request target: path and query, nothing decoded */
	const struct http_header *headers;
	size_t header_count;
	const char *body;
	size_t body_length; /* at most one byte more than the limit */
};

enum http_packing {
	HTTP_PACK_LONG,   /* in gzip when that pays */
	HTTP_PACK_ALWAYS, /* the choice is made before the length is known */
	HTTP_PACK_NEVER   /* packed already */
};

struct http_answer {
	int status;
	struct http_header headers[20];
	size_t header_count;
	const char *body;
	size_t body_length; /* of a 304: what it would have been; nothing is sent */
	enum http_packing packing;
	bool bodiless; /* answer to HEAD: the length is told, the body stays here */
};

/* Case-insensitive; NULL when absent. */
const char *http_header(const struct http_request *request, const char *name);

/* Silently does nothing past the table's size: answers have a known number of headers. */
void http_answer_header(struct http_answer *answer, const char *name, const char *value);
