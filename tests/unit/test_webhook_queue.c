/* Which delivery may leave, which is given back, and how many are claimed ahead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/webhook_queue.h"

#define NOW_MS 5000
#define TOO_LATE_MS (NOW_MS + WEBHOOK_QUEUE_TRUST_MS + 1)

static struct webhook_queue *queue;
static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	queue = webhook_queue_create();
	arena = arena_create();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	webhook_queue_destroy(queue);
	arena_destroy(arena);
	return 0;
}

static void claim(long long webhook, int count)
{
	for (int i = 0; i < count; i++) {
		struct arena *own = arena_create();
		struct webhook_parcel *parcel = arena_alloc(own, sizeof(*parcel));
		parcel->arena = own;
		parcel->webhook = webhook;
		parcel->claimed_ms = NOW_MS;
		webhook_queue_add(queue, parcel);
	}
}

/* Takes all that may leave; gives how many of that webhook did. */
static int leave(long long webhook)
{
	int count = 0;
	struct webhook_parcel *parcel;
	while ((parcel = webhook_queue_next(queue))) {
		count += parcel->webhook == webhook;
		webhook_parcel_destroy(parcel);
	}
	return count;
}

static void end(long long webhook, int count, bool sent)
{
	const struct webhook_parcel parcel = { .webhook = webhook };
	for (int i = 0; i < count; i++)
		webhook_queue_ended(queue, &parcel, sent);
}

static int release(long long now_ms, bool all)
{
	int count = 0;
	struct webhook_parcel *parcel;
	while ((parcel = webhook_queue_release(queue, now_ms, all))) {
		webhook_parcel_destroy(parcel);
		count++;
	}
	return count;
}

static void expect_told(long long now_ms, const char *webhooks, const char *ahead)
{
	struct text names;
	struct text counts;
	text_init(&names, arena);
	text_init(&counts, arena);
	webhook_queue_tell(queue, now_ms, &names, &counts);
	assert_string_equal(names.bytes, webhooks);
	assert_string_equal(counts.bytes, ahead);
}

static void test_four_are_under_way_and_the_next_leaves_when_one_ends(void **state)
{
	(void)state;
	claim(1, 10);
	assert_int_equal(leave(1), WEBHOOK_QUEUE_AT_ONCE);
	assert_int_equal(webhook_queue_waiting(queue), 6);
	assert_int_equal(leave(1), 0);
	end(1, 1, true);
	assert_int_equal(leave(1), 1);
	assert_int_equal(release(NOW_MS, false), 0);
}

static void test_webhooks_take_turns(void **state)
{
	(void)state;
	claim(1, 4);
	claim(2, 4);
	for (int i = 0; i < 4; i++) {
		struct webhook_parcel *parcel = webhook_queue_next(queue);
		assert_int_equal(parcel->webhook, 1 + i % 2);
		webhook_parcel_destroy(parcel);
	}
}

static void test_what_waits_for_too_long_is_given_back(void **state)
{
	(void)state;
	claim(1, 7);
	assert_int_equal(leave(1), 4);
	assert_int_equal(release(NOW_MS + WEBHOOK_QUEUE_TRUST_MS, false), 0);
	assert_int_equal(release(TOO_LATE_MS, false), 3);
	assert_int_equal(webhook_queue_waiting(queue), 0);
}

static void test_a_failure_stops_its_webhook_until_it_is_told(void **state)
{
	(void)state;
	claim(1, 6);
	claim(2, 6);
	leave(0);
	end(1, 1, false);
	end(2, 1, true);
	assert_int_equal(release(NOW_MS, false), 2);
	assert_int_equal(leave(2), 1);
	expect_told(NOW_MS, "{1,2}", "{0,1}");
	claim(1, 1); /* by the turn before, which knew nothing of it */
	assert_int_equal(leave(1), 0);
	webhook_queue_heard(queue, false);
	assert_int_equal(release(NOW_MS, false), 1);
	expect_told(NOW_MS, "{1,2}", "{0,1}");
	webhook_queue_heard(queue, true);
	claim(1, 1);
	assert_int_equal(leave(1), 1);
}

static void test_a_failure_after_the_turn_began_is_for_the_next(void **state)
{
	(void)state;
	claim(1, 4);
	leave(1);
	expect_told(NOW_MS, "{1}", "{0}");
	end(1, 1, false);
	webhook_queue_heard(queue, true);
	claim(1, 1);
	assert_int_equal(leave(1), 0);
	assert_int_equal(release(NOW_MS, false), 1);
}

static void take(int count)
{
	for (int i = 0; i < count; i++) {
		claim(1, 1);
		leave(1);
		end(1, 1, true);
	}
}

static void test_as_many_are_claimed_ahead_as_were_taken_of_late(void **state)
{
	(void)state;
	take(3);
	expect_told(NOW_MS, "{1}", "{3}");
	take(5);
	expect_told(NOW_MS + 1, "{1}", "{8}");
	expect_told(NOW_MS + 2 * WEBHOOK_QUEUE_SPAN_MS, "{1}", "{4}");
	take(2);
	expect_told(NOW_MS + 2 * WEBHOOK_QUEUE_SPAN_MS + 1, "{1}", "{4}");
	expect_told(NOW_MS + 3 * WEBHOOK_QUEUE_SPAN_MS, "{1}", "{2}");
	expect_told(NOW_MS + 4 * WEBHOOK_QUEUE_SPAN_MS, "{1}", "{0}");
	webhook_queue_heard(queue, true);
	expect_told(NOW_MS + 4 * WEBHOOK_QUEUE_SPAN_MS, "{}", "{}"); /* nothing is left of it */
}

static void test_no_more_are_claimed_ahead_than_so_many(void **state)
{
	(void)state;
	take(WEBHOOK_QUEUE_AHEAD + 1);
	expect_told(NOW_MS, "{1}", "{32}");
}

static void test_a_webhook_that_was_halted_gives_all_back(void **state)
{
	(void)state;
	claim(1, 6);
	claim(2, 6);
	webhook_queue_halt(queue, 1);
	webhook_queue_halt(queue, 3);
	assert_int_equal(leave(2), 4);
	assert_int_equal(release(NOW_MS, false), 6);
	webhook_queue_heard(queue, true);
	claim(1, 1);
	assert_int_equal(leave(1), 1);
}

static void test_a_stop_gives_all_back(void **state)
{
	(void)state;
	claim(1, 6);
	claim(2, 1);
	assert_int_equal(leave(2), 1);
	assert_int_equal(release(NOW_MS, true), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_four_are_under_way_and_the_next_leaves_when_one_ends),
		TEST(test_webhooks_take_turns),
		TEST(test_what_waits_for_too_long_is_given_back),
		TEST(test_a_failure_stops_its_webhook_until_it_is_told),
		TEST(test_a_failure_after_the_turn_began_is_for_the_next),
		TEST(test_as_many_are_claimed_ahead_as_were_taken_of_late),
		TEST(test_no_more_are_claimed_ahead_than_so_many),
		TEST(test_a_webhook_that_was_halted_gives_all_back),
		TEST(test_a_stop_gives_all_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
