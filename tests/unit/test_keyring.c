/* The keyring: how many calls a key has, what strangers share, and what is told once a while. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "api/keyring.h"

#define START 1000000
#define STRANGERS 600

static struct keyring_state state;

/* A digest of its own for each number, as PostgreSQL writes it. */
static const char *digest(unsigned n)
{
	static _Thread_local char text[KEYRING_DIGEST_BYTES];
	snprintf(text, sizeof(text), "\\x%08x%056x", n * 2654435761U, n);
	return text;
}

static int calls_until_wait(const char *key, int64_t now)
{
	int calls = 0;
	while (keyring_take(key, now, &state) == KEYRING_GO)
		calls++;
	return calls;
}

static void test_a_key_has_its_calls_and_gets_them_back_evenly(void **unused)
{
	(void)unused;
	keyring_init(60);
	keyring_admit(digest(1), START);
	assert_int_equal(keyring_take(digest(1), START, &state), KEYRING_GO);
	assert_true(state.known);
	assert_int_equal(state.remaining, 59);
	assert_int_equal(state.whole_in_s, 1);
	assert_int_equal(calls_until_wait(digest(1), START), 59);
	assert_int_equal(state.remaining, 0);
	assert_int_equal(state.whole_in_s, 60);
	assert_int_equal(state.retry_s, 1);

	assert_int_equal(keyring_take(digest(1), START + 999, &state), KEYRING_WAIT);
	assert_int_equal(calls_until_wait(digest(1), START + 1000), 1);
	assert_int_equal(calls_until_wait(digest(1), START + 11000), 10);
	/* it never holds more than a minute's worth */
	assert_int_equal(calls_until_wait(digest(1), START + 3600000), 60);
}

static void test_whoever_waits_as_told_may_call(void **unused)
{
	(void)unused;
	static const long limits[] = { 1, 7, 59, 60, 61, 100, 6000, 1000000 };
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		int64_t now = START;
		keyring_init(limits[i]);
		keyring_admit(digest(1), now);
		assert_int_equal(calls_until_wait(digest(1), now), limits[i]);
		for (int turn = 0; turn < 20; turn++) {
			now += 1000 * state.retry_s;
			assert_int_equal(keyring_take(digest(1), now, &state), KEYRING_GO);
			while (keyring_take(digest(1), now, &state) == KEYRING_GO)
				;
		}
		now += 1000 * state.whole_in_s;
		assert_int_equal(calls_until_wait(digest(1), now), limits[i]);
	}
}

static void test_keys_do_not_take_from_each_other(void **unused)
{
	(void)unused;
	keyring_init(5);
	keyring_admit(digest(1), START);
	keyring_admit(digest(2), START);
	assert_int_equal(calls_until_wait(digest(1), START), 5);
	assert_int_equal(calls_until_wait(digest(2), START), 5);
}

static void test_a_new_key_is_charged_for_its_first_call_once(void **unused)
{
	(void)unused;
	keyring_init(5);
	assert_int_equal(keyring_take(digest(1), START, &state), KEYRING_GO);
	assert_false(state.known);
	keyring_seen(digest(1), START, &state);
	assert_true(state.known);
	assert_int_equal(state.remaining, 4);
	assert_int_equal(keyring_take(digest(1), START, &state), KEYRING_GO);
	keyring_seen(digest(1), START, &state);
	assert_int_equal(state.remaining, 3);
}

static void test_strangers_share_and_then_the_good_keys_are_asked_for_once_a_second(void **unused)
{
	(void)unused;
	keyring_init(100);
	for (unsigned n = 0; n < STRANGERS; n++)
		assert_int_equal(keyring_take(digest(n), START, &state), KEYRING_GO);
	assert_int_equal(keyring_take(digest(7000), START, &state), KEYRING_LEARN);
	assert_int_equal(keyring_take(digest(7001), START, &state), KEYRING_WAIT);
	assert_int_equal(state.retry_s, 1);
	/* while one is at it, nobody else begins, however long it takes */
	assert_int_equal(calls_until_wait(digest(7002), START + 50), 0);
	keyring_admit(digest(8000), START + 60);
	keyring_learned();
	assert_int_equal(keyring_take(digest(8000), START + 60, &state), KEYRING_GO);
	assert_int_equal(state.remaining, 99);
	assert_int_equal(keyring_take(digest(7003), START + 60, &state), KEYRING_WAIT);
	/* a tenth of a second is one look-up */
	assert_int_equal(keyring_take(digest(7003), START + 100, &state), KEYRING_GO);
	assert_int_equal(keyring_take(digest(7003), START + 100, &state), KEYRING_WAIT);
	keyring_take(digest(7003), START + 999, &state);
	assert_int_equal(calls_until_wait(digest(7003), START + 999), 7);
	assert_int_equal(keyring_take(digest(7003), START + 1000, &state), KEYRING_GO);
	assert_int_equal(keyring_take(digest(7003), START + 1000, &state), KEYRING_LEARN);
}

