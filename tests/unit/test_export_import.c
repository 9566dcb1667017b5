/* What our own exports become when they are read again: tables and documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/import/import.h"

#define HEADINGS                                                                                   \
	"Recommendation number\tRecommendation\tAction reference\tAction\tLead\tTimescale\t"
#define MORE "Deadlines done\tStatus\tCompleted on\tLast update\tLast update on\r\n"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_create();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct import_doc read(const char *text, const char *kind)
{
	struct import_doc doc;
	bool done = import_read(arena, text, strlen(text), kind, NULL, &doc);
	assert_int_equal(done, doc.plan.errors.count == 0);
	return doc;
}

static void test_words_are_taken_as_they_are(void **state)
{
	(void)state;
	struct import_doc doc = read(HEADINGS MORE
		"R1\tDo\tR1.1\t\"• One\n• Two\"\t\"Director of A & B, and C\nTeam D\"\tMarch 2022\t\t\t\t\t\r\n"
		"R1\tDo\tR1.2\t\"'=1 \"\"two\"\"\"\t\t\t\t\t\t\t\r\n"
		"\t\t\tThree\t\t\t\tIn progress\t\t\t\r\n"
		"R2\tNothing is done\t\t\t\t\t\t\t\t\t\r\n",
		"plan.tsv");
	assert_int_equal(doc.plan.count, 2);
	const struct import_recommendation *one = &doc.plan.recommendations[0];
	assert_int_equal(one->action_count, 3);
	assert_string_equal(one->actions[0].description, "• One\n• Two");
	assert_int_equal(one->actions[0].leads.count, 2);
	assert_string_equal(one->actions[0].leads.items[0].name, "Director of A & B, and C");
	assert_string_equal(one->actions[0].leads.items[1].kind, "team");
	assert_string_equal(one->actions[1].description, "=1 \"two\"");
	assert_string_equal(one->actions[2].reference, "R1.3");
	assert_string_equal(one->actions[2].status, "in_progress");
	assert_int_equal(doc.plan.recommendations[1].action_count, 0);
}

static void test_the_past_comes_along(void **state)
{
	(void)state;
	struct import_doc doc = read(HEADINGS MORE
		"1\tDo\t1.1\tDid\t\tDecember 2021 Review – March 2022\t2021-12-31 done on 2021-12-20\tComplete\t"
		"03/02/2022\tWell done\t2022-02-04\r\n",
		"plan.tsv");
	const struct import_action *action = &doc.plan.recommendations[0].actions[0];
	assert_string_equal(action->completed_on, "2022-02-03");
	assert_non_null(strstr(action->history,
		"\"deadlines\":[{\"due_on\":\"2021-12-31\",\"done_on\":\"2021-12-20\"},"
		"{\"due_on\":\"2022-03-31\",\"done_on\":null}]"));
	assert_non_null(strstr(
		action->history, "\"note\":\"Well done\",\"created_at\":\"2022-02-04T12:00:00Z\""));
}

static void test_what_cannot_be_is_refused_with_its_row(void **state)
{
	static const struct {
		const char *rows, *code;
		int row;
	} cases[] = {
		{ "\t\t1.1\tDid\r\n", "number_missing", 2 },
		{ "1\tDo\t1.1\tDid\r\n2\tGo\t1.1\tDone\r\n", "reference_repeated", 3 },
		{ "1\tDo\t1.1\tDid\r\n1\tGo\t1.2\tDone\r\n", "number_repeated", 3 },
		{ "1\t\t1.1\tDid\r\n", "recommendation_blank", 2 },
		{ "", "no_rows", 1 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct import_doc doc = read(
			arena_printf(arena, "%s%s%s", HEADINGS, MORE, cases[i].rows), "plan.tsv");
		assert_int_equal(doc.plan.errors.count, 1);
		assert_string_equal(doc.plan.errors.items[0].code, cases[i].code);
		assert_int_equal(doc.plan.errors.items[0].row, cases[i].row);
	}
}

static void test_a_table_with_other_headings_is_not_ours(void **state)
{
	(void)state;
	struct import_doc doc = read("No\tRecommendation\tAction\tLead\tTimescale\r\n"
				     "1\tDo\t\"• One\n• Two\"\tTeam D\tMarch 2022\r\n",
		"plan.tsv");
	assert_int_equal(doc.plan.recommendations[0].action_count, 2);
}

#define DOCUMENT                                                                                         \
	"{\"format\":\"golden-thread-plan\",\"version\":1,\"slug\":\"a\",\"title\":\"A\","               \
	"\"organisation\":\"C\",\"leads\":[{\"name\":\"Team D\",\"kind\":\"partner\"}],"                 \
	"\"recommendations\":[{\"number\":\"1\",\"text\":\"Do\",\"response\":\"declined\",\"actions\":[" \
	"{\"reference\":\"1.1\",\"description\":\"Did\",\"status\":\"complete\","                        \
	"\"leads\":[{\"name\":\"Team D\",\"role\":\"support\"}],"                                        \
	"\"timescales\":[{\"text\":\"March 2022\",\"deadlines\":[{\"due_on\":\"%s\"}]}]}]}]}"

static void test_a_document_is_taken_with_its_leads(void **state)
{
	(void)state;
	struct import_doc doc = read(
		arena_printf(arena, DOCUMENT, "2022-03-31"), "application/json; charset=utf-8");
	const struct import_recommendation *one = &doc.plan.recommendations[0];
	assert_string_equal(doc.plan.title, "A");
	assert_string_equal(one->response, "declined");
	assert_string_equal(one->actions[0].leads.items[0].kind, "partner");
	assert_string_equal(one->actions[0].leads.items[0].role, "support");
	assert_int_equal(one->actions[0].doubts.count, 0);
}

/* The words decide, never a date that stands beside them. */
static void test_a_date_that_the_words_do_not_give_is_told(void **state)
{
	(void)state;
	struct import_doc doc = read(arena_printf(arena, DOCUMENT, "2022-04-30"), "a.json");
	const struct import_action *action = &doc.plan.recommendations[0].actions[0];
	assert_int_equal(action->doubts.count, 1);
	assert_string_equal(action->doubts.items[0].code, "timescale_read_otherwise");
	assert_int_equal(action->timescale->due_on.month, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words_are_taken_as_they_are, begin, end),
		cmocka_unit_test_setup_teardown(test_the_past_comes_along, begin, end),
		cmocka_unit_test_setup_teardown(
			test_what_cannot_be_is_refused_with_its_row, begin, end),
		cmocka_unit_test_setup_teardown(
			test_a_table_with_other_headings_is_not_ours, begin, end),
		cmocka_unit_test_setup_teardown(
			test_a_document_is_taken_with_its_leads, begin, end),
		cmocka_unit_test_setup_teardown(
			test_a_date_that_the_words_do_not_give_is_told, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
