/* What a handler answers: a statement to run and how its row becomes the answer, or a refusal. */
#pragma once

#include "api/http.h"
#include "api/request.h"
#include "common/db.h"
#include "common/text.h"

enum reply_kind { REPLY_ROW, REPLY_LIST, REPLY_EMPTY, REPLY_FILE, REPLY_TEXT, REPLY_PROBLEM };

/* Builds a file from a statement's rows; false when that failed, which it has logged. */
typedef bool (*reply_build_fn)(const struct db_rows *rows, struct text *out);

struct reply {
	enum reply_kind kind;
	int status;
	size_t query;              /* ROW, LIST, EMPTY, FILE */
	const char *const *params; /* as many as the statement has; the first is the key's digest */
	const char *cursor;        /* LIST: the parameter that Link sets; NULL: cursor */
	const char *add_name;      /* ROW: a member put in front of the row's JSON, or NULL */
	const char *add_value;
	reply_build_fn build; /* FILE */
	const char *suffix;   /* FILE: of its name, which is the plan's slug */
	const char *type;     /* TEXT, FILE: its media type */
	const char *policy;   /* TEXT: a page's Content-Security-Policy, or NULL */
	/* ROW: looks at the row first. What it gives answers instead, unless its status is 0. */
	struct reply (*then)(struct request *req, const struct db_rows *rows);
	const char *text;
	size_t length;
	const char *code; /* PROBLEM */
	const char *detail;
};

/* The one row's column body with its column etag; column location too for 201. Handlers name the
 * statement's parameters after the digest. */
#define reply_row(req, status, query, ...)                                                         \
	reply_query(req, REPLY_ROW, status, query, (const char *const[]){ NULL, __VA_ARGS__ },     \
		sizeof((const char *const[]){ NULL, __VA_ARGS__ }) / sizeof(const char *))

/* A page: column body holds {"items", "next_cursor"}, column next_cursor the same for Link. */
#define reply_list(req, query, ...)                                                                \
	reply_query(req, REPLY_LIST, 200, query, (const char *const[]){ NULL, __VA_ARGS__ },       \
		sizeof((const char *const[]){ NULL, __VA_ARGS__ }) / sizeof(const char *))

/* 204 once the statement gave its row. */
#define reply_empty(req, query, ...)                                                               \
	reply_query(req, REPLY_EMPTY, 204, query, (const char *const[]){ NULL, __VA_ARGS__ },      \
		sizeof((const char *const[]){ NULL, __VA_ARGS__ }) / sizeof(const char *))

/* A file for a plan, the path's {plan}: built from the rows, whose first has the columns slug and
 * etag. type is the whole Content-Type. */
struct reply reply_file(struct request *req, size_t query, reply_build_fn build, const char *type,
	const char *suffix);

struct reply reply_query(struct request *req, enum reply_kind kind, int status, size_t query,
	const char *const *params, size_t count);

struct reply reply_text(int status, const char *type, const char *text, size_t length);
/* HTML, with the Content-Security-Policy that fits it. */
struct reply reply_page(const char *html, size_t length, const char *policy);
struct reply reply_problem(int status, const char *code, const char *detail);

/* Several faults at once: 400 when one is in the query, else 422. They are req->faults. */
struct reply reply_faults(struct request *req);

/* The last step: what the client gets. */
void reply_render_problem(
	struct request *req, const struct reply *reply, struct http_answer *answer);
void reply_render_rows(struct request *req, const struct reply *reply, const struct db_rows *rows,
	struct http_answer *answer);
void reply_render_text(const struct reply *reply, struct http_answer *answer);

/* SQL said no: a rule, a constraint, a value. */
struct reply reply_refused(struct request *req, const struct db_rows *rows);

/* What a statement that did not give rows (any outcome but DB_DONE) means to the caller. */
struct reply reply_outcome(
	struct request *req, enum db_outcome outcome, const struct db_rows *rows);

/* The last touch: a secret of the row's answer, which is shown once, joins its body here. */
void reply_join_secret(struct request *req, const struct reply *reply, struct http_answer *answer);
