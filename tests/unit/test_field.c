/* Fields: what makes one text value right or wrong, kind by kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/field.h"

static const char *const words[] = { "red", "amber", NULL };

struct row {
	const char *text;
	const char *code; /* NULL: fine */
};

static void check(const struct field *field, const struct row *rows, size_t count)
{
	struct arena *arena = arena_create();
	for (size_t i = 0; i < count; i++) {
		const char *code = field_check_text(arena, field, rows[i].text).code;
		if (!code != !rows[i].code || (code && strcmp(code, rows[i].code) != 0))
			fail_msg("\"%s\": %s", rows[i].text, code ? code : "fine");
	}
	arena_destroy(arena);
}

#define CHECK(kind_, rows, ...)                                                                    \
	check(&(struct field){ .name = "x", .kind = kind_, __VA_ARGS__ }, rows,                    \
		sizeof(rows) / sizeof(*rows))

static void test_lines(void **state)
{
	(void)state;
	static const struct row rows[] = { { "a", NULL }, { "\xc5\xb5\xc5\xb5\xc5\xb5", NULL },
		{ "a b", NULL }, { "", "too_short" }, { "abcd", "too_long" },
		{ " a", "outer_space" }, { "a ", "outer_space" }, { "a\n", "bad_character" },
		{ "\t", "bad_character" }, { "\x7f", "bad_character" },
		{ "\xc2\x85", "bad_character" }, { "\xe2\x80\xae", "bad_character" },
		{ "\xe2\x81\xa6", "bad_character" }, { "\xef\xbf\xbe", "bad_character" },
		{ "\xe2\x80\x8d", NULL } };
	CHECK(FIELD_LINE, rows, .max = 3);
}

static void test_prose(void **state)
{
	(void)state;
	static const struct row rows[] = { { "a\nb", NULL }, { "a\r\nb", NULL }, { " a ", NULL },
		{ "\ta", NULL }, { "", "too_short" }, { " \r\n\t", "too_short" },
		{ "a\x01", "bad_character" }, { "a\x0b", "bad_character" },
		{ "\xe2\x80\xae", "bad_character" }, { "123456", "too_long" } };
	CHECK(FIELD_PROSE, rows, .max = 5);
}

static void test_days(void **state)
{
	(void)state;
	static const struct row rows[] = { { "2024-02-29", NULL }, { "1900-01-01", NULL },
		{ "2200-12-31", NULL }, { "2023-02-29", "bad_date" }, { "1900-02-29", "bad_date" },
		{ "2022-04-31", "bad_date" }, { "2022-00-01", "bad_date" },
		{ "2022-13-01", "bad_date" }, { "2022-01-00", "bad_date" },
		{ "1899-12-31", "bad_date" }, { "2201-01-01", "bad_date" },
		{ "2022-1-1", "bad_date" }, { "2022-01-01 ", "bad_date" },
		{ "+022-01-01", "bad_date" }, { "now", "bad_date" }, { "", "bad_date" } };
	CHECK(FIELD_DATE, rows);
}

static void test_times(void **state)
{
	(void)state;
	static const struct row rows[] = { { "00:00", NULL }, { "23:59", NULL },
		{ "24:00", "bad_time" }, { "12:60", "bad_time" }, { "8:30", "bad_time" },
		{ "08:30:00", "bad_time" }, { "0a:30", "bad_time" }, { "08.30", "bad_time" },
		{ "", "bad_time" } };
	CHECK(FIELD_TIME, rows);
}

static void test_moments(void **state)
{
	(void)state;
	static const struct row rows[] = { { "2022-03-24T08:30:00Z", NULL },
		{ "2022-03-24t08:30:00z", NULL }, { "2022-03-24T08:30:00.1Z", NULL },
		{ "2022-03-24T08:30:00.123456789+14:59", NULL },
		{ "2022-03-24T08:30:00-00:00", NULL }, { "2022-03-24T08:30:00", "bad_instant" },
		{ "2022-03-24 08:30:00Z", "bad_instant" },
		{ "2022-03-24T24:00:00Z", "bad_instant" },
		{ "2022-03-24T08:30:60Z", "bad_instant" },
		{ "2022-03-24T08:30:00.Z", "bad_instant" },
		{ "2022-03-24T08:30:00.1234567890Z", "bad_instant" },
		{ "2022-03-24T08:30:00+15:00", "bad_instant" },
		{ "2022-03-24T08:30:00+0100", "bad_instant" },
		{ "2022-03-24T08:30:00+01:0", "bad_instant" },
		{ "2022-03-24T08:30:00Zx", "bad_instant" },
		{ "2022-02-30T08:30:00Z", "bad_instant" }, { "2022-03-24T08:30Z", "bad_instant" },
		{ "", "bad_instant" } };
	CHECK(FIELD_INSTANT, rows);
}

static void test_words(void **state)
{
	(void)state;
	static const struct row rows[] = { { "red", NULL }, { "amber", NULL },
		{ "Red", "unknown_value" }, { "re", "unknown_value" }, { "redd", "unknown_value" },
		{ "", "unknown_value" } };
	CHECK(FIELD_ENUM, rows, .one_of = words);
}

