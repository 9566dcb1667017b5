/* Requests: how parameters, bodies and conditions are read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/request.h"

static const struct field query[] = {
	{ "limit", FIELD_INTEGER, .min = 1, .max = 100 },
	{ "q", FIELD_LINE, .max = 20 },
	{ NULL },
};
static const struct field body[] = {
	{ "title", FIELD_LINE, .required = true },
	{ "note", FIELD_PROSE },
	{ "email", FIELD_EMAIL, .nullable = true },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100 },
	{ NULL },
};
static const struct route post = { "POST", "/x", ROLE_EDITOR, query, body, false, NULL, NULL };
static const struct route get = { "GET", "/x", ROLE_READER, query, NULL, false, NULL, NULL };

/* One request with at most two headers. */
struct fixture {
	struct arena *arena;
	struct http_header headers[2];
	struct http_request http;
	struct request req;
};

static struct request *begin(
	struct fixture *f, const struct route *route, const char *name, const char *value)
{
	*f = (struct fixture){ .arena = arena_create() };
	f->headers[0] = (struct http_header){ name, value };
	f->http = (struct http_request){ .method = route->method,
		.target = "/x",
		.headers = f->headers,
		.header_count = name ? 1 : 0,
		.body = "" };
	f->req = (struct request){ .arena = f->arena, .http = &f->http, .route = route };
	f->req.faults.arena = f->arena;
	return &f->req;
}

