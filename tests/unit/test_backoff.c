/* The waits between tries, their spread and their end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/backoff.h"

static const struct backoff_settings usual = { .retry_s = 60, .uncertain_s = 900 };

static void assert_near(int seconds, int expected)
{
	assert_in_range(seconds, expected * 8 / 10, expected * 12 / 10);
}

static void test_retries_follow_the_table(void **state)
{
	(void)state;
	static const int expected[] = { 60, 300, 900, 1800, 3600, 7200, 14400, 14400, 14400 };
	for (int i = 0; i < 9; i++)
		for (unsigned long long seed = 1; seed < 200; seed++)
			assert_near(backoff_retry(&usual, i + 1, seed), expected[i]);
}

static void test_retries_end_after_about_five_days(void **state)
{
	(void)state;
	long long total = 0;
	int attempt = 1;
	for (int wait; (wait = backoff_retry(&usual, attempt, 7)) != BACKOFF_GIVE_UP; attempt++)
		total += wait;
	assert_in_range(total, 4 * 86400, 6 * 86400);
	assert_int_equal(backoff_retry(&usual, attempt + 1000, 7), BACKOFF_GIVE_UP);
}

static void test_an_uncertain_message_is_repeated_three_times(void **state)
{
	(void)state;
	assert_near(backoff_uncertain(&usual, 1, 5), 900);
	assert_near(backoff_uncertain(&usual, 2, 5), 3600);
	assert_near(backoff_uncertain(&usual, 3, 5), 14400);
	assert_int_equal(backoff_uncertain(&usual, 4, 5), BACKOFF_GIVE_UP);
}

static void test_a_channel_rests_up_to_a_quarter_of_an_hour(void **state)
{
	(void)state;
	static const int expected[] = { 60, 120, 300, 600, 900, 900 };
	for (int i = 0; i < 6; i++)
		assert_int_equal(backoff_channel(&usual, i + 1), expected[i]);
	assert_int_equal(backoff_channel(&usual, 0), 60);
}

static void test_the_spread_is_fixed_for_a_message_and_wide_over_many(void **state)
{
	(void)state;
	int least = 1 << 30;
	int most = 0;
	for (unsigned long long seed = 0; seed < 1000; seed++) {
		int wait = backoff_retry(&usual, 5, seed);
		assert_int_equal(wait, backoff_retry(&usual, 5, seed));
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_true(least < 3600 * 82 / 100);
	assert_true(most > 3600 * 118 / 100);
}

/* Standard Webhooks 1.0.0, "Deliverability and reliability" */
static void test_an_event_follows_the_standards_table_for_three_days(void **state)
{
	(void)state;
	static const int expected[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };
	for (unsigned long long seed = 1; seed < 200; seed++) {
		for (int i = 0; i < 9; i++)
			assert_near(backoff_delivery(i + 1, 0, seed), expected[i]);
		assert_int_equal(backoff_delivery(10, 0, seed), BACKOFF_GIVE_UP);
		assert_int_equal(backoff_delivery(99, 90000, seed), BACKOFF_GIVE_UP);
	}
	assert_int_equal(backoff_delivery(1, 120, 1), 120);
	assert_near(backoff_delivery(3, 120, 1), 1800);
	assert_int_equal(backoff_delivery(1, 2147483647, 1), 86400);
	assert_near(backoff_delivery(0, 0, 1), 5);
}

static void test_waits_scale_with_their_settings_and_never_overflow(void **state)
{
	(void)state;
	const struct backoff_settings quick = { .retry_s = 1, .uncertain_s = 1 };
	const struct backoff_settings slow = { .retry_s = 1 << 30, .uncertain_s = 1 << 30 };
	assert_in_range(backoff_retry(&quick, 2, 1), 4, 6);
	assert_in_range(backoff_uncertain(&quick, 2, 1), 3, 4);
	for (int i = 1; i < 10; i++)
		assert_true(backoff_retry(&slow, i, 3) > 0);
	assert_true(backoff_uncertain(&slow, 3, 3) > 0);
	assert_true(backoff_channel(&slow, 9) > 0);
}

static void test_askable_ends_after_about_two_days(void **state)
{
	(void)state;
	static const int expected[] = { 5, 30, 300, 1800, 7200, 21600, 21600 };
	for (int i = 0; i < 7; i++)
		for (unsigned long long seed = 1; seed < 200; seed++)
			assert_near(backoff_askable(i + 1, seed), expected[i]);
	long long total = 0;
	int tries = 0;
	for (int wait = 0; wait != BACKOFF_GIVE_UP; wait = backoff_askable(++tries, 7))
		total += wait;
	assert_in_range(total, 36 * 3600, 56 * 3600);
}

static void test_a_refusal_counts_the_third_time(void **state)
{
	(void)state;
	assert_near(backoff_refused(&usual, 1, 5), 300);
	assert_near(backoff_refused(&usual, 2, 5), 900);
	assert_int_equal(backoff_refused(&usual, 3, 5), BACKOFF_GIVE_UP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_askable_ends_after_about_two_days),
		cmocka_unit_test(test_a_refusal_counts_the_third_time),
		cmocka_unit_test(test_retries_follow_the_table),
		cmocka_unit_test(test_retries_end_after_about_five_days),
		cmocka_unit_test(test_an_uncertain_message_is_repeated_three_times),
		cmocka_unit_test(test_a_channel_rests_up_to_a_quarter_of_an_hour),
		cmocka_unit_test(test_the_spread_is_fixed_for_a_message_and_wide_over_many),
		cmocka_unit_test(test_an_event_follows_the_standards_table_for_three_days),
		cmocka_unit_test(test_waits_scale_with_their_settings_and_never_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
