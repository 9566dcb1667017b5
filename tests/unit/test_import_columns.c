/* Columns beyond what, who and when: responses, revised timescales, progress, and what is left out.
 */
#include "api/import/cells.h"
#include "tests/unit/import_plan.h"

static void test_responses(void **state)
{
	(void)state;
	static const struct {
		const char *cell, *verdict, *rest;
		bool conditional;
	} samples[] = {
		{ "Accept", "accepted", "", false },
		{ "Agreed.", "accepted", "", false },
		{ "Accepted in full", "accepted", "", false },
		{ "Cabinet accepts this recommendation", "accepted", "", false },
		{ "Agreed. Forms will be checked.", "accepted", "Forms will be checked.", false },
		{ "Agreed, subject to funding", "accepted", "subject to funding", true },
		{ "Agreed in principle", "accepted", "", true },
		{ "Accept in part", "partly_accepted", "", false },
		{ "Partially agreed. Over £5,000.", "partly_accepted", "Over £5,000.", false },
		{ "Reject – not affordable", "declined", "not affordable", false },
		{ "Not accepted. Too costly.", "declined", "Too costly.", false },
		{ "The Council does not accept the recommendation", "declined", "", false },
		{ "Derbyn yn rhannol", "partly_accepted", "", false },
		{ "Gwrthod", "declined", "", false },
		{ "Noted", NULL, "", false },
		{ "Agreed dates have been circulated", NULL, "", false },
		{ "No further work is needed", NULL, "", false },
		{ "To be considered", NULL, "", false },
		{ "", NULL, "", false },
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct cells_response response;
		cells_response(arena, samples[i].cell, &response);
		if (!samples[i].verdict)
			assert_null(response.verdict);
		else
			assert_string_equal(response.verdict, samples[i].verdict);
		assert_string_equal(response.rest, samples[i].rest);
		assert_int_equal(response.conditional, samples[i].conditional);
	}
}

static void test_states(void **state)
{
	(void)state;
	static const struct {
		const char *cell, *status, *rag;
		int percent;
		bool unread;
	} samples[] = {
		{ "Amber", NULL, "amber", -1, false },
		{ "In progress - 60%", "in_progress", NULL, 60, false },
		{ "Blue (complete)", "complete", "blue", -1, false },
		{ "Green: on track", "in_progress", "green", -1, false },
		{ "On hold, awaiting funding", "on_hold", NULL, -1, true },
		{ "Amber/Green", NULL, NULL, -1, true },
		{ "Overdue", NULL, NULL, -1, true },
		{ "G", NULL, NULL, -1, true },
		{ "Cwblhawyd", "complete", NULL, -1, false },
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct cells_state read;
		cells_state(arena, samples[i].cell, false, &read);
		assert_string_equal(
			read.status ? read.status : "", samples[i].status ? samples[i].status : "");
		assert_string_equal(read.rag ? read.rag : "", samples[i].rag ? samples[i].rag : "");
		assert_int_equal(read.percent, samples[i].percent);
		assert_int_equal(read.unread, samples[i].unread);
	}
}

static void test_declined_and_filled_with_nothing(void **state)
{
	(void)state;
	struct import_plan plan =
		read_plan("No\tRecommendation\tResponse\tAction\tLead\tTimescale\n"
			  "1\tA\tReject – too costly\tNone\t\t\n"
			  "2\tB\tAgreed\tn/a\tThe Clerk\tMay 2022\n"
			  "3\tC\t\tDo it\tThe Clerk\tMay 2022\n");
	assert_string_equal(plan.recommendations[0].response, "declined");
	assert_int_equal(plan.action_count, 1);
	assert_true(doubts_has(&plan.doubts, "response_words"));
	assert_true(doubts_has(&plan.doubts, "action_none"));
	assert_true(doubts_has(&plan.doubts, "no_response"));
	assert_null(plan.recommendations[2].response);
}

/* Where the response is the action, one that declines is none. */
static void test_responses_as_actions(void **state)
{
	(void)state;
	struct import_plan plan = read_plan("No\tRecommendation\tResponse\tLead\tTimescale\n"
					    "1\tA\tAgreed. We will.\tThe Clerk\tMay 2022\n"
					    "2\tB\tAgreed\tThe Clerk\tMay 2022\n"
					    "3\tC\tNot accepted. No.\tThe Clerk\tMay 2022\n");
	assert_string_equal(action(&plan, 0, 0)->description, "Agreed. We will.");
	assert_string_equal(action(&plan, 1, 0)->description, "B");
	assert_int_equal(plan.recommendations[2].action_count, 0);
	assert_true(doubts_has(&plan.doubts, "no_action_column"));
}

