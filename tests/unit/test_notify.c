/* GOV.UK Notify: keys, tokens, settings, requests, answers, pace and refusals. */
#include <gnutls/gnutls.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#include "notifier/markdown.h"
#include "notifier/notify_answer.h"
#include "notifier/notify_jwt.h"
#include "notifier/notify_rate.h"
#include "notifier/notify_refusals.h"
#include "notifier/notify_request.h"
#include "notifier/notify_settings.h"

#define SERVICE "26785a09-ab16-4eb0-8407-a37497a57506"
#define SECRET "3d844edf-8d35-48ac-975b-e847b4f122b0"

static int set_up(void **state)
{
	*state = arena_create();
	return 0;
}

static int tear_down(void **state)
{
	arena_destroy(*state);
	return 0;
}

static void keys_are_counted_from_their_end(void **state)
{
	static const char *const good[] = { "mine-" SERVICE "-" SECRET, SERVICE "-" SECRET,
		"a-name-with-hyphens-" SERVICE "-" SECRET, SECRET "-" SERVICE "-" SECRET };
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct notify_key key;
		assert_true(notify_key_read(*state, good[i], &key));
		assert_string_equal(key.service_id, SERVICE);
		assert_string_equal(key.secret, SECRET);
	}
}

static void what_is_no_key(void **state)
{
	static const char *const bad[] = { "", "-", SECRET, "mine-" SECRET,
		"mine-" SERVICE "_" SECRET, "mine_" SERVICE "-" SECRET,
		"mine-" SERVICE "-" SECRET " ",
		"mine-" SERVICE "-3d844edf-8d35-48ac-975b-e847b4f122bg",
		"mine-26785a09-ab16-4eb0-8407+a37497a57506-" SECRET };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct notify_key key;
		assert_false(notify_key_read(*state, bad[i], &key));
	}
}

