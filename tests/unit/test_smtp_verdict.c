/* Every way an SMTP transfer was seen to end (measured against Postfix's smtp-sink with libcurl
 * 7.88.1), and what it means for the message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/transport_smtp_verdict.h"

/* Written as numbers: they are what a log shows. */
enum {
	OK = 0,
	RESOLVE = 6,
	CONNECT = 7,
	WEIRD = 8,
	DENIED = 9,
	TIMEOUT = 28,
	TLS = 35,
	ABORTED = 42,
	SEND = 55,
	RECEIVE = 56,
	CERTIFICATE = 60,
	NO_TLS = 64,
	LOGIN = 67
};

struct ending {
	int curl_code;
	int reply_code;
	enum smtp_phase phase;
	enum transport_outcome expected;
};

static void check(const struct ending *endings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct ending *e = &endings[i];
		enum transport_outcome got =
			transport_smtp_verdict(e->curl_code, e->reply_code, e->phase);
		if (got != e->expected)
			print_error("curl %d, reply %d, at %s: %s\n", e->curl_code, e->reply_code,
				transport_smtp_phase_name(e->phase), transport_outcome_name(got));
		assert_int_equal(got, e->expected);
	}
}

#define CHECK(endings) check(endings, sizeof(endings) / sizeof(*(endings)))

static void test_what_says_that_an_address_is_nobodys(void **state)
{
	(void)state;
	static const struct {
		const char *reply;
		bool nobody;
	} rows[] = {
		{ "550 5.1.1 <x@y>: User unknown", true },
		{ "550-5.1.1 The email account does not exist", true },
		{ "550 5.1.10 RESOLVER.ADR.RecipientNotFound", true },
		{ "556 5.1.10 null MX", true },
		{ "550 5.1.0", true },
		{ "551 5.1.6 moved", true },
		{ "550 5.1.7 Bad sender", false },
		{ "550 5.1.8 Bad sender's system", false },
		{ "550 5.1.11 not in use", false },
		{ "550 5.1.", false },
		{ "550 5.7.1 Relaying denied", false },
		{ "550 no such user", false },
		{ "450 4.1.1 not now", false },
		{ "450 5.1.1 cannot decide", false },
		{ "550", false },
		{ "", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(transport_smtp_is_nobody(rows[i].reply), rows[i].nobody);
}

static void test_accepted_is_sent(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ OK, 250, SMTP_END, TRANSPORT_SENT },
		{ WEIRD, 251, SMTP_END, TRANSPORT_SENT }, /* a 2xx that libcurl does not know */
	};
	CHECK(endings);
}

static void test_what_ends_before_the_body_is_tried_again(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ RESOLVE, 0, SMTP_CONNECT, TRANSPORT_RETRY },
		{ CONNECT, 0, SMTP_CONNECT, TRANSPORT_RETRY },
		{ TIMEOUT, 0, SMTP_CONNECT, TRANSPORT_RETRY },
		{ TIMEOUT, 220, SMTP_MAIL, TRANSPORT_RETRY },
		{ RECEIVE, 0, SMTP_CONNECT, TRANSPORT_RETRY },
		{ WEIRD, 220, SMTP_STARTTLS, TRANSPORT_RETRY },
		{ RECEIVE, 250, SMTP_RCPT, TRANSPORT_RETRY }, /* the code is MAIL's, not RCPT's */
		{ RECEIVE, 250, SMTP_DATA, TRANSPORT_RETRY },
		{ ABORTED, 354, SMTP_DATA, TRANSPORT_RETRY }, /* our own gate was closed */
		{ SEND, 250, SMTP_DATA, TRANSPORT_RETRY },    /* "DATA failed: 250" */
		{ SEND, 354, SMTP_BODY, TRANSPORT_RETRY },    /* half a body is no message */
		{ RECEIVE, 354, SMTP_BODY, TRANSPORT_RETRY },
	};
	CHECK(endings);
}

