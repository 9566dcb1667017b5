/* Every way a webhook's POST can end, and what it means for the event and for its endpoint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/transport_webhook_verdict.h"

/* Written as numbers: they are what a log shows. */
enum {
	OK = 0,
	RESOLVE = 6,
	CONNECT = 7,
	WEIRD = 8,
	PARTIAL = 18,
	CUT = 23,
	TIMEOUT = 28,
	TLS = 35,
	NOTHING = 52,
	RECEIVE = 56,
	CERTIFICATE = 60,
	REWIND = 65
};

static void test_what_each_ending_means_for_the_event(void **state)
{
	(void)state;
	static const struct {
		struct webhook_ending ending;
		enum transport_outcome expected;
	} rows[] = {
		{ { OK, 200, true, 0 }, TRANSPORT_SENT },
		{ { OK, 204, true, 0 }, TRANSPORT_SENT },
		{ { OK, 299, true, 0 }, TRANSPORT_SENT },
		/* It said yes; what became of the rest of its answer is of no account. */
		{ { CUT, 200, true, 0 }, TRANSPORT_SENT },
		{ { TIMEOUT, 202, true, 0 }, TRANSPORT_SENT },
		{ { PARTIAL, 200, true, 0 }, TRANSPORT_SENT },
		/* It said no. */
		{ { OK, 301, true, 0 }, TRANSPORT_RETRY },
		{ { OK, 307, true, 0 }, TRANSPORT_RETRY },
		{ { OK, 400, true, 0 }, TRANSPORT_RETRY },
		{ { OK, 404, true, 0 }, TRANSPORT_RETRY },
		{ { OK, 410, true, 0 }, TRANSPORT_RETRY },
		{ { OK, 500, true, 0 }, TRANSPORT_RETRY },
		{ { TIMEOUT, 500, true, 0 }, TRANSPORT_RETRY },
		{ { OK, 999, true, 0 }, TRANSPORT_RETRY },
		/* Nothing had left. */
		{ { RESOLVE, 0, false, 0 }, TRANSPORT_RETRY },
		{ { CONNECT, 0, false, 0 }, TRANSPORT_RETRY },
		{ { TLS, 0, false, 0 }, TRANSPORT_RETRY },
		{ { CERTIFICATE, 0, false, 0 }, TRANSPORT_RETRY },
		{ { TIMEOUT, 0, false, 0 }, TRANSPORT_RETRY },
		/* It had left, and no answer came that says what became of it. */
		{ { TIMEOUT, 0, true, 0 }, TRANSPORT_UNCERTAIN },
		{ { NOTHING, 0, true, 0 }, TRANSPORT_UNCERTAIN },
		{ { RECEIVE, 0, true, 0 }, TRANSPORT_UNCERTAIN },
		{ { WEIRD, 0, true, 0 }, TRANSPORT_UNCERTAIN },
		{ { REWIND, 0, true, 0 }, TRANSPORT_UNCERTAIN },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (transport_webhook_outcome(&rows[i].ending) != rows[i].expected)
			fail_msg("curl %d, status %d", rows[i].ending.curl_code,
				rows[i].ending.reply_code);
}

static void test_how_long_an_endpoint_rests(void **state)
{
	(void)state;
	static const struct {
		int reply_code;
		int retry_after_s;
		int expected;
	} rows[] = { { 429, 0, 60 }, { 429, 5, 60 }, { 429, 90, 90 }, { 502, 0, 60 },
		{ 504, 0, 60 }, { 429, 86400, 86400 }, { 429, 86401, 86400 },
		{ 429, 2147483647, 86400 }, { 503, 0, 0 }, { 503, 30, 30 }, { 503, 100000, 86400 },
		{ 500, 30, 0 }, { 200, 30, 0 }, { 404, 30, 0 }, { 0, 0, 0 } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct webhook_ending ending = { OK, rows[i].reply_code, true,
			rows[i].retry_after_s };
		assert_int_equal(transport_webhook_rest_s(&ending), rows[i].expected);
	}
}

static void test_only_410_is_gone(void **state)
{
	(void)state;
	for (int code = 0; code < 600; code++) {
		const struct webhook_ending ending = { OK, code, true, 0 };
		assert_int_equal(transport_webhook_is_gone(&ending), code == 410);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_each_ending_means_for_the_event),
		cmocka_unit_test(test_how_long_an_endpoint_rests),
		cmocka_unit_test(test_only_410_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
