/* UTF-8: what RFC 3629 allows, at its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/utf8.h"

static void test_every_edge_of_every_length(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		bool valid;
	} rows[] = {
		{ "", true },
		{ "a\x7f", true },
		{ "\x80", false },
		{ "\xbf", false },
		{ "\xc0\x80", false },
		{ "\xc1\xbf", false },
		{ "\xc2\x80", true },
		{ "\xdf\xbf", true },
		{ "\xc2", false },
		{ "\xc2\x41", false },
		{ "\xe0\x9f\xbf", false },
		{ "\xe0\xa0\x80", true },
		{ "\xed\x9f\xbf", true },
		{ "\xed\xa0\x80", false },
		{ "\xed\xbf\xbf", false },
		{ "\xee\x80\x80", true },
		{ "\xef\xbf\xbf", true },
		{ "\xe2\x82", false },
		{ "\xe2\x28\xa1", false },
		{ "\xe2\x82\x28", false },
		{ "\xf0\x8f\xbf\xbf", false },
		{ "\xf0\x90\x80\x80", true },
		{ "\xf4\x8f\xbf\xbf", true },
		{ "\xf4\x90\x80\x80", false },
		{ "\xf5\x80\x80\x80", false },
		{ "\xf0\x9f\x91", false },
		{ "\xf8\x88\x80\x80\x80", false },
		{ "\xfe", false },
		{ "\xff", false },
		{ "ok \xe2\x80\x93 ok", true },
		{ "ok \xe2\x80", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (utf8_is_valid(rows[i].bytes, strlen(rows[i].bytes)) != rows[i].valid)
			fail_msg("row %zu", i);
}

static void test_it_does_not_read_past_the_end(void **state)
{
	(void)state;
	static const char text[] = "\xe2\x82\xac";
	for (size_t length = 1; length < 3; length++)
		assert_false(utf8_is_valid(text, length));
	assert_true(utf8_is_valid(text, 3));
	assert_true(utf8_is_valid("a\0b", 3));
}

static void test_it_counts_code_points(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(""), 0);
	assert_int_equal(utf8_length("abc"), 3);
	assert_int_equal(utf8_length("\xc5\xb5\xe2\x82\xac\xf0\x9f\x91\xa9"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_edge_of_every_length),
		cmocka_unit_test(test_it_does_not_read_past_the_end),
		cmocka_unit_test(test_it_counts_code_points),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
