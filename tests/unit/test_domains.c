/* How many threads a recipients' domain may have, and what one that hangs leaves to the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/log.h"
#include "notifier/domains.h"

#define THREADS 8
#define LONG_MS 6000

static struct domains *domains;

static int set_up(void **state)
{
	(void)state;
	log_init("test", LOG_TEXT, LOG_ERROR);
	domains = domains_create(THREADS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	domains_destroy(domains);
	return 0;
}

/* Begins on free threads from first on, as many as may; gives how many. */
static int begin_all(struct domain *domain, int first, long long now_ms)
{
	int count = 0;
	for (; first + count < THREADS && domains_may_begin(domains, domain); count++)
		domains_begin(domains, domain, first + count, now_ms);
	return count;
}

static void end_some(int first, int count, bool answered, long long now_ms)
{
	for (int i = 0; i < count; i++)
		domains_end(domains, first + i, answered, now_ms);
}

/* Rounds of prompt answers until it has all that it may. */
static void let_it_answer(struct domain *domain)
{
	for (int i = 0; i < THREADS; i++)
		end_some(0, begin_all(domain, 0, 0), true, 1);
}

static void test_a_domain_is_what_follows_the_at(void **state)
{
	(void)state;
	struct domain *one = domains_of(domains, "ann@Council.example.org");
	assert_ptr_equal(one, domains_of(domains, "bo@council.EXAMPLE.org"));
	assert_ptr_equal(one, domains_of(domains, "\"a@b\"@council.example.org"));
	assert_ptr_not_equal(one, domains_of(domains, "ann@example.org"));
}

static void test_answers_earn_all_threads_but_one(void **state)
{
	(void)state;
	struct domain *domain = domains_of(domains, "a@example.org");
	static const int earned[] = { 1, 2, 4, 7, 7 };
	for (int i = 0; i < 5; i++) {
		int count = begin_all(domain, 0, 0);
		assert_int_equal(count, earned[i]);
		end_some(0, count, true, 1);
	}
}

static void test_silence_takes_them_back(void **state)
{
	(void)state;
	struct domain *domain = domains_of(domains, "a@example.org");
	let_it_answer(domain);
	assert_int_equal(begin_all(domain, 0, 0), 7);
	end_some(0, 7, false, LONG_MS);
	assert_int_equal(begin_all(domain, 0, LONG_MS), 1);
}

static void test_slow_domains_share_half(void **state)
{
	(void)state;
	struct domain *slow[2] = { domains_of(domains, "a@one.example"),
		domains_of(domains, "a@two.example") };
	for (int i = 0; i < 2; i++)
		let_it_answer(slow[i]);
	for (int i = 0; i < 2; i++) {
		domains_begin(domains, slow[i], 0, 0);
		domains_end(domains, 0, true, LONG_MS);
	}
	int count = begin_all(slow[0], 0, LONG_MS);
	count += begin_all(slow[1], count, LONG_MS);
	assert_int_equal(count, THREADS / 2);
	assert_true(domains_is_held_up(domains, slow[0]));
	assert_true(domains_is_held_up(domains, slow[1]));
	assert_true(domains_may_begin(domains, domains_of(domains, "a@new.example")));
	end_some(0, count, true, LONG_MS + 1);
	assert_int_equal(begin_all(slow[0], 0, LONG_MS + 1), 7);
}

static void test_a_long_wait_is_noticed_while_it_lasts(void **state)
{
	(void)state;
	struct domain *domain = domains_of(domains, "a@example.org");
	let_it_answer(domain);
	assert_int_equal(begin_all(domain, 0, 0), 7);
	domains_look(domains, LONG_MS / 2);
	assert_false(domains_is_held_up(domains, domain));
	domains_look(domains, LONG_MS);
	assert_true(domains_is_held_up(domains, domain));
	/* One answer does not make up for those that are still awaited. */
	domains_begin(domains, domains_of(domains, "b@other.example"), 7, LONG_MS);
	domains_end(domains, 0, true, LONG_MS);
	assert_true(domains_is_held_up(domains, domain));
}

static void test_one_thread_serves_all(void **state)
{
	(void)state;
	domains_destroy(domains);
	domains = domains_create(1);
	struct domain *domain = domains_of(domains, "a@example.org");
	for (int i = 0; i < 3; i++) {
		assert_true(domains_may_begin(domains, domain));
		domains_begin(domains, domain, 0, 0);
		assert_false(domains_may_begin(domains, domain));
		domains_end(domains, 0, i > 0, LONG_MS);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_domain_is_what_follows_the_at),
		TEST(test_answers_earn_all_threads_but_one),
		TEST(test_silence_takes_them_back),
		TEST(test_slow_domains_share_half),
		TEST(test_a_long_wait_is_noticed_while_it_lasts),
		TEST(test_one_thread_serves_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
