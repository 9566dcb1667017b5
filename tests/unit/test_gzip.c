/* Packing answers: when, and that zlib gives back what went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#include "api/gzip.h"

struct fixture {
	struct arena *arena;
	struct http_header asked;
	struct http_request http;
	struct http_answer answer;
};

/* An answer of so many bytes, finished for a client that asks for this. */
static void finish(struct fixture *f, const char *accept, struct http_answer answer, size_t length)
{
	*f = (struct fixture){ .arena = arena_create(), .answer = answer };
	f->asked = (struct http_header){ "Accept-Encoding", accept };
	f->http = (struct http_request){ .headers = &f->asked, .header_count = accept ? 1 : 0 };
	char *body = arena_alloc(f->arena, length + 1);
	for (size_t i = 0; i < length; i++)
		body[i] = (char)('a' + (i * i / 7) % 23);
	f->answer.body = body;
	f->answer.body_length = length;
	http_answer_header(&f->answer, "ETag", "\"12\"");
	gzip_finish(f->arena, &f->http, &f->answer);
}

static const char *header(const struct fixture *f, const char *name)
{
	const struct http_request as_request = { .headers = f->answer.headers,
		.header_count = f->answer.header_count };
	return http_header(&as_request, name);
}

static void test_what_is_packed_comes_out_as_it_went_in(void **state)
{
	(void)state;
	static const size_t lengths[] = { 1025, 5000, 16383, 16384, 16385, 100000, 3000000 };
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct fixture f;
		finish(&f, "gzip", (struct http_answer){ .status = 200 }, lengths[i]);
		assert_string_equal(header(&f, "Content-Encoding"), "gzip");
		assert_true(f.answer.body_length < lengths[i]);
		unsigned char *out = arena_alloc(f.arena, lengths[i] + 1);
		z_stream stream = { .next_in = (const unsigned char *)f.answer.body,
			.avail_in = (uInt)f.answer.body_length,
			.next_out = out,
			.avail_out = (uInt)lengths[i] + 1 };
		assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
		assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
		assert_int_equal(stream.total_out, lengths[i]);
		for (size_t at = 0; at < lengths[i]; at++)
			assert_int_equal(out[at], 'a' + (at * at / 7) % 23);
		inflateEnd(&stream);
		arena_destroy(f.arena);
	}
}

static void test_it_is_packed_when_asked_for_and_worth_it(void **state)
{
	(void)state;
	static const struct {
		const char *accept;
		enum http_packing packing;
		int status;
		size_t length;
		bool packed;
		const char *etag;
		const char *vary;
	} rows[] = {
		{ "gzip", HTTP_PACK_LONG, 200, 1025, true, "\"12-gzip\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_LONG, 200, 1024, false, "\"12\"", "Accept-Encoding" },
		{ NULL, HTTP_PACK_LONG, 200, 5000, false, "\"12\"", "Accept-Encoding" },
		{ "br", HTTP_PACK_LONG, 200, 5000, false, "\"12\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_ALWAYS, 200, 10, true, "\"12-gzip\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_NEVER, 200, 5000, false, "\"12\"", "Accept-Encoding" },
		{ "identity;q=0, gzip", HTTP_PACK_LONG, 200, 10, true, "\"12-gzip\"",
			"Accept-Encoding" },
		{ "identity;q=0, gzip", HTTP_PACK_NEVER, 200, 10, true, "\"12-gzip\"",
			"Accept-Encoding" },
		{ "identity;q=0", HTTP_PACK_LONG, 406, 5000, false, "\"12\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_LONG, 204, 0, false, "\"12\"", NULL },
		/* a 304 has the headers of the answer that it stands for, and no body */
		{ "gzip", HTTP_PACK_LONG, 304, 1025, false, "\"12-gzip\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_LONG, 304, 1024, false, "\"12\"", "Accept-Encoding" },
		{ NULL, HTTP_PACK_LONG, 304, 5000, false, "\"12\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_ALWAYS, 304, 0, false, "\"12-gzip\"", "Accept-Encoding" },
		{ "gzip", HTTP_PACK_NEVER, 304, 0, false, "\"12\"", "Accept-Encoding" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture f;
		struct http_answer answer = { .status = rows[i].status,
			.packing = rows[i].packing };
		finish(&f, rows[i].accept, answer, rows[i].length);
		const char *coding = header(&f, "Content-Encoding");
		const char *vary = header(&f, "Vary");
		if (!coding != !rows[i].packed || !vary != !rows[i].vary ||
			strcmp(header(&f, "ETag"), rows[i].etag) != 0)
			fail_msg("row %zu: %s, %s, %s", i, coding, vary, header(&f, "ETag"));
		if (rows[i].status == 304)
			assert_int_equal(f.answer.body_length, 0);
		arena_destroy(f.arena);
	}
}

static void test_the_same_body_gives_the_same_bytes(void **state)
{
	(void)state;
	struct fixture a;
	struct fixture b;
	finish(&a, "gzip", (struct http_answer){ .status = 200 }, 5000);
	finish(&b, "*", (struct http_answer){ .status = 200 }, 5000);
	assert_int_equal(a.answer.body_length, b.answer.body_length);
	assert_memory_equal(a.answer.body, b.answer.body, a.answer.body_length);
	arena_destroy(a.arena);
	arena_destroy(b.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_packed_comes_out_as_it_went_in),
		cmocka_unit_test(test_it_is_packed_when_asked_for_and_worth_it),
		cmocka_unit_test(test_the_same_body_gives_the_same_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
