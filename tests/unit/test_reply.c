/* Replies: how refusals, faults and rows become answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/reply.h"

/* The one row that PostgreSQL would have given, in place of common/db.c. */
struct row {
	const char *body;
	const char *etag;
	const char *location;
	const char *next_cursor;
};

const char *db_field(const struct db_rows *rows, int row, const char *column)
{
	const struct row *one = rows->result;
	assert_int_equal(row, 0);
	return strcmp(column, "body") == 0       ? one->body
	       : strcmp(column, "etag") == 0     ? one->etag
	       : strcmp(column, "location") == 0 ? one->location
						 : one->next_cursor;
}

struct fixture {
	struct arena *arena;
	struct http_header headers[1];
	struct http_request http;
	struct request req;
	struct http_answer answer;
};

static struct request *begin(struct fixture *f, const char *method, const char *if_none_match)
{
	*f = (struct fixture){ .arena = arena_create() };
	f->headers[0] = (struct http_header){ "If-None-Match", if_none_match };
	f->http = (struct http_request){ .method = method,
		.target = "/v1/x",
		.headers = f->headers,
		.header_count = if_none_match ? 1 : 0 };
	f->req = (struct request){ .arena = f->arena,
		.http = &f->http,
		.id = "r-1",
		.public_url = "https://plans.example" };
	f->req.target = arena_strdup(f->arena, "/v1/x");
	f->req.faults.arena = f->arena;
	return &f->req;
}

static const char *header(const struct fixture *f, const char *name)
{
	const struct http_request as_request = { .headers = f->answer.headers,
		.header_count = f->answer.header_count };
	return http_header(&as_request, name);
}

static void test_a_problem_says_what_where_and_which_call(void **state)
{
	(void)state;
	struct fixture f;
	struct request *req = begin(&f, "GET", NULL);
	struct reply reply = reply_problem(404, "not_found", "There is no \"such\"\n thing");
	reply_render_problem(req, &reply, &f.answer);
	assert_int_equal(f.answer.status, 404);
	assert_string_equal(header(&f, "Content-Type"), "application/problem+json");
	assert_string_equal(f.answer.body,
		"{\"type\":\"https://plans.example/errors/not_found\",\"title\":\"There is no such thing\",\"status\":404,"
		"\"detail\":\"There is no \\\"such\\\"\\n thing\",\"instance\":\"/v1/x\",\"code\":\"not_found\","
		"\"request_id\":\"r-1\"}");
	assert_int_equal(f.answer.body_length, strlen(f.answer.body));
	arena_destroy(f.arena);
}

static void test_faults_are_listed_and_choose_the_status(void **state)
{
	(void)state;
	struct fixture f;
	struct request *req = begin(&f, "POST", NULL);
	faults_add(&req->faults, "/a", "required", "Must be given");
	assert_int_equal(reply_faults(req).status, 422);
	faults_add(&req->faults, "?b", "unknown_parameter", "Unknown");
	struct reply reply = reply_faults(req);
	assert_int_equal(reply.status, 400);
	reply_render_problem(req, &reply, &f.answer);
	assert_non_null(strstr(f.answer.body,
		"\"errors\":[{\"pointer\":\"/a\",\"code\":\"required\",\"detail\":\"Must be given\"},"
		"{\"pointer\":\"?b\",\"code\":\"unknown_parameter\",\"detail\":\"Unknown\"}]}"));
	arena_destroy(f.arena);
}