/* RFC 7515 appendix A.1, whose payload has CR LF and a space on purpose. */
static void signatures_are_those_of_the_standard(void **state)
{
	static const unsigned char secret[] = { 3, 35, 53, 75, 43, 15, 165, 188, 131, 126, 6, 101,
		119, 123, 166, 143, 90, 179, 40, 230, 240, 84, 201, 40, 169, 15, 132, 178, 210, 80,
		46, 191, 211, 251, 90, 146, 210, 6, 71, 239, 150, 138, 180, 195, 119, 98, 61, 34,
		61, 46, 33, 114, 5, 46, 79, 8, 192, 205, 154, 245, 103, 208, 128, 163 };
	const char *token = notify_jwt_sign(*state, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
		"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
		secret, sizeof(secret));
	assert_string_equal(token,
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19"
		"yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

static void the_token_is_the_official_clients(void **state)
{
	/* jsonwebtoken 9, as notifications-node-client 8.4.0 calls it, at this moment. */
	struct notify_key key = { SERVICE, SECRET };
	const char *token = notify_jwt(*state, &key, 1648110600);
	assert_string_equal(token,
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
		"eyJpc3MiOiIyNjc4NWEwOS1hYjE2LTRlYjAtODQwNy1hMzc0OTdhNTc1MDYiLCJpYXQiOjE2NDgxMTA2"
		"MDB9.7n6rMUR4E1p-wynVzD-1Wl-JN-bK_CuerhVVVFQTgL0");
}

static size_t faults_of(struct arena *arena, const char *key, const char *template, const char *url,
	const char *reply_to, struct notify_settings *settings)
{
	struct notify_settings_fault faults[NOTIFY_SETTINGS_FAULTS];
	*settings = (struct notify_settings){
		.api_key = key, .template_id = template, .url = url, .reply_to_id = reply_to
	};
	return notify_settings_check(arena, settings, faults);
}

static void every_wrong_setting_counts(void **state)
{
	struct notify_settings settings;
	const char *key = "mine-" SERVICE "-" SECRET;
	assert_int_equal(faults_of(*state, key, SERVICE, "https://x.example/", NULL, &settings), 0);
	assert_string_equal(settings.url, "https://x.example");
	assert_string_equal(settings.key.secret, SECRET);
	assert_int_equal(faults_of(*state, NULL, NULL, "x", "x", &settings), 4);
	assert_int_equal(faults_of(*state, key, "x", "https://x", SERVICE, &settings), 1);
}

static void only_this_machine_needs_no_encryption(void **state)
{
	static const struct {
		const char *url;
		size_t faults;
	} cases[] = { { "http://127.0.0.1:8025", 0 }, { "http://localhost", 0 },
		{ "http://[::1]:8025", 0 }, { "https://api.notifications.service.gov.uk", 0 },
		{ "https://proxy.example/notify", 0 },
		{ "http://api.notifications.service.gov.uk", 1 }, { "http://127.0.0.1.example", 1 },
		{ "http://127.0.0.1@evil.example", 1 }, { "https://", 1 }, { "https:///path", 1 },
		{ "https://[::1", 1 }, { "https://x?y", 1 }, { "ftp://x", 1 }, { "", 1 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct notify_settings settings;
		assert_int_equal(faults_of(*state, "m-" SERVICE "-" SECRET, SERVICE, cases[i].url,
					 NULL, &settings),
			cases[i].faults);
	}
}

static void requests_hold_only_what_notify_knows(void **state)
{
	struct notify_settings settings = { .template_id = SERVICE };
	const struct notify_email email = { "a@b.example", "gt-1", "Due", "Dear \"Siân\"\n" };
	struct text out;
	text_init(&out, *state);
	assert_true(notify_request_write(&out, &settings, &email));
	assert_string_equal(out.bytes,
		"{\"email_address\":\"a@b.example\",\"template_id\":\"" SERVICE
		"\",\"personalisation\":{\"subject\":\"Due\",\"body\":\"Dear \\\"Siân\\\"\\n\"},"
		"\"reference\":\"gt-1\"}");
	settings.reply_to_id = SECRET;
	text_init(&out, *state);
	assert_true(notify_request_write(&out, &settings, &email));
	assert_non_null(strstr(out.bytes, ",\"email_reply_to_id\":\"" SECRET "\"}"));
}

static void a_request_that_is_not_utf8_is_not_made(void **state)
{
	const struct notify_settings settings = { .template_id = SERVICE };
	const struct notify_email email = { "a@b.example", "gt-1", "Due", "\xff" };
	struct text out;
	text_init(&out, *state);
	assert_false(notify_request_write(&out, &settings, &email));
}

#define ERROR(name) "{\"errors\":[{\"error\":\"" name "\",\"message\":\"m\"}],\"status_code\":1}"

static void what_an_answer_to_a_message_means(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body;
		enum notify_meaning meaning;
	} cases[] = { { 201, "{\"id\":\"740e5834\"}", NOTIFY_ACCEPTED },
		{ 200, "{\"id\":\"740e5834\"}", NOTIFY_ACCEPTED }, { 201, "{}", NOTIFY_UNKNOWN },
		{ 201, "", NOTIFY_UNKNOWN }, { 201, "{\"id\":", NOTIFY_UNKNOWN },
		{ 201, "{\"id\":7}", NOTIFY_UNKNOWN }, { 0, "", NOTIFY_UNKNOWN },
		{ 500, ERROR("Exception"), NOTIFY_UNKNOWN }, { 502, "<html>", NOTIFY_UNKNOWN },
		{ 503, "", NOTIFY_UNKNOWN }, { 408, ERROR("x"), NOTIFY_UNKNOWN },
		{ 400, ERROR("ValidationError"), NOTIFY_REFUSED },
		{ 400, ERROR("BadRequestError"), NOTIFY_REFUSED },
		{ 404, ERROR("NoResultFound"), NOTIFY_REFUSED }, { 400, "<html>", NOTIFY_STRANGER },
		{ 404, "", NOTIFY_STRANGER }, { 302, "", NOTIFY_STRANGER },
		{ 403, ERROR("AuthError"), NOTIFY_KEY }, { 401, ERROR("AuthError"), NOTIFY_KEY },
		{ 403, "<html>", NOTIFY_STRANGER }, { 429, ERROR("RateLimitError"), NOTIFY_RATE },
		{ 429, ERROR("TooManyRequestsError"), NOTIFY_DAILY },
		{ 429, ERROR("Another"), NOTIFY_RATE } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct notify_answer answer;
		notify_answer_post(cases[i].status, cases[i].body, strlen(cases[i].body), &answer);
		assert_int_equal(answer.meaning, cases[i].meaning);
		assert_int_equal(*answer.id != '\0', cases[i].meaning == NOTIFY_ACCEPTED);
	}
}

static void what_a_look_up_means(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *body;
		enum notify_meaning meaning;
	} cases[] = { { 200, "{\"notifications\":[{\"id\":\"740e\"}]}", NOTIFY_ACCEPTED },
		{ 200, "{\"notifications\":[]}", NOTIFY_ABSENT }, { 200, "{}", NOTIFY_UNKNOWN },
		{ 200, "[]", NOTIFY_UNKNOWN }, { 200, "", NOTIFY_UNKNOWN },
		{ 200, "{\"notifications\":[{}]}", NOTIFY_UNKNOWN },
		{ 404, ERROR("NoResultFound"), NOTIFY_REFUSED },
		{ 500, ERROR("Exception"), NOTIFY_UNKNOWN },
		{ 403, ERROR("AuthError"), NOTIFY_KEY } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct notify_answer answer;
		notify_answer_look_up(
			cases[i].status, cases[i].body, strlen(cases[i].body), &answer);
		assert_int_equal(answer.meaning, cases[i].meaning);
	}
}

static void what_became_of_it(void **state)
{
	(void)state;
	struct transport_delivery delivery;
	const char *body = "{\"status\":\"delivered\",\"completed_at\":\"2022-03-24T08:31:00Z\"}";
	assert_true(notify_answer_delivery(200, body, strlen(body), &delivery));
	assert_string_equal(delivery.state, "delivered");
	assert_string_equal(delivery.at, "2022-03-24T08:31:00Z");
	assert_false(notify_answer_delivery(404, body, strlen(body), &delivery));
	assert_false(notify_answer_delivery(200, "{}", 2, &delivery));
}

static void a_day_ends_at_midnight_utc(void **state)
{
	(void)state;
	assert_int_equal(notify_answer_to_midnight_s(1648110600), 55800); /* 08:30 */
	assert_int_equal(notify_answer_to_midnight_s(1648079999), 1);
	assert_int_equal(notify_answer_to_midnight_s(1648080000), 86400);
}

static void never_too_many_requests_a_minute(void **state)
{
	(void)state;
	static long long taken[20000];
	struct notify_rate rate = { 0 };
	size_t count = 0;
	size_t first = 0;
	/* As fast as it lets us, after a pause, for five minutes. */
	for (long long now = 3600000000LL; now < 3900000000LL;) {
		long long wait = notify_rate_take(&rate, now);
		if (wait) {
			now += wait;
			continue;
		}
		taken[count++] = now;
		while (now - taken[first] >= 60000000)
			first++;
		assert_true(count - first <= NOTIFY_RATE_PER_MINUTE);
	}
	assert_true(count > (size_t)5 * (NOTIFY_RATE_PER_MINUTE - 100));
}

static void several_refusals_are_no_coincidence(void **state)
{
	(void)state;
	struct notify_refusals refusals = { 0 };
	assert_false(notify_refusals_note(&refusals, 1, 0));
	assert_false(notify_refusals_note(&refusals, 1, 1000)); /* the same message */
	assert_false(notify_refusals_note(&refusals, 2, 2000));
	assert_true(notify_refusals_note(&refusals, 3, 3000));
	/* However long the pause: until one is accepted. */
	assert_true(notify_refusals_note(&refusals, 4, 9000000));
	notify_refusals_end(&refusals);
	assert_false(notify_refusals_note(&refusals, 5, 99000000));
}

static void refusals_far_apart_are_the_messages_own(void **state)
{
	(void)state;
	struct notify_refusals refusals = { 0 };
	for (int i = 0; i < 20; i++)
		assert_false(notify_refusals_note(&refusals, i, i * (NOTIFY_REFUSALS_MS / 2 + 1)));
}

static void words_stay_words(void **state)
{
	static const struct {
		const char *words, *shown;
	} cases[] = { { "Head of Roads", "Head of Roads" }, { "", "" }, { "# x", "\\# x" },
		{ "- x", "\\- x" }, { "12. x", "12\\. x" }, { "12 x", "12 x" }, { "* x", "\\* x" },
		{ "a # b - c", "a # b - c" }, { "[a](b)", "\\[a\\](b)" }, { "a\nb", "a b" },
		{ "a\r\n\r\n# b", "a # b" }, { "a\\b_c`d~e|f", "a\\\\b\\_c\\`d\\~e\\|f" },
		{ "https://x", "https: //x" }, { "HTTP://x", "HTTP: //x" },
		{ "hhttp://ttp://x", "hhttp: //ttp: //x" }, { "8:30", "8:30" },
		{ "Siân Ŵyn", "Siân Ŵyn" } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text out;
		text_init(&out, *state);
		markdown_add_words(&out, cases[i].words);
		assert_string_equal(out.bytes, cases[i].shown);
	}
	struct text out;
	text_init(&out, *state);
	text_add(&out, "## Action ");
	markdown_add_words(&out, "1.2");
	assert_string_equal(out.bytes, "## Action 1.2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_counted_from_their_end),
		cmocka_unit_test(what_is_no_key),
		cmocka_unit_test(signatures_are_those_of_the_standard),
		cmocka_unit_test(the_token_is_the_official_clients),
		cmocka_unit_test(every_wrong_setting_counts),
		cmocka_unit_test(only_this_machine_needs_no_encryption),
		cmocka_unit_test(requests_hold_only_what_notify_knows),
		cmocka_unit_test(a_request_that_is_not_utf8_is_not_made),
		cmocka_unit_test(what_an_answer_to_a_message_means),
		cmocka_unit_test(what_a_look_up_means),
		cmocka_unit_test(what_became_of_it),
		cmocka_unit_test(a_day_ends_at_midnight_utc),
		cmocka_unit_test(never_too_many_requests_a_minute),
		cmocka_unit_test(several_refusals_are_no_coincidence),
		cmocka_unit_test(refusals_far_apart_are_the_messages_own),
		cmocka_unit_test(words_stay_words),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