static void test_strangers_push_no_key_out(void **unused)
{
	(void)unused;
	keyring_init(100);
	keyring_admit(digest(1), START);
	assert_int_equal(calls_until_wait(digest(1), START), 100);
	for (unsigned n = 2; n < 100000; n++)
		keyring_take(digest(n), START, &state);
	assert_int_equal(keyring_take(digest(1), START, &state), KEYRING_WAIT);
	assert_true(state.known);
}

static void test_of_too_many_good_keys_the_longest_unused_is_forgotten(void **unused)
{
	(void)unused;
	keyring_init(100);
	keyring_admit(digest(0), START);
	for (unsigned n = 1; n < 20000; n++) {
		keyring_admit(digest(n), START + n);
		keyring_take(digest(0), START + n, &state);
		assert_true(state.known);
	}
	keyring_take(digest(1), START + 20000, &state);
	assert_false(state.known);
}

static void test_a_refused_key_is_a_stranger_again(void **unused)
{
	(void)unused;
	keyring_init(100);
	keyring_admit(digest(1), START);
	keyring_forget(digest(1));
	keyring_forget(digest(2));
	keyring_take(digest(1), START, &state);
	assert_false(state.known);
}

static void test_without_a_limit_everybody_may_call(void **unused)
{
	(void)unused;
	keyring_init(0);
	for (unsigned n = 0; n < 5000; n++)
		assert_int_equal(keyring_take(digest(n % 2000), START, &state), KEYRING_GO);
	keyring_seen(digest(1), START, &state);
	for (unsigned n = 0; n < 5000; n++)
		assert_int_equal(keyring_take(digest(1), START, &state), KEYRING_GO);
	assert_int_equal(keyring_limit(), 0);
}

static void test_use_is_noted_once_a_minute_and_an_end_told_once_a_day(void **unused)
{
	(void)unused;
	const int64_t day = INT64_C(24) * 3600 * 1000;
	keyring_init(100);
	keyring_seen(digest(1), START, &state);
	assert_true(state.touch_due);
	assert_string_equal(state.expires, "");
	assert_true(keyring_expires(digest(1), "2027-01-01T00:00:00.000Z", START));
	keyring_seen(digest(1), START + 59999, &state);
	assert_false(state.touch_due);
	assert_string_equal(state.expires, "2027-01-01T00:00:00.000Z");
	keyring_seen(digest(1), START + 60000, &state);
	assert_true(state.touch_due);
	assert_false(keyring_expires(digest(1), "2027-01-01T00:00:00.000Z", START + day - 1));
	assert_true(keyring_expires(digest(1), "2027-01-01T00:00:00.000Z", START + day));
	assert_false(keyring_expires(digest(1), NULL, START + day));
	keyring_seen(digest(1), START + day, &state);
	assert_string_equal(state.expires, "");
	assert_false(keyring_expires(digest(2), "2027-01-01T00:00:00.000Z", START));
}

static void *take_many(void *taken)
{
	struct keyring_state mine;
	for (int i = 0; i < 20000; i++)
		*(int *)taken += keyring_take(digest(1), START, &mine) == KEYRING_GO;
	return NULL;
}

static void test_threads_together_take_no_more_than_there_is(void **unused)
{
	(void)unused;
	pthread_t threads[4];
	int taken[4] = { 0 };
	keyring_init(50000);
	keyring_admit(digest(1), START);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_many, &taken[i]), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(taken[0] + taken[1] + taken[2] + taken[3], 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_key_has_its_calls_and_gets_them_back_evenly),
		cmocka_unit_test(test_whoever_waits_as_told_may_call),
		cmocka_unit_test(test_keys_do_not_take_from_each_other),
		cmocka_unit_test(test_a_new_key_is_charged_for_its_first_call_once),
		cmocka_unit_test(
			test_strangers_share_and_then_the_good_keys_are_asked_for_once_a_second),
		cmocka_unit_test(test_strangers_push_no_key_out),
		cmocka_unit_test(test_of_too_many_good_keys_the_longest_unused_is_forgotten),
		cmocka_unit_test(test_a_refused_key_is_a_stranger_again),
		cmocka_unit_test(test_without_a_limit_everybody_may_call),
		cmocka_unit_test(test_use_is_noted_once_a_minute_and_an_end_told_once_a_day),
		cmocka_unit_test(test_threads_together_take_no_more_than_there_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
