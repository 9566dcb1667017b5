/* Growing strings and their JSON form; and the plain form of a published cell's bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/cell_text.h"
#include "common/text.h"

static void test_grows(void **state)
{
	struct arena *arena = arena_create();
	struct text text;
	(void)state;
	text_init(&text, arena);
	assert_string_equal(text.bytes, "");
	for (int i = 0; i < 1000; i++) {
		text_add(&text, "ab");
		text_addf(&text, "%d", i % 10);
		text_add_bytes(&text, "xyz", 1);
	}
	assert_int_equal(text.length, 4000);
	assert_int_equal(strlen(text.bytes), 4000);
	assert_memory_equal(text.bytes, "ab0xab1x", 8);
	assert_string_equal(text.bytes + 3996, "ab9x");
	arena_destroy(arena);
}

static void test_json_strings(void **state)
{
	struct arena *arena = arena_create();
	struct text text;
	(void)state;
	text_init(&text, arena);
	text_add_json(&text, "a \"b\" \\ \n\r\t\x01\x1f – é");
	text_add_json(&text, NULL);
	text_add_json(&text, "");
	assert_string_equal(text.bytes, "\"a \\\"b\\\" \\\\ \\n\\r\\t\\u0001\\u001f – é\"null\"\"");
	arena_destroy(arena);
}

static void test_cells_become_plain(void **state)
{
	static const char *const pairs[][2] = {
		{ "Dec 2021 – March", "Dec 2021 - March" },
		{ "a\u2014b\u2212c\u2011d", "a-b-c-d" },
		{ "2025\u204426", "2025/26" },
		{ "\u2018\u201924\u201c\u201d", "''24\"\"" },
		{ "\u2022 a\r\nb\u00a0c\td", "\n a \nb c d" },
		{ "caf\u00e9", "caf\u00e9" },
		{ "\xff\xe2\x80", "\xff\xe2\x80" },
	};
	struct arena *arena = arena_create();
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(cell_text_plain(arena, pairs[i][0]), pairs[i][1]);
	arena_destroy(arena);
}

static void test_clean_keeps_offsets(void **state)
{
	const char text[] = "A – b";
	char out[sizeof(text)] = "";
	(void)state;
	cell_text_clean(text, strlen(text), out);
	assert_string_equal(out, "A -   b");
	assert_int_equal(strlen(out), strlen(text));
}

static void test_bad_bytes_are_replaced(void **state)
{
	struct arena *arena = arena_create();
	const char *good = "March – é \U0001f600";
	(void)state;
	assert_ptr_equal(cell_text_utf8(arena, good), good);
	assert_string_equal(cell_text_utf8(arena, "a\xff"), "a\ufffd");
	assert_string_equal(cell_text_utf8(arena, "\xc0\xaf"), "\ufffd\ufffd");
	assert_string_equal(cell_text_utf8(arena, "\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
	assert_string_equal(
		cell_text_utf8(arena, "\xf4\x90\x80\x80z"), "\ufffd\ufffd\ufffd\ufffdz");
	arena_destroy(arena);
}

static void test_squeeze(void **state)
{
	struct arena *arena = arena_create();
	(void)state;
	assert_string_equal(cell_text_squeeze(arena, "  a \n\t b  ", 9), "a b");
	assert_string_equal(cell_text_squeeze(arena, " \n ", 3), "");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_json_strings),
		cmocka_unit_test(test_cells_become_plain),
		cmocka_unit_test(test_clean_keeps_offsets),
		cmocka_unit_test(test_bad_bytes_are_replaced),
		cmocka_unit_test(test_squeeze),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
