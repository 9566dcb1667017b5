/* Headings by meaning, continuation rows, repeated headings, and tables other than the seed's. */
#include "api/import/number.h"
#include "api/import/words.h"
#include "tests/unit/import_plan.h"

#define HEADING "No\tRecommendation\tAction\tLead\tTimescale\n"

static void test_meanings(void **state)
{
	(void)state;
	static const struct {
		const char *heading;
		enum import_column column;
	} samples[] = {
		{ "Recommendation[i]", COLUMN_RECOMMENDATION },
		{ "Proposed Action", COLUMN_ACTION },
		{ "Lead Officer & Cabinet Member", COLUMN_LEAD },
		{ "Timescales", COLUMN_TIMESCALE },
		{ "Key Milestones", COLUMN_ACTION },
		{ "Target Dates", COLUMN_TIMESCALE },
		{ "Responsible Person", COLUMN_LEAD },
		{ "Ref No.", COLUMN_NUMBER },
		{ "Improvement", COLUMN_RECOMMENDATION },
		{ "Monitoring & Reporting", COLUMN_KNOWN },
		{ "Lead responsibility", COLUMN_LEAD },
		{ "Timetable", COLUMN_TIMESCALE },
		{ "Measure", COLUMN_ACTION },
		{ "Who by?", COLUMN_LEAD },
		{ "When?", COLUMN_TIMESCALE },
		{ "How?", COLUMN_ACTION },
		{ "What?", COLUMN_RECOMMENDATION },
		{ "Para Ref (to CPA Report)", COLUMN_KNOWN },
		{ "Cabinet Member", COLUMN_CABINET_MEMBER },
		{ "Portfolio Holder", COLUMN_CABINET_MEMBER },
		{ "Action owner", COLUMN_LEAD },
		{ "Progress against actions", COLUMN_NOTE },
		{ "Percentage complete", COLUMN_PERCENT },
		{ "RAG", COLUMN_RAG },
		{ "Due Date", COLUMN_TIMESCALE },
		{ "Funding (if required)", COLUMN_KNOWN },
		{ "Revised Target Date", COLUMN_REVISED },
		{ "Original Target Date", COLUMN_TIMESCALE },
		{ "Completed date", COLUMN_KNOWN },
		{ "BRAG", COLUMN_RAG },
		{ "CQC must do / should do", COLUMN_RECOMMENDATION },
		{ "Proposals for improvement", COLUMN_RECOMMENDATION },
		{ "Cabinet response (Accept / Reject)", COLUMN_RESPONSE },
		{ "Argymhelliad", COLUMN_RECOMMENDATION },
		{ "Cam gweithredu", COLUMN_ACTION },
		{ "Swyddog arweiniol", COLUMN_LEAD },
		{ "Aelod Cabinet", COLUMN_CABINET_MEMBER },
		{ "Dyddiad targed", COLUMN_TIMESCALE },
		{ "Cynnydd", COLUMN_NOTE },
		{ "Weather", COLUMN_UNKNOWN },
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		assert_int_equal(headings_meaning(words_plain(arena, samples[i].heading)),
			samples[i].column);
}

static void test_columns_in_any_order(void **state)
{
	(void)state;
	struct import_plan plan = read_plan("When\tWeather\tStatus\tAction\tRecommendation\tRef\n"
					    "May 2022\train\tIn progress\tDo it\tA\tR1\n");
	assert_string_equal(plan.recommendations[0].number, "R1");
	assert_string_equal(plan.recommendations[0].text, "A");
	assert_string_equal(action(&plan, 0, 0)->reference, "R1.1");
	assert_string_equal(action(&plan, 0, 0)->description, "Do it");
	assert_string_equal(action(&plan, 0, 0)->status, "in_progress");
	assert_string_equal(action(&plan, 0, 0)->timescale->text, "May 2022");
	assert_true(doubts_has(&plan.doubts, "heading_unknown"));
	assert_true(doubts_has(&plan.doubts, "no_lead_column"));
	assert_null(plan.title);
}

static void test_repeated_headings_and_furniture(void **state)
{
	(void)state;
	struct import_plan plan =
		read_plan("Plan of the Council\n" HEADING "1\tA\tDo it\tThe Clerk\tMay 2022\n"
			  "Page 1 of 2\n\fPlan of the Council\n" HEADING
			  "2\tB\tDo that\tThe Clerk\tMay 2022\n"
			  "Somebody wrote this\n");
	assert_int_equal(plan.count, 2);
	assert_int_equal(plan.doubts.count, 1);
	assert_string_equal(plan.doubts.items[0].code, "line_ignored");
	assert_int_equal(plan.doubts.items[0].row, 8);
}

/* A spreadsheet repeats the recommendation in each row; nothing is inherited. */
static void test_a_row_an_action(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(HEADING "1\tA\tDo it\tThe Clerk\tMay 2022\n"
						    "1\tA\tDo that\tThe Mayor\tJune 2022\n"
						    "1\tA\tDo more\t\t\n");
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.action_count, 3);
	assert_string_equal(action(&plan, 0, 1)->timescale->text, "June 2022");
	assert_int_equal(action(&plan, 0, 1)->doubts.count, 0);
	assert_null(action(&plan, 0, 2)->timescale);
	assert_true(doubts_has(&action(&plan, 0, 2)->doubts, "no_timescale"));
	assert_true(doubts_has(&action(&plan, 0, 2)->doubts, "no_lead"));
}