static void test_parameters_are_read_whole(void **state)
{
	(void)state;
	static const struct {
		const char *raw;
		const char *limit; /* NULL: not given */
		const char *q;
		const char *code; /* of the first fault */
	} rows[] = {
		{ NULL, NULL, NULL, NULL },
		{ "", NULL, NULL, NULL },
		{ "&&", NULL, NULL, NULL },
		{ "limit=5", "5", NULL, NULL },
		{ "limit=5&q=a+b%20c", "5", "a b c", NULL },
		{ "%6cimit=%35", "5", NULL, NULL },
		{ "q=a=b", NULL, "a=b", NULL },
		{ "q=%C5%B5%26", NULL, "\xc5\xb5&", NULL },
		{ "limit=5&limit=5", "5", NULL, "repeated_parameter" },
		{ "limit=5&%6cimit=6", "5", NULL, "repeated_parameter" },
		{ "limit", NULL, NULL, "out_of_range" },
		{ "=5", NULL, NULL, "unknown_parameter" },
		{ "LIMIT=5", NULL, NULL, "unknown_parameter" },
		{ "limit=5;q=a", NULL, NULL, "out_of_range" },
		{ "q=%0a", NULL, NULL, "bad_character" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		const char *detail = NULL;
		struct request *req = begin(&f, &get, NULL, NULL);
		req->raw_query = rows[i].raw;
		assert_null(request_read_query(req, &detail));
		const char *limit = request_query(req, "limit");
		const char *q = request_query(req, "q");
		if (!limit != !rows[i].limit || (limit && strcmp(limit, rows[i].limit) != 0) ||
			!q != !rows[i].q || (q && strcmp(q, rows[i].q) != 0) ||
			(req->faults.count > 0) != (rows[i].code != NULL))
			fail_msg("%s", rows[i].raw);
		if (rows[i].code)
			assert_string_equal(req->faults.list[0].code, rows[i].code);
		arena_destroy(f.arena);
	}
}

static void test_more_than_32_parameters_end_the_reading(void **state)
{
	(void)state;
	struct fixture f;
	const char *detail = NULL;
	struct request *req = begin(&f, &get, NULL, NULL);
	req->raw_query = "&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&";
	assert_null(request_read_query(req, &detail));
	req->raw_query = "&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&";
	assert_string_equal(request_read_query(req, &detail), "bad_request");
	assert_non_null(detail);
	arena_destroy(f.arena);
}

static void test_types_of_bodies(void **state)
{
	(void)state;
	static const struct {
		const char *method;
		const char *type; /* NULL: no header */
		bool taken;
	} rows[] = {
		{ "POST", "application/json", true },
		{ "POST", "Application/JSON; charset=UTF-8", true },
		{ "POST", "application/json;charset=\"utf-8\"", true },
		{ "POST", "application/json;", true },
		{ "POST", NULL, false },
		{ "POST", "", false },
		{ "POST", "application/jsonp", false },
		{ "POST", "application/json-patch+json", false },
		{ "POST", "application/json; charset=utf-16", false },
		{ "POST", "application/merge-patch+json", false },
		{ "PUT", "application/merge-patch+json", false },
		{ "PATCH", "application/merge-patch+json", true },
		{ "PATCH", "application/json", true },
		{ "PATCH", "application/json-patch+json", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		const char *detail = NULL;
		struct request *req =
			begin(&f, &post, rows[i].type ? "Content-Type" : NULL, rows[i].type);
		f.http.method = rows[i].method;
		f.http.body = "{\"title\":\"a\"}";
		f.http.body_length = strlen(f.http.body);
		const char *code = request_read_body(req, &detail);
		if (!code != rows[i].taken)
			fail_msg("%s %s", rows[i].method, rows[i].type);
		if (code)
			assert_string_equal(code, "unsupported_media_type");
		arena_destroy(f.arena);
	}
}

static const char *read_json(struct fixture *f, const char *json, size_t length)
{
	const char *detail = NULL;
	struct request *req = begin(f, &post, "Content-Type", "application/json");
	f->http.body = json;
	f->http.body_length = length;
	return request_read_body(req, &detail);
}

static void test_malformed_bodies(void **state)
{
	(void)state;
	static const char *const rows[] = { "", " ", "{", "[]", "\"a\"", "1", "null", "{} x",
		"{}{}", "\xef\xbb\xbf{}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}",
		"{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\xff\"}",
		"{\"a\":9223372036854775808}", "{\"a\":1e309}" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		const char *code = read_json(&f, rows[i], strlen(rows[i]));
		if (!code || strcmp(code, "malformed_json") != 0)
			fail_msg("%s: %s", rows[i], code ? code : "taken");
		assert_null(f.req.body);
		arena_destroy(f.arena);
	}
}

static void test_depth_ends_at_32(void **state)
{
	(void)state;
	for (size_t depth = 31; depth <= 33; depth++) {
		struct fixture f;
		char json[128] = "{\"title\":";
		for (size_t i = 1; i < depth; i++)
			strcat(json, "[");
		for (size_t i = 1; i < depth; i++)
			strcat(json, "]");
		strcat(json, "}");
		const char *code = read_json(&f, json, strlen(json));
		assert_int_equal(code != NULL, depth > 32);
		arena_destroy(f.arena);
	}
}

static void test_bodies_are_handed_on_in_the_form_in_which_they_are_kept(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		const char *text;
	} rows[] = {
		{ "{ \"title\" : \"a\" }", "{ \"title\" : \"a\" }" },
		{ "{\"title\":\"a\",\"note\":\"b\\r\\nc\\rd\\n\"}",
			"{\"title\":\"a\",\"note\":\"b\\nc\\nd\\n\"}" },
		{ "{\"title\":\"a\\\\r\\\\n\"}", "{\"title\":\"a\\\\r\\\\n\"}" },
		{ "{\"title\":\"a\",\"email\":\"x@b\xc3\xbc"
		  "cher.example\",\"percent\":-0}",
			"{\"title\":\"a\",\"email\":\"x@xn--bcher-kva.example\",\"percent\":0}" },
		{ "{\"title\":\"a\",\"email\":null}", "{\"title\":\"a\",\"email\":null}" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		assert_null(read_json(&f, rows[i].json, strlen(rows[i].json)));
		assert_int_equal(f.req.faults.count, 0);
		assert_string_equal(f.req.body_text, rows[i].text);
		assert_int_equal(*request_text(&f.req, "title"), 'a');
		assert_null(request_text(&f.req, "percent"));
		arena_destroy(f.arena);
	}
}

static void test_a_body_where_none_belongs(void **state)
{
	(void)state;
	struct fixture f;
	const char *detail = NULL;
	struct request *req = begin(&f, &get, NULL, NULL);
	assert_null(request_read_body(req, &detail));
	f.http.body_length = 2;
	assert_string_equal(request_read_body(req, &detail), "bad_request");
	arena_destroy(f.arena);
}

static void test_if_match(void **state)
{
	(void)state;
	static const struct {
		const char *header;   /* NULL: none */
		const char *code;     /* NULL: taken */
		const char *versions; /* NULL: whatever is there */
	} rows[] = {
		{ NULL, "precondition_required", NULL },
		{ "*", NULL, NULL },
		{ "\"3\"", NULL, "{3}" },
		{ "\"3\", \"4\"", NULL, "{3,4}" },
		{ "\"3\"\t ,\t\"4\"", NULL, "{3,4}" },
		{ "\"3-gzip\"", NULL, "{3}" },
		{ "\"3-gzip\", \"4\"", NULL, "{3,4}" },
		{ "\"-gzip\"", NULL, "{}" },
		{ "\"3-gzip-gzip\"", NULL, "{}" },
		{ "\"3-zstd\"", NULL, "{}" },
		{ "W/\"3-gzip\"", NULL, "{}" },
		{ "W/\"3\"", NULL, "{}" },
		{ "W/\"3\", \"4\"", NULL, "{4}" },
		{ "\"\"", NULL, "{}" },
		{ "\"03\"", NULL, "{}" },
		{ "\"x,y\", \"5\"", NULL, "{5}" },
		{ "\"1234567890123456789\"", NULL, "{}" },
		{ "", "bad_request", NULL },
		{ "3", "bad_request", NULL },
		{ "\"3", "bad_request", NULL },
		{ "\"3\",", "bad_request", NULL },
		{ ",\"3\"", "bad_request", NULL },
		{ "\"3\" \"4\"", "bad_request", NULL },
		{ "\"3\", *", "bad_request", NULL },
		{ "w/\"3\"", "bad_request", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		const char *detail = NULL;
		struct request *req =
			begin(&f, &post, rows[i].header ? "If-Match" : NULL, rows[i].header);
		const char *code = request_read_if_match(req, &detail);
		if (!code != !rows[i].code || (code && strcmp(code, rows[i].code) != 0))
			fail_msg("%s: %s", rows[i].header, code ? code : "taken");
		if (!code &&
			(!req->if_match != !rows[i].versions ||
				(req->if_match && strcmp(req->if_match, rows[i].versions) != 0)))
			fail_msg("%s: %s", rows[i].header, req->if_match);
		arena_destroy(f.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parameters_are_read_whole),
		cmocka_unit_test(test_more_than_32_parameters_end_the_reading),
		cmocka_unit_test(test_types_of_bodies),
		cmocka_unit_test(test_malformed_bodies),
		cmocka_unit_test(test_depth_ends_at_32),
		cmocka_unit_test(test_bodies_are_handed_on_in_the_form_in_which_they_are_kept),
		cmocka_unit_test(test_a_body_where_none_belongs),
		cmocka_unit_test(test_if_match),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
