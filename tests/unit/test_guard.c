/* The guard: which shapes of a request are refused before anything reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/guard.h"

#define HEADERS_MAX 6

struct shape {
	const char *method;
	const char *target;
	struct http_header headers[HEADERS_MAX];
	size_t body_length;
};

static const char *fault_of(const struct shape *shape)
{
	struct http_request request = { .method = shape->method,
		.target = shape->target,
		.headers = shape->headers,
		.body = "",
		.body_length = shape->body_length };
	while (request.header_count < HEADERS_MAX && shape->headers[request.header_count].name)
		request.header_count++;
	return guard_fault(&request);
}

static void check(const struct shape *rows, size_t count, bool sound)
{
	for (size_t i = 0; i < count; i++) {
		const char *fault = fault_of(&rows[i]);
		if (!fault != sound)
			fail_msg("row %zu, %s %s: %s", i, rows[i].method, rows[i].target,
				fault ? fault : "no fault");
	}
}

#define CHECK(rows, sound) check(rows, sizeof(rows) / sizeof(*rows), sound)
#define HOST                                                                                       \
	{                                                                                          \
		"Host", "x"                                                                        \
	}

static void test_sound_requests_pass(void **state)
{
	(void)state;
	static const struct shape rows[] = {
		{ "GET", "/", { HOST }, 0 },
		{ "GET", "/v1/plans?a=%20&b=+#x", { HOST }, 0 },
		{ "GET", "/v1/plans/%C5%B5", { HOST }, 0 },
		{ "GET", "/v1/plans/\xc5\xb5", { HOST }, 0 },
		{ "GET", "/v1/a..b/.well-known", { HOST }, 0 },
		{ "GET", "/v1?a=//&b=/../%2F", { HOST }, 0 },
		{ "GET", "/v1", { HOST, { "Content-Length", "0" } }, 0 },
		{ "GET", "/v1", { HOST, { "If-None-Match", "\"1\", \"2\"" } }, 0 },
		{ "POST", "/v1", { HOST, { "Content-Length", "2" } }, 2 },
		{ "PATCH", "/v1", { HOST, { "Transfer-Encoding", "Chunked" } }, 2 },
		{ "PUT", "/v1", { HOST, { "X-A_b.c!", "" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-A", "a\tb" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-A", "a" }, { "x-a", "b" } }, 0 },
		{ "OPTIONS", "*", { HOST }, 0 },
	};
	CHECK(rows, true);
}

static void test_doubtful_headers_are_refused(void **state)
{
	(void)state;
	static const struct shape rows[] = {
		{ "GET", "/v1", { { "X-A", "b" } }, 0 },
		{ "GET", "/v1", { { "Host", "" } }, 0 },
		{ "GET", "/v1", { { "Host", "x,y" } }, 0 },
		{ "GET", "/v1", { HOST, { "Transfer-Encoding ", "chunked" } }, 0 },
		{ "GET", "/v1", { HOST, { "If-Match\"2\"", "" } }, 0 },
		{ "GET", "/v1", { HOST, { "X A", "" } }, 0 },
		{ "GET", "/v1", { HOST, { "", "x" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-\xc3\xa4", "x" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-A", "\xff" } }, 0 },
		{ "GET", "/v1", { HOST, { "Authorization", "Bearer a,Bearer b" } }, 0 },
		{ "GET", "/v1", { HOST, { "authorization", "a,b" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-Request-Id", "a,b" } }, 0 },
		{ "POST", "/v1", { HOST, { "Content-Type", "a/b,c/d" } }, 0 },
		{ "POST", "/v1", { HOST, { "Idempotency-Key", "a,b" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-A", "b\rContent-Length: 2" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-A", "\x0b" } }, 0 },
		{ "GET", "/v1", { HOST, { "X-A", "\x7f" } }, 0 },
		{ "GET", "/v1", { HOST, { "host", "x" } }, 0 },
		{ "GET", "/v1", { HOST, { "Authorization", "a" }, { "authorization", "a" } }, 0 },
		{ "GET", "/v1",
			{ HOST, { "If-None-Match", "\"1\"" }, { "if-none-match", "\"2\"" } }, 0 },
		{ "POST", "/v1", { HOST, { "Content-Length2", "" } }, 0 },
		{ "POST", "/v1", { HOST, { "transfer-encodingchunked", "" } }, 0 },
	};
	CHECK(rows, false);
}

static void test_doubtful_framing_is_refused(void **state)
{
	(void)state;
	static const struct shape rows[] = {
		{ "POST", "/",
			{ HOST, { "Content-Length", "2" }, { "Transfer-Encoding", "chunked" } },
			2 },
		{ "POST", "/", { HOST, { "Content-Length", "2,2" } }, 2 },
		{ "POST", "/", { HOST, { "Content-Length", "2" }, { "content-length", "2" } }, 2 },
		{ "POST", "/",
			{ HOST, { "Transfer-Encoding", "chunked" },
				{ "transfer-encoding", "chunked" } },
			2 },
		{ "POST", "/", { HOST, { "Content-Length", "" } }, 0 },
		{ "POST", "/", { HOST, { "Content-Length", "+2" } }, 2 },
		{ "POST", "/", { HOST, { "Content-Length", "0x2" } }, 2 },
		{ "POST", "/", { HOST, { "Content-Length", " 2" } }, 2 },
		{ "POST", "/", { HOST, { "Transfer-Encoding", "gzip, chunked" } }, 2 },
		{ "POST", "/", { HOST, { "Transfer-Encoding", "chunked " } }, 2 },
		{ "POST", "/", { HOST, { "Transfer-Encoding", "" } }, 0 },
		{ "GET", "/", { HOST }, 1 },
		{ "GET", "/", { HOST, { "Content-Length", "1" } }, 0 },
		{ "GET", "/", { HOST, { "Content-Length", "00" } }, 0 },
		{ "HEAD", "/", { HOST, { "Transfer-Encoding", "chunked" } }, 0 },
		{ "DELETE", "/", { HOST, { "Content-Length", "2" } }, 2 },
		{ "OPTIONS", "/", { HOST, { "Content-Length", "2" } }, 2 },
		{ "TRACE", "/", { HOST }, 2 },
	};
	CHECK(rows, false);
}

static void test_doubtful_targets_are_refused(void **state)
{
	(void)state;
	static const char *const targets[] = { "", "*", "v1", "http://x/", "//", "//v1", "/v1//a",
		"/v1/", "/v1/?a", "/.", "/..", "/v1/.", "/v1/..", "/v1/./a", "/v1/../a", "/v1/%2e",
		"/v1/%2E%2e/a", "/v1/%2f", "/v1%2Fa", "/%", "/%4", "/%zz", "/%g0", "/%0g", "/?%",
		"/?a=%0", "/%00", "/?%00", "/%ff", "/?%c0%af", "/?%ed%a0%80", "/\xff", "/a b",
		"/a\tb", "/a\x01", "/a\x7f" };
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		if (!fault_of(&(struct shape){ "GET", targets[i], { HOST }, 0 }))
			fail_msg("%s passed", targets[i]);
	assert_non_null(fault_of(&(struct shape){ "GET", "*", { HOST }, 0 }));
}

static void test_a_target_has_at_most_4096_bytes(void **state)
{
	(void)state;
	char target[GUARD_TARGET_BYTES + 2];
	memset(target, 'a', sizeof(target));
	target[0] = '/';
	target[GUARD_TARGET_BYTES] = '\0';
	assert_null(fault_of(&(struct shape){ "GET", target, { HOST }, 0 }));
	target[GUARD_TARGET_BYTES] = 'a';
	target[GUARD_TARGET_BYTES + 1] = '\0';
	assert_non_null(fault_of(&(struct shape){ "GET", target, { HOST }, 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound_requests_pass),
		cmocka_unit_test(test_doubtful_headers_are_refused),
		cmocka_unit_test(test_doubtful_framing_is_refused),
		cmocka_unit_test(test_doubtful_targets_are_refused),
		cmocka_unit_test(test_a_target_has_at_most_4096_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
