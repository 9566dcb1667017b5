/* Plans as councils really publish them, each compared with what a person read in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "api/import/import.h"
#include "common/text.h"

#define PLANS TESTS_DATA_DIR "/plans/"

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

static struct text read_file(const char *name, const char *ending)
{
	struct text out;
	char chunk[4096];
	FILE *file = fopen(arena_printf(arena, PLANS "%s.%s", name, ending), "rb");
	assert_non_null(file);
	text_init(&out, arena);
	for (size_t got = fread(chunk, 1, sizeof(chunk), file); got;
		got = fread(chunk, 1, sizeof(chunk), file))
		text_add_bytes(&out, chunk, got);
	fclose(file);
	return out;
}

static const char *string(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "null";
}

static void assert_same(const json_t *read, const json_t *expected, const char *key)
{
	assert_string_equal(string(read, key), string(expected, key));
}

static void check_codes(const json_t *found, const json_t *wanted)
{
	assert_int_equal(json_array_size(found), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++)
		assert_string_equal(string(json_array_get(found, i), "code"),
			json_string_value(json_array_get(wanted, i)));
}

/* What most plans do not have is only compared where the expectation names it. */
static void assert_same_if_named(const json_t *read, const json_t *expected, const char *key)
{
	if (json_object_get(expected, key))
		assert_same(read, expected, key);
}

static void check_progress(const json_t *read, const json_t *expected)
{
	const json_t *percent = json_object_get(expected, "percent");
	assert_same_if_named(read, expected, "rag");
	assert_same_if_named(read, expected, "note");
	if (percent)
		assert_true(json_equal(json_object_get(read, "percent"), percent));
	if (json_object_get(expected, "original"))
		assert_string_equal(string(json_object_get(read, "original_timescale"), "due_on"),
			string(expected, "original"));
}

static void check_leads(const json_t *leads, const json_t *wanted)
{
	assert_int_equal(json_array_size(leads), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++) {
		const json_t *lead = json_array_get(leads, i);
		const json_t *one = json_array_get(wanted, i);
		const char *name =
			json_string_value(json_is_string(one) ? one : json_array_get(one, 0));
		assert_string_equal(string(lead, "name"), name);
		if (json_is_string(one))
			continue;
		assert_string_equal(
			string(lead, "kind"), json_string_value(json_array_get(one, 1)));
		assert_string_equal(
			string(lead, "role"), json_string_value(json_array_get(one, 2)));
	}
}

static void check_action(const json_t *read, const json_t *expected)
{
	const json_t *timescale = json_object_get(read, "timescale");
	assert_same(read, expected, "reference");
	assert_same(read, expected, "description");
	assert_same(read, expected, "status");
	assert_string_equal(string(timescale, "text"), string(expected, "timescale"));
	assert_same(timescale, expected, "due_on");
	check_progress(read, expected);
	check_leads(json_object_get(read, "leads"), json_object_get(expected, "leads"));
	check_codes(json_object_get(read, "doubts"), json_object_get(expected, "doubts"));
}

static void check_recommendation(const json_t *read, const json_t *expected)
{
	const json_t *found = json_object_get(read, "actions");
	const json_t *wanted = json_object_get(expected, "actions");
	assert_same(read, expected, "number");
	assert_same(read, expected, "text");
	assert_same_if_named(read, expected, "response");
	assert_int_equal(json_array_size(found), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++)
		check_action(json_array_get(found, i), json_array_get(wanted, i));
}

/* "heading=what it is read as"; a heading alone: it is left out. */
static void check_columns(const json_t *columns, const json_t *wanted)
{
	if (!wanted)
		return;
	assert_int_equal(json_array_size(columns), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++) {
		const json_t *column = json_array_get(columns, i);
		bool read = json_is_string(json_object_get(column, "read_as"));
		assert_string_equal(arena_printf(arena, "%s%s%s", string(column, "heading"),
					    read ? "=" : "", read ? string(column, "read_as") : ""),
			json_string_value(json_array_get(wanted, i)));
	}
}

static void check_plan_of(const char *name, const char *ending)
{
	struct import_doc doc;
	struct text file = read_file(name, ending);
	json_t *expected = json_loads(read_file(name, "expected.json").bytes, 0, NULL);
	assert_non_null(expected);
	const char *kind = arena_printf(arena, "%s.%s", name, ending);
	if (!import_read(arena, file.bytes, file.length, kind, NULL, &doc))
		fail_msg("%s", doc.json);
	json_t *read = json_loads(doc.json, JSON_REJECT_DUPLICATES, NULL);
	const json_t *found = json_object_get(read, "recommendations");
	const json_t *wanted = json_object_get(expected, "recommendations");
	assert_same(json_object_get(read, "plan"), expected, "title");
	assert_int_equal(json_array_size(found), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++)
		check_recommendation(json_array_get(found, i), json_array_get(wanted, i));
	check_columns(json_object_get(read, "columns"), json_object_get(expected, "columns"));
	check_codes(json_object_get(read, "doubts"), json_object_get(expected, "doubts"));
	json_decref(read);
	json_decref(expected);
}

static void check_plan(const char *name)
{
	check_plan_of(name, "txt");
}