static void test_a_4xx_is_tried_again(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ WEIRD, 450, SMTP_CONNECT, TRANSPORT_RETRY },
		{ SEND, 450, SMTP_MAIL, TRANSPORT_RETRY },
		{ SEND, 450, SMTP_RCPT, TRANSPORT_RETRY },
		{ SEND, 451, SMTP_DATA, TRANSPORT_RETRY },
		{ WEIRD, 452, SMTP_END, TRANSPORT_RETRY },
	};
	CHECK(endings);
}

static void test_a_recipient_is_blamed_only_at_rcpt_and_a_text_only_at_its_end(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ SEND, 550, SMTP_RCPT, TRANSPORT_REFUSED },
		{ WEIRD, 554, SMTP_END, TRANSPORT_REFUSED },
		{ WEIRD, 554, SMTP_CONNECT, TRANSPORT_CHANNEL },
		{ SEND, 550, SMTP_MAIL, TRANSPORT_CHANNEL },
		{ SEND, 554, SMTP_DATA, TRANSPORT_CHANNEL },
	};
	CHECK(endings);
}

static void test_faults_of_the_way_there_pause_the_channel(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ LOGIN, 535, SMTP_LOGIN, TRANSPORT_CHANNEL },
		{ TLS, 0, SMTP_CONNECT, TRANSPORT_CHANNEL },
		{ CERTIFICATE, 220, SMTP_STARTTLS, TRANSPORT_CHANNEL },
		{ NO_TLS, 250, SMTP_CONNECT, TRANSPORT_CHANNEL }, /* not offered */
		{ NO_TLS, 454, SMTP_STARTTLS, TRANSPORT_CHANNEL },
		{ DENIED, 550, SMTP_CONNECT, TRANSPORT_CHANNEL },
		{ WEIRD, 421, SMTP_CONNECT, TRANSPORT_CHANNEL },
		{ SEND, 421, SMTP_RCPT, TRANSPORT_CHANNEL },
		{ WEIRD, 421, SMTP_END, TRANSPORT_CHANNEL },
	};
	CHECK(endings);
}

static void test_silence_after_the_body_is_uncertain(void **state)
{
	(void)state;
	static const struct ending endings[] = {
		{ TIMEOUT, 354, SMTP_END, TRANSPORT_UNCERTAIN },
		{ RECEIVE, 354, SMTP_END, TRANSPORT_UNCERTAIN },
		{ SEND, 354, SMTP_END, TRANSPORT_UNCERTAIN },
		{ ABORTED, 354, SMTP_END, TRANSPORT_UNCERTAIN }, /* stopped while waiting */
		{ WEIRD, 0, SMTP_END, TRANSPORT_UNCERTAIN },     /* an answer nobody can read */
		{ RECEIVE, 250, SMTP_END, TRANSPORT_UNCERTAIN },
		{ SEND, 250, SMTP_END, TRANSPORT_UNCERTAIN },
		{ TLS, 354, SMTP_END, TRANSPORT_UNCERTAIN },
	};
	CHECK(endings);
}

static void test_nothing_but_a_positive_answer_is_ever_sent(void **state)
{
	(void)state;
	for (int code = 1; code < 100; code++)
		for (int reply = 0; reply < 600; reply++)
			for (int phase = SMTP_CONNECT; phase <= SMTP_END; phase++) {
				bool accepted = code == WEIRD && reply >= 200 && reply < 300 &&
						phase == SMTP_END;
				bool sent = transport_smtp_verdict(code, reply,
						    (enum smtp_phase)phase) == TRANSPORT_SENT;
				assert_int_equal(sent, accepted);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_says_that_an_address_is_nobodys),
		cmocka_unit_test(test_accepted_is_sent),
		cmocka_unit_test(test_what_ends_before_the_body_is_tried_again),
		cmocka_unit_test(test_a_4xx_is_tried_again),
		cmocka_unit_test(
			test_a_recipient_is_blamed_only_at_rcpt_and_a_text_only_at_its_end),
		cmocka_unit_test(test_faults_of_the_way_there_pause_the_channel),
		cmocka_unit_test(test_silence_after_the_body_is_uncertain),
		cmocka_unit_test(test_nothing_but_a_positive_answer_is_ever_sent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