static void test_some_problems_have_headers_of_their_own(void **state)
{
	(void)state;
	static const struct {
		const char *method;
		int status;
		const char *name;
		const char *value;
	} rows[] = {
		{ "GET", 401, "WWW-Authenticate", "Bearer" },
		{ "GET", 503, "Retry-After", "2" },
		{ "PATCH", 415, "Accept-Patch", "application/merge-patch+json, application/json" },
		{ "POST", 415, "Accept-Patch", NULL },
		{ "GET", 404, "WWW-Authenticate", NULL },
		{ "GET", 500, "Retry-After", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		struct request *req = begin(&f, rows[i].method, NULL);
		struct reply reply = reply_problem(rows[i].status, "invalid", "y");
		reply_render_problem(req, &reply, &f.answer);
		const char *value = header(&f, rows[i].name);
		assert_int_equal(value != NULL, rows[i].value != NULL);
		if (value)
			assert_string_equal(value, rows[i].value);
		arena_destroy(f.arena);
	}
}

static void test_a_row_is_passed_through_with_its_tag(void **state)
{
	(void)state;
	struct fixture f;
	struct row row = { .body = "{\"id\":1}", .etag = "3", .location = "/v1/x/1" };
	struct db_rows rows = { .result = &row, .count = 1 };
	struct request *req = begin(&f, "POST", NULL);
	reply_render_rows(
		req, &(struct reply){ .kind = REPLY_ROW, .status = 201 }, &rows, &f.answer);
	assert_int_equal(f.answer.status, 201);
	assert_ptr_equal(f.answer.body, row.body);
	assert_string_equal(header(&f, "ETag"), "\"3\"");
	assert_string_equal(header(&f, "Location"), "/v1/x/1");
	arena_destroy(f.arena);
}

static void test_a_secret_is_put_in_front_of_the_row(void **state)
{
	(void)state;
	struct fixture f;
	struct row row = { .body = "{\"id\":1}", .etag = "1" };
	struct db_rows rows = { .result = &row, .count = 1 };
	struct reply reply = {
		.kind = REPLY_ROW, .status = 201, .add_name = "token", .add_value = "a\"b"
	};
	struct request *req = begin(&f, "POST", NULL);
	reply_render_rows(req, &reply, &rows, &f.answer);
	assert_ptr_equal(
		f.answer.body, row.body); /* what is stored for a repetition has no secret */
	reply_join_secret(req, &reply, &f.answer);
	assert_string_equal(f.answer.body, "{\"token\":\"a\\\"b\",\"id\":1}");
	assert_int_equal(f.answer.body_length, strlen(f.answer.body));
	f.answer = (struct http_answer){ .status = 403, .body = "{\"x\":1}", .body_length = 7 };
	reply_join_secret(req, &reply, &f.answer);
	assert_string_equal(f.answer.body, "{\"x\":1}");
	arena_destroy(f.arena);
}

static void test_known_tags_are_not_sent_again(void **state)
{
	(void)state;
	static const struct {
		const char *method;
		const char *known;
		int status;
	} rows[] = {
		{ "GET", NULL, 200 },
		{ "GET", "\"3\"", 304 },
		{ "HEAD", "\"3\"", 304 },
		{ "GET", "W/\"3\"", 304 },
		{ "GET", "\"1\", \"3\"", 304 },
		{ "GET", "*", 304 },
		{ "GET", "\"13\"", 200 },
		{ "GET", "\"33\"", 200 },
		{ "GET", "\"3-gzip\"", 304 },
		{ "GET", "\"1\",\"3\"", 304 },
		{ "GET", "\"1\" \"3\"", 200 },
		{ "GET", "\"\\\"3\"", 200 },
		{ "GET", "3", 200 },
		{ "PATCH", "\"3\"", 200 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		struct row row = { .body = "{}", .etag = "3" };
		struct db_rows given = { .result = &row, .count = 1 };
		reply_render_rows(begin(&f, rows[i].method, rows[i].known),
			&(struct reply){ .kind = REPLY_ROW, .status = 200 }, &given, &f.answer);
		if (f.answer.status != rows[i].status)
			fail_msg("%s %s", rows[i].method, rows[i].known);
		assert_int_equal(
			f.answer.body_length, 2); /* gzip.c needs to know, and sends none */
		assert_string_equal(header(&f, "ETag"), "\"3\"");
		arena_destroy(f.arena);
	}
}

static void test_a_list_links_to_its_next_page_with_the_same_filters(void **state)
{
	(void)state;
	static const struct {
		const char *query; /* NULL: none */
		const char *link;
	} rows[] = {
		{ NULL, "<https://plans.example/v1/x?cursor=djE6NQ>; rel=\"next\"" },
		{ "limit=5&q=a+b",
			"<https://plans.example/v1/x?limit=5&q=a+b&cursor=djE6NQ>; rel=\"next\"" },
		{ "cursor=djE6MQ&limit=5",
			"<https://plans.example/v1/x?limit=5&cursor=djE6NQ>; rel=\"next\"" },
		{ "&limit=5&", "<https://plans.example/v1/x?limit=5&cursor=djE6NQ>; rel=\"next\"" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		struct row row = { .body = "{}", .next_cursor = "djE6NQ" };
		struct db_rows given = { .result = &row, .count = 1 };
		struct request *req = begin(&f, "GET", NULL);
		req->raw_query = rows[i].query;
		reply_render_rows(req, &(struct reply){ .kind = REPLY_LIST, .status = 200 }, &given,
			&f.answer);
		assert_string_equal(header(&f, "Link"), rows[i].link);
		assert_null(header(&f, "ETag"));
		arena_destroy(f.arena);
	}
}

static void test_a_feed_links_by_its_own_parameter(void **state)
{
	(void)state;
	struct fixture f;
	struct row row = { .body = "{}", .next_cursor = "5:9f86" };
	struct db_rows given = { .result = &row, .count = 1 };
	struct reply reply = { .kind = REPLY_LIST, .status = 200, .cursor = "after" };
	struct request *req = begin(&f, "GET", NULL);
	req->raw_query = "after=1:ab&afterwards=2&limit=5";
	reply_render_rows(req, &reply, &given, &f.answer);
	assert_string_equal(header(&f, "Link"),
		"<https://plans.example/v1/x?afterwards=2&limit=5&after=5:9f86>; rel=\"next\"");
	arena_destroy(f.arena);
}

static void test_the_last_page_links_nowhere(void **state)
{
	(void)state;
	struct fixture f;
	struct row row = { .body = "{}" };
	struct db_rows given = { .result = &row, .count = 1 };
	reply_render_rows(begin(&f, "GET", NULL),
		&(struct reply){ .kind = REPLY_LIST, .status = 200 }, &given, &f.answer);
	assert_null(header(&f, "Link"));
	arena_destroy(f.arena);
}

static void test_what_sql_refuses_is_said_in_the_callers_words(void **state)
{
	(void)state;
	static const struct {
		struct db_rows rows;
		int status;
		const char *code;
		const char *pointer; /* NULL: no fault */
	} rows[] = {
		{ { NULL, 0, "GT412", "stale_version", "It has changed", "" }, 412, "stale_version",
			NULL },
		{ { NULL, 0, "GT422", "unknown_lead", "No lead 9", "/leads/0/lead" }, 422,
			"unknown_lead", "/leads/0/lead" },
		{ { NULL, 0, "23505", "plan_slug_key", "", "" }, 409, "slug_taken", "/slug" },
		{ { NULL, 0, "23505", "lead_post_key_key", "", "" }, 409, "lead_exists", "/name" },
		{ { NULL, 0, "23514", "update_says_something", "", "" }, 422, "invalid", "/note" },
		{ { NULL, 0, "23505", "something_new", "", "" }, 409, "conflict", NULL },
		{ { NULL, 0, "23514", "something_new", "", "" }, 422, "invalid", NULL },
		{ { NULL, 0, "22P02", "", "", "" }, 422, "invalid", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		struct request *req = begin(&f, "POST", NULL);
		struct reply reply = reply_refused(req, &rows[i].rows);
		assert_int_equal(reply.status, rows[i].status);
		assert_string_equal(reply.code, rows[i].code);
		assert_int_equal(req->faults.count, rows[i].pointer ? 1 : 0);
		if (rows[i].pointer)
			assert_string_equal(req->faults.list[0].pointer, rows[i].pointer);
		arena_destroy(f.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_problem_says_what_where_and_which_call),
		cmocka_unit_test(test_faults_are_listed_and_choose_the_status),
		cmocka_unit_test(test_some_problems_have_headers_of_their_own),
		cmocka_unit_test(test_a_row_is_passed_through_with_its_tag),
		cmocka_unit_test(test_a_secret_is_put_in_front_of_the_row),
		cmocka_unit_test(test_known_tags_are_not_sent_again),
		cmocka_unit_test(test_a_list_links_to_its_next_page_with_the_same_filters),
		cmocka_unit_test(test_a_feed_links_by_its_own_parameter),
		cmocka_unit_test(test_the_last_page_links_nowhere),
		cmocka_unit_test(test_what_sql_refuses_is_said_in_the_callers_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