static void test_lists_beside_each_other(void **state)
{
	(void)state;
	check_plan("lga-2023");
}

static void test_lists_of_unequal_length(void **state)
{
	(void)state;
	check_plan("waverley-2004");
}

static void test_bare_paragraphs(void **state)
{
	(void)state;
	check_plan("maidstone-2014");
}

static void test_a_table_an_objective(void **state)
{
	(void)state;
	check_plan("rushcliffe-2025");
}

static void test_responses(void **state)
{
	(void)state;
	check_plan("housing-2023");
}

static void test_a_document_with_progress(void **state)
{
	(void)state;
	check_plan_of("peer-2024", "docx");
}

static void test_many_columns(void **state)
{
	(void)state;
	check_plan("york-send-2020");
}

static void test_columns_without_a_place(void **state)
{
	(void)state;
	check_plan_of("wide-2025", "csv");
}

static void test_welsh(void **state)
{
	(void)state;
	check_plan_of("welsh-2025", "csv");
}

static void test_rows_that_are_lost(void **state)
{
	(void)state;
	check_plan("york-scrutiny-2025");
	check_plan("brighton-trees-2022");
}

static void test_cards(void **state)
{
	(void)state;
	check_plan("cards-2025");
}

static void test_sheets_with_the_same_headings(void **state)
{
	(void)state;
	check_plan_of("sheets-2025", "xlsx");
}

static void test_markdown(void **state)
{
	(void)state;
	check_plan_of("cqc-2024", "md");
}

static void test_numbers_that_start_again(void **state)
{
	(void)state;
	check_plan_of("audit-2025", "csv");
}

static void assert_refused(const char *text, const char *kind, const char *code, int row)
{
	struct import_doc doc;
	assert_false(import_read(arena, text, strlen(text), kind, NULL, &doc));
	assert_string_equal(doc.plan.errors.items[0].code, code);
	assert_int_equal(doc.plan.errors.items[0].row, row);
}

/* A cell of two paragraphs moves all that follow: no guess. */
static void test_rows_that_cannot_be_counted(void **state)
{
	(void)state;
	assert_refused("Action\n\nLead\n\nTarget date\n\nDo it\n\nThe Clerk\n\nMay 2022\n\n"
		       "Do more.\n\nAnd that\n\nThe Clerk\n\nMay 2022\n\nEnd\n",
		"text/plain", "no_table", 0);
	assert_refused("No,Recommendation,Action\n1,A,Do it\n1,B,Do that\n", "text/csv",
		"number_repeated", 3);
}

/* A paragraph too many that does not just wrap: no guess which cell it belongs to. */
static void test_paragraphs_that_fit_no_column(void **state)
{
	(void)state;
	assert_refused(
		"Recommendation\n\nAction\n\nLead\n\nTimescale\n\n1. Do it\n\nYes, now.\n\n"
		"Also.\n\nThe Clerk\n\nMay 2022\n\n2. More\n\nNow.\n\nThe Clerk\n\nMay 2022\n",
		"text/plain", "paragraphs_unmatched", 9);
}

static void test_csv(void **state)
{
	(void)state;
	struct import_doc doc;
	const char *semicolons = "\xef\xbb\xbfOur plan;;;\r\nNo;Recommendation;Action;When\r\n"
				 "1;\"A; or \"\"B\"\"\";\"One\nline\";May 2022\r\n";
	assert_true(import_read(
		arena, semicolons, strlen(semicolons), "text/csv; header=present", NULL, &doc));
	assert_string_equal(doc.plan.title, "Our plan");
	assert_string_equal(doc.plan.recommendations[0].text, "A; or \"B\"");
	assert_string_equal(doc.plan.recommendations[0].actions[0].description, "One line");
	assert_int_equal(doc.plan.recommendations[0].row, 3);
	const char *windows = "No,Action,When\n1,Save \xa3"
			      "5m \x96 soon,May 2022\n";
	assert_true(import_read(arena, windows, strlen(windows), "plan.CSV", NULL, &doc));
	assert_string_equal(doc.plan.doubts.items[0].code, "not_utf8");
	assert_string_equal(doc.plan.recommendations[0].actions[0].description, "Save £5m – soon");
	assert_refused("No,Action,When\n1,\"Do it,May\n2,x,y\n", "text/csv", "quote_open", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists_beside_each_other),
		cmocka_unit_test(test_lists_of_unequal_length),
		cmocka_unit_test(test_bare_paragraphs),
		cmocka_unit_test(test_a_table_an_objective),
		cmocka_unit_test(test_responses),
		cmocka_unit_test(test_a_document_with_progress),
		cmocka_unit_test(test_many_columns),
		cmocka_unit_test(test_columns_without_a_place),
		cmocka_unit_test(test_welsh),
		cmocka_unit_test(test_rows_that_are_lost),
		cmocka_unit_test(test_cards),
		cmocka_unit_test(test_sheets_with_the_same_headings),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_numbers_that_start_again),
		cmocka_unit_test(test_rows_that_cannot_be_counted),
		cmocka_unit_test(test_paragraphs_that_fit_no_column),
		cmocka_unit_test(test_csv),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
