/* The table of a plan as CSV, and the guard of its cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/export/export_cell.h"
#include "api/export/export_csv.h"
#include "api/import/xlsx_text.h"

static void test_what_looks_like_a_formula_is_guarded_and_comes_back(void **state)
{
	static const char *const guarded[] = { "=1", "+1", "-1", "@a", "\ta", "\ra", "'=1", "''-1",
		"-" };
	static const char *const plain[] = { "", "a=1", " =1", "'", "''", "'a'", "’=1", "1-2" };
	struct arena *arena = arena_create();
	(void)state;
	for (size_t i = 0; i < sizeof(guarded) / sizeof(*guarded); i++) {
		const char *cell = export_cell_guard(arena, guarded[i]);
		assert_int_equal(cell[0], '\'');
		assert_string_equal(export_cell_plain(cell), guarded[i]);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		assert_string_equal(export_cell_guard(arena, plain[i]), plain[i]);
		assert_string_equal(export_cell_plain(plain[i]), plain[i]);
	}
	arena_destroy(arena);
}

static const char *write(struct arena *arena, const char *(*rows)[EXPORT_COLUMNS], int count)
{
	struct text text;
	struct export_table table = { .rows = rows, .count = count };
	text_init(&text, arena);
	export_csv_write(&table, &text);
	return text.bytes;
}

static void test_only_cells_that_need_it_are_quoted(void **state)
{
	struct arena *arena = arena_create();
	const char *rows[1][EXPORT_COLUMNS];
	(void)state;
	for (int i = 0; i < EXPORT_COLUMNS; i++)
		rows[0][i] = "";
	rows[0][EXPORT_NUMBER] = "R4";
	rows[0][EXPORT_RECOMMENDATION] = "a \"b\"";
	rows[0][EXPORT_RESPONSE] = "a, b";
	rows[0][EXPORT_REFERENCE] = "one\ntwo";
	rows[0][EXPORT_ACTION] = " space ";
	rows[0][EXPORT_LEAD] = "-lead";
	const char *bytes = write(arena, rows, 1);
	assert_memory_equal(
		bytes, "\xef\xbb\xbfRecommendation number,Recommendation,Response,", 48);
	const char *row = strstr(bytes, "\r\n") + 2;
	assert_string_equal(
		row, "R4,\"a \"\"b\"\"\",\"a, b\",\"one\ntwo\",\" space \",'-lead,,,,,,,,,,,,\r\n");
	arena_destroy(arena);
}

static void test_an_empty_plan_is_its_headings(void **state)
{
	struct arena *arena = arena_create();
	const char *bytes = write(arena, NULL, 0);
	(void)state;
	assert_string_equal(strstr(bytes, "\r\n"), "\r\n");
	arena_destroy(arena);
}

/* How a spreadsheet writes what XML cannot hold, and how it is read. */
static void test_numbered_characters_of_a_spreadsheet_are_read(void **state)
{
	static const struct {
		const char *written, *read;
	} cases[] = { { "a_x000D_b", "a\rb" }, { "_x005F_x000D_", "_x000D_" },
		{ "_x00e9__x20AC_", "é€" }, { "_x000_", "_x000_" }, { "_xD83D_", "_xD83D_" },
		{ "_x0000_", "_x0000_" }, { "_x", "_x" }, { "", "" } };
	struct arena *arena = arena_create();
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
			xlsx_text_decode(arena, cases[i].written, strlen(cases[i].written)),
			cases[i].read);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_looks_like_a_formula_is_guarded_and_comes_back),
		cmocka_unit_test(test_only_cells_that_need_it_are_quoted),
		cmocka_unit_test(test_an_empty_plan_is_its_headings),
		cmocka_unit_test(test_numbered_characters_of_a_spreadsheet_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