/* Merged cells: what is blank is that of the row above. */
static void test_merged_cells(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(HEADING "1\tA\tDo it\tThe Clerk\tMay 2022\n"
						    "\t\tDo that\t\tJune 2022\n"
						    "\t\tDo more\tThe Mayor\t\n");
	assert_int_equal(plan.action_count, 3);
	assert_string_equal(
		action(&plan, 0, 1)->leads.items[0].name, action(&plan, 0, 0)->leads.items[0].name);
	assert_string_equal(action(&plan, 0, 1)->timescale->text, "June 2022");
	assert_string_equal(action(&plan, 0, 2)->timescale->text, "June 2022");
	assert_true(doubts_has(&action(&plan, 0, 1)->doubts, "lead_shared"));
	assert_true(doubts_has(&action(&plan, 0, 2)->doubts, "timescale_shared"));
	assert_string_not_equal(
		action(&plan, 0, 2)->leads.items[0].name, action(&plan, 0, 0)->leads.items[0].name);
}

static void test_sentences_cut_by_a_page(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(HEADING "1\tA\tDo it with\tThe Clerk of\tMay\n\n"
						    "\t\tgreat care\tthe Council\t2022\n");
	assert_int_equal(plan.action_count, 1);
	assert_string_equal(action(&plan, 0, 0)->description, "Do it with great care");
	assert_string_equal(action(&plan, 0, 0)->timescale->text, "May 2022");
	assert_true(doubts_has(&action(&plan, 0, 0)->doubts, "split_row"));
}

/* A page that ends with a sentence: the number and the timescale tell what a row belongs to. */
static void test_rows_without_a_number(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(HEADING "1\tA is so.\tDo it\tThe Clerk\tMay 2022\n\n"
						    "\tIt was ever so.\tDo that\t\t\n"
						    "\tB is new.\tDo more\tThe Mayor\tMay 2022\n");
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan.recommendations[0].text, "A is so. It was ever so.");
	assert_int_equal(plan.recommendations[0].action_count, 2);
	assert_true(doubts_has(&plan.doubts, "row_joined"));
	assert_true(doubts_has(&action(&plan, 0, 1)->doubts, "split_row"));
	assert_string_equal(plan.recommendations[1].number, "2");
	assert_true(doubts_has(&plan.doubts, "number_missing"));
}

static void test_totals_and_notes(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(HEADING "1\tA\tDo it\tThe Clerk\tMay 2022\n"
						    "Total\t1 recommendation\t\t\t\n"
						    "\tNotes: agreed by Cabinet\t\t\t\n"
						    "Theme 2: Finance and property\t\t\t\t\n"
						    "2\tB\tDo that\tThe Clerk\tas above\n");
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan.recommendations[0].text, "A");
	assert_int_equal(plan.doubts.count, 3);
	assert_string_equal(action(&plan, 1, 0)->timescale->text, "as above");
	assert_true(action(&plan, 1, 0)->timescale->confidence == TIMESCALE_ASSUMED);
	assert_true(doubts_has(&action(&plan, 1, 0)->doubts, "timescale_assumed"));
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text, *number, *rest;
	} samples[] = {
		{ "R1: Work more closely", "R1", "Work more closely" },
		{ "R3:Tighten", "R3", "Tighten" },
		{ "Recommendation 2. Lead", "Recommendation 2", "Lead" },
		{ "2.1: Lead", "2.1", "Lead" },
		{ "a) Focus group", "a", "Focus group" },
		{ "2021/22 budget", NULL, "2021/22 budget" },
		{ "2021: a review", NULL, "2021: a review" },
		{ "12 months of work", NULL, "12 months of work" },
		{ "Review: the plan", NULL, "Review: the plan" },
		{ "", NULL, "" },
	};
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const char *text = samples[i].text;
		const char *number = number_take(arena, &text);
		assert_string_equal(
			number ? number : "", samples[i].number ? samples[i].number : "");
		assert_string_equal(text, samples[i].rest);
	}
}