static void test_revised_timescales(void **state)
{
	(void)state;
	struct import_plan plan =
		read_plan("No\tRecommendation\tAction\tOriginal date\tTarget date\n"
			  "1\tA\tDo it\tMay 2022\tJune 2022\n2\tB\tDo that\tMay 2022\tn/a\n");
	assert_string_equal(action(&plan, 0, 0)->timescale->text, "June 2022");
	assert_string_equal(action(&plan, 0, 0)->original->text, "May 2022");
	assert_string_equal(action(&plan, 1, 0)->timescale->text, "May 2022");
	assert_null(action(&plan, 1, 0)->original);
	plan = read_plan("No\tRecommendation\tAction\tRevised date\n1\tA\tDo it\tMay 2022\n");
	assert_string_equal(action(&plan, 0, 0)->timescale->text, "May 2022");
}

static void test_progress(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(
		"No\tRecommendation\tAction\tRAG May\tRAG June\tUpdate\tComments\tStatus\n"
		"1\tA\tDo it\tGreen\tRed\tMoving\tGood\tOn track\n"
		"2\tB\tDo that\tGreen\t\tComplete\t\t\n"
		"3\tC\t• One\t\t\tMoving\t\tOn hold, no money\n");
	assert_string_equal(action(&plan, 0, 0)->rag, "red");
	assert_string_equal(action(&plan, 0, 0)->note, "Update: Moving\nComments: Good");
	assert_string_equal(action(&plan, 1, 0)->rag, "green");
	assert_true(doubts_has(&plan.doubts, "columns_repeated"));
	assert_string_equal(action(&plan, 2, 0)->status, "on_hold");
	assert_true(doubts_has(&action(&plan, 2, 0)->doubts, "status_unreadable"));
	plan = read_plan("No\tRecommendation\tAction\tBRAG\tProgress\n"
			 "1\tA\tDo it\tG\tMoving\n2\tB\tDo that\tBlue (complete)\tComplete\n");
	assert_string_equal(action(&plan, 0, 0)->rag, "green");
	assert_null(action(&plan, 0, 0)->status);
	assert_string_equal(action(&plan, 1, 0)->status, "complete");
	assert_null(action(&plan, 1, 0)->note);
	assert_true(doubts_has(&plan.doubts, "colours_only"));
}

static void test_what_no_column_holds(void **state)
{
	(void)state;
	struct import_plan plan = read_plan("Our Action Plan\nAction\tWho\tWhen\tCost\tRisk\n"
					    "Do it\tThe Clerk\tMay 2022\t£5\t\tmore\n");
	assert_string_equal(plan.recommendations[0].text, "Our Action Plan");
	assert_true(doubts_has(&plan.doubts, "no_recommendation_column"));
	assert_true(doubts_has(&plan.doubts, "cell_left_out"));
	int left_out = 0;
	for (int i = 0; i < plan.doubts.count; i++)
		left_out += !strcmp(plan.doubts.items[i].code, "column_left_out");
	assert_int_equal(left_out, 1);
	plan = read_plan("Recommendation\tAction\tWhen\nA\tDo it\tMay 2022\n");
	assert_true(doubts_has(&plan.doubts, "numbers_given"));
}

static void test_what_is_the_action(void **state)
{
	(void)state;
	struct import_plan plan = read_plan("What\tWho\tWhen\nDo it\tThe Clerk\tMay 2022\n");
	assert_string_equal(action(&plan, 0, 0)->description, "Do it");
	plan = read_plan("Action\tProposal\tWho\tWhen\nA\tDo it\tThe Clerk\tMay 2022\n");
	assert_string_equal(plan.recommendations[0].text, "A");
	assert_string_equal(action(&plan, 0, 0)->description, "Do it");
}

static void test_a_reference_printed_twice(void **state)
{
	(void)state;
	struct import_plan plan =
		read_plan("No\tRecommendation\tAction ref\tAction\tWhen\n"
			  "1\tA\tA1\tDo it\tMay 2022\n\t\tA1\tDo that\tMay 2022\n");
	assert_string_equal(action(&plan, 0, 1)->reference, "1.2");
	assert_true(doubts_has(&action(&plan, 0, 1)->doubts, "reference_given"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_responses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_states, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_declined_and_filled_with_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_responses_as_actions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_revised_timescales, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_progress, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_no_column_holds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_the_action, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_reference_printed_twice, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
