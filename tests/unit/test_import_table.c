/* Tab-separated text as a grid, and files that are no plan: each is refused with a place and a
 * reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/import/import.h"
#include "api/import/table_text.h"
#include "common/text.h"

#define HEADING "\tRecommendation\tAction\tLead\tTimescale\n"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_create();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct import_table read_text(const char *text)
{
	struct import_table table;
	struct findings errors;
	table_init(&table, arena);
	finding_init(&errors, arena);
	assert_true(table_text_read(&table, text, &errors));
	assert_int_equal(errors.count, 0);
	return table;
}

static void test_rows_and_breaks(void **state)
{
	(void)state;
	struct import_table table = read_text("Title\r\n\r\na\tb\rc\t\fd\te\n\t\nf\t");
	assert_int_equal(table.count, 5);
	assert_int_equal(table.rows[0].count, 1);
	assert_string_equal(table.rows[0].cells[0], "Title");
	assert_int_equal(table.rows[1].line, 3);
	assert_true(table.rows[1].after_break);
	assert_false(table.rows[2].after_break);
	assert_int_equal(table.rows[2].line, 4);
	assert_string_equal(table.rows[3].cells[1], "e");
	assert_true(table.rows[3].after_break);
	assert_true(table.rows[4].after_break);
	assert_int_equal(table.rows[4].line, 6);
	assert_int_equal(table.rows[4].count, 2);
}

static void test_quoted_cells(void **state)
{
	(void)state;
	struct import_table table =
		read_text("\"a \"\"b\"\"\nc\"\t\"d\" e\t\"\"\n\"f\t\"g\nh\t\"i");
	assert_int_equal(table.count, 3);
	assert_string_equal(table.rows[0].cells[0], "a \"b\"\nc");
	assert_string_equal(table.rows[0].cells[1], "\"d\" e");
	assert_string_equal(table.rows[0].cells[2], "");
	assert_int_equal(table.rows[1].line, 3);
	assert_string_equal(table.rows[1].cells[0], "\"f");
	assert_string_equal(table.rows[1].cells[1], "\"g");
	assert_string_equal(table.rows[2].cells[1], "\"i");
}

/* The first error of a file that must be refused. */
static struct finding refusal(const char *bytes, size_t length)
{
	struct import_doc doc;
	assert_false(import_read(arena, bytes, length, NULL, NULL, &doc));
	assert_true(doc.plan.errors.count > 0);
	assert_non_null(strstr(doc.json, doc.plan.errors.items[0].code));
	return doc.plan.errors.items[0];
}

static void assert_refused(const char *text, const char *code, int row)
{
	struct finding error = refusal(text, strlen(text));
	assert_string_equal(error.code, code);
	assert_int_equal(error.row, row);
}

static void test_no_plan(void **state)
{
	(void)state;
	assert_refused("", "empty_file", 0);
	assert_refused("\n\n \r\n\f", "empty_file", 0);
	assert_refused("\t\t\t\n\t\n\t\t", "empty_file", 0);
	assert_refused("Just a line\nand another", "no_table", 0);
	assert_refused("Action\nReview it\n", "no_table", 0);
	assert_refused("a\tb\tc\n1\t2\t3\n", "no_heading", 1);
	assert_refused("Title\n\n" HEADING, "no_rows", 3);
	assert_refused(HEADING "\t\t\t\t\n", "no_rows", 1);
	assert_refused("%PDF-1.7\n\tx", "unknown_form", 0);
	assert_refused("PK\x03\x04\t", "broken_file", 0);
	assert_refused("\xff\xfe\x31", "not_utf8", 0);
	assert_refused("a\tb\nc\t\x81 100\n", "not_utf8", 2);
	assert_refused("a\tb\r\nc\td\r\n\xed\xa0\x81", "not_utf8", 3);
	struct finding error = refusal("a\tb\n\0c", 6);
	assert_string_equal(error.code, "not_text");
	assert_int_equal(error.row, 2);
}

static void test_rows_that_cannot_be_stored(void **state)
{
	(void)state;
	assert_refused(HEADING "1\tA\tDo\t\t\n2\t\tDo\t\t\n", "recommendation_blank", 3);
	assert_refused(HEADING "1\tA\tDo\t\t\n1\tB\tDo\t\t\n", "number_repeated", 3);
	assert_refused("No" HEADING
		       "A number far too long to be the number of anything\tA\tDo\t\t\n",
		"text_too_long", 2);
}

static char *filled(size_t length, char byte)
{
	char *text = malloc(length + 1);
	assert_non_null(text);
	memset(text, byte, length);
	text[length] = '\0';
	return text;
}

static void test_too_much(void **state)
{
	(void)state;
	char *tabs = filled(100000, '\t');
	assert_refused(tabs, "too_many_cells", 1);
	free(tabs);
	char *cell = filled((size_t)10 * 1024 * 1024, 'x');
	cell[5] = '\t';
	assert_refused(cell, "cell_too_long", 1);
	cell[6] = '"';
	assert_refused(cell, "cell_too_long", 1);
	free(cell);
	char *file = filled(TABLE_BYTES + 1, '\n');
	assert_refused(file, "file_too_big", 0);
	free(file);
}

static void test_too_many_rows(void **state)
{
	(void)state;
	struct text rows;
	text_init(&rows, arena);
	text_add(&rows, HEADING);
	for (int i = 0; i < TABLE_ROWS; i++)
		text_add(&rows, "\t\tgo on\t\t\n");
	assert_refused(rows.bytes, "too_many_rows", TABLE_ROWS + 1);
	text_init(&rows, arena);
	text_add(&rows, HEADING);
	for (int i = 0; i < PLAN_BUILD_ACTIONS + 1; i++)
		text_add(&rows, "1\tA\tDo it\tThe Clerk\tMay 2022\n");
	assert_refused(rows.bytes, "too_many_actions", 0);
}

static void test_options_that_cannot_be_stored(void **state)
{
	(void)state;
	static const char text[] = HEADING "1\tA\tDo it\tThe Clerk\tMay 2022\n";
	static const struct {
		struct import_options options;
		const char *code;
	} samples[] = {
		{ { .slug = "2021" }, "bad_slug" },
		{ { .slug = "St-Helens" }, "bad_slug" },
		{ { .slug = "a--b" }, "bad_slug" },
		{ { .source_url = "ftp://example.org/" }, "bad_url" },
		{ { .source_url = "https://example.org/a b" }, "bad_url" },
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct import_doc doc;
		assert_false(
			import_read(arena, text, strlen(text), NULL, &samples[i].options, &doc));
		assert_string_equal(doc.plan.errors.items[0].code, samples[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows_and_breaks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_quoted_cells, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_plan, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rows_that_cannot_be_stored, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_too_much, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_too_many_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_options_that_cannot_be_stored, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