static void test_missing_numbers(void **state)
{
	(void)state;
	struct import_plan plan = read_plan("Recommendation\tAction\tTimescale\n"
					    "R1: Work.\tDo it\tMay 2022\n"
					    "Tighten it.\tDo that\tMay 2022\n"
					    "2) Rest.\tSleep\tMay 2022\n");
	assert_int_equal(plan.count, 3);
	assert_string_equal(plan.recommendations[0].number, "R1");
	assert_string_equal(plan.recommendations[0].text, "Work.");
	assert_string_equal(plan.recommendations[1].number, "3");
	assert_string_equal(plan.recommendations[2].number, "2");
}

/* One table an objective: the line above each is what its actions serve. */
static void test_sections(void **state)
{
	(void)state;
	struct import_plan plan = read_plan("Equality Action Plan 2025/26\n"
					    "Action\tLead\tTimescale\tProgress\n"
					    "Events\tDerek Hayden\tMarch 2026\t\n"
					    "Support Councillors to lead\n"
					    "Action\tLead\tTimescale\tProgress\n"
					    "---\t---\t---\t---\n"
					    "Training\tEd Palmer\tOngoing\tgood\n"
					    "Guide\tEd Palmer\tSummer 2025\t\n");
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan.recommendations[0].text, "Equality Action Plan 2025/26");
	assert_string_equal(plan.recommendations[1].text, "Support Councillors to lead");
	assert_string_equal(action(&plan, 1, 1)->description, "Guide");
	assert_string_equal(action(&plan, 1, 1)->reference, "2.2");
}

/* The Waverley table, as it comes out of a spreadsheet. */
static void test_quoted_lists(void **state)
{
	(void)state;
	struct import_plan plan = read_plan(
		"No\tPara Ref (to CPA Report)\tWhat?\tHow?\tWho by?\tWhen?\n"
		"1.\t78/91/104\tSpeed up planning applications\t\"· Undelivered items\n· Planning "
		"Delivery Grant\"\t\"John Anderson\nditto\"\tMeasures in place\n"
		"2.\t42\tDecent home standard\t· Stock options appraisal\tJohn Swanton\tDecember "
		"2004\n");
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan.recommendations[0].number, "1");
	assert_int_equal(plan.recommendations[0].action_count, 2);
	assert_string_equal(action(&plan, 0, 1)->description, "Planning Delivery Grant");
	assert_int_equal(action(&plan, 0, 1)->leads.count, 1);
	assert_string_equal(action(&plan, 0, 1)->status, "complete");
	assert_string_equal(action(&plan, 1, 0)->description, "Stock options appraisal");
}

static void test_values(void **state)
{
	(void)state;
	struct import_plan plan =
		read_plan("No\tRecommendation\tAction\tStatus\tRAG\t% complete\tTimescale\n"
			  "1\tA\tDo it\tDone\tGreen\t100%\tMay 2022\n"
			  "2\tB\tDo it\tnearly\tpuce\tmost\tMay 2022\n"
			  "3\tC\tDo it\t\t\t\tNov 2002 DONE\n"
			  "4\tD\tDo it\t\t\t\t45747\n");
	assert_string_equal(action(&plan, 0, 0)->status, "complete");
	assert_string_equal(action(&plan, 0, 0)->rag, "green");
	assert_int_equal(action(&plan, 0, 0)->percent, 100);
	assert_null(action(&plan, 1, 0)->status);
	assert_true(doubts_has(&action(&plan, 1, 0)->doubts, "status_unreadable"));
	assert_true(doubts_has(&action(&plan, 1, 0)->doubts, "rag_unreadable"));
	assert_true(doubts_has(&action(&plan, 1, 0)->doubts, "percent_unreadable"));
	assert_string_equal(action(&plan, 2, 0)->status, "complete");
	assert_int_equal(action(&plan, 2, 0)->doubts.count, 0);
	assert_non_null(strstr(action(&plan, 3, 0)->doubts.items[0].detail, "31 March 2025"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_meanings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_columns_in_any_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_repeated_headings_and_furniture, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_row_an_action, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_merged_cells, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sentences_cut_by_a_page, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rows_without_a_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_totals_and_notes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_missing_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sections, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_quoted_lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