static void test_addresses_of_the_web(void **state)
{
	(void)state;
	static const struct row rows[] = { { "https://x", NULL },
		{ "http://x.example/a?b=c#d", NULL }, { "https://x/%C5%B5", NULL },
		{ "https://", "bad_url" }, { "https:///x", "bad_url" }, { "HTTPS://x", "bad_url" },
		{ "ftp://x", "bad_url" }, { "javascript:1", "bad_url" },
		{ "https://x/a b", "bad_url" }, { "https://x/\xc5\xb5", "bad_url" },
		{ "https://x/<b>", "bad_url" }, { "https://x/\n", "bad_url" }, { "//x", "bad_url" },
		{ "", "bad_url" } };
	CHECK(FIELD_URL, rows);
}

static void test_slugs_and_plans(void **state)
{
	(void)state;
	static const struct row slugs[] = { { "a", NULL }, { "2021-a", NULL },
		{ "st-helens-2021", NULL }, { "2021", "bad_slug" }, { "-a", "bad_slug" },
		{ "a-", "bad_slug" }, { "a--b", "bad_slug" }, { "A", "bad_slug" },
		{ "a_b", "bad_slug" }, { "", "bad_slug" } };
	static const struct row plans[] = { { "a", NULL }, { "7", NULL },
		{ "999999999999999999", NULL }, { "1000000000000000000", "bad_plan" },
		{ "0", "bad_plan" }, { "07", "bad_plan" }, { "a b", "bad_plan" } };
	CHECK(FIELD_SLUG, slugs);
	CHECK(FIELD_PLAN, plans);
}

#define HASH "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static void test_places(void **state)
{
	(void)state;
	static const struct row rows[] = { { "latest", NULL }, { "0:" HASH, NULL },
		{ "999999999999999999:" HASH, NULL }, { "1000000000000000000:" HASH, "bad_place" },
		{ "", "bad_place" }, { "1", "bad_place" }, { "1:", "bad_place" },
		{ ":" HASH, "bad_place" }, { "-1:" HASH, "bad_place" },
		{ "1:" HASH "0", "bad_place" }, { "1:" HASH "\n", "bad_place" },
		{ "1;" HASH, "bad_place" }, { "1:G" HASH, "bad_place" },
		{ "Latest", "bad_place" } };
	CHECK(FIELD_PLACE, rows);
}

/* Labels of 63 and of 57 letters: with them an address just fills its 254 bytes. */
#define LABEL "lllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
#define LAST_LABEL "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"

static void test_email_addresses_and_the_form_in_which_they_are_kept(void **state)
{
	(void)state;
	static const struct {
		const char *given;
		const char *kept; /* NULL: refused */
	} rows[] = {
		{ "a@b.cd", "a@b.cd" },
		{ "A.B+c@Council.example", "A.B+c@Council.example" },
		{ "a@b\xc3\xbc"
		  "cher.example",
			"a@xn--bcher-kva.example" },
		{ "a@xn--bcher-kva.example", "a@xn--bcher-kva.example" },
		{ "!#$%&'*+-/=?^_`{|}~@b.cd", "!#$%&'*+-/=?^_`{|}~@b.cd" },
		{ "a", NULL },
		{ "@b.cd", NULL },
		{ "a@", NULL },
		{ "a@b", NULL },
		{ "a@b.", NULL },
		{ "a@.b.cd", NULL },
		{ "a@b..cd", NULL },
		{ "a@-b.cd", NULL },
		{ "a@b-.cd", NULL },
		{ "a@b_c.d", NULL },
		{ "a@b\xc3\xbc_c.de", NULL },
		/* what IDNA would leave out, or make into something that no domain has */
		{ "a@b\xe3\x80\x80"
		  "c.de",
			NULL },
		{ "a@b\xe2\x91\xb4.de", NULL },
		{ "a@b\xc2\xa8.de", NULL },
		{ "a@b\xef\xbc\xbf"
		  "c.de",
			NULL },
		{ "a@b.de\xe2\x80\x8b", NULL },
		{ "a@b\xc2\xad"
		  "c.de",
			NULL },
		{ "a@\xef\xbb\xbf"
		  "b.de",
			NULL },
		{ "a@b\xef\xb8\x8f.de", NULL },
		{ "a@b\xf3\xa0\x84\x80.de", NULL },
		{ "a@b\xe2\x81\xa0.de", NULL },
		{ "a@b\xe2\x80\x8d.de", NULL },
		{ "a@[127.0.0.1]", NULL },
		{ ".a@b.cd", NULL },
		{ "a.@b.cd", NULL },
		{ "a..b@c.de", NULL },
		{ "a b@c.de", NULL },
		{ "\"a b\"@c.de", NULL },
		{ "a@b.cd,e@f.gh", NULL },
		{ "a@b.cd\r\nBcc: x@y.z", NULL },
		{ "\xc3\xa4@b.cd", NULL },
		{ "a@b@c.de", NULL },
		{ "ab@" LABEL "." LABEL "." LABEL "." LAST_LABEL ".cd", NULL },
		{ "a@" LABEL "." LABEL "." LABEL "." LAST_LABEL ".cd",
			"a@" LABEL "." LABEL "." LABEL "." LAST_LABEL ".cd" },
		{ "", NULL },
	};
	struct arena *arena = arena_create();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *kept = field_email(arena, rows[i].given);
		if (!kept != !rows[i].kept || (kept && strcmp(kept, rows[i].kept) != 0))
			fail_msg("%s: %s", rows[i].given, kept ? kept : "refused");
	}
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_prose),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_addresses_of_the_web),
		cmocka_unit_test(test_slugs_and_plans),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_email_addresses_and_the_form_in_which_they_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
