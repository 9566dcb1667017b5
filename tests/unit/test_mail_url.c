/* GT_MAIL_URL, --at and file names: small texts that must be read or written exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/file_name.h"
#include "notifier/mail_url.h"
#include "notifier/rfc3339.h"

static struct mail_url read_url(struct arena *arena, const char *text)
{
	struct mail_url url;
	const char *error;
	assert_true(mail_url_read(arena, text, &url, &error));
	return url;
}

static void test_smtp_needs_starttls_except_on_this_machine(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct mail_url url = read_url(arena, "smtp://user@mail.example.org:2587");
	assert_int_equal(url.scheme, MAIL_SMTP);
	assert_int_equal(url.tls, MAIL_TLS_STARTTLS);
	assert_string_equal(url.user, "user");
	assert_string_equal(url.host, "mail.example.org");
	assert_int_equal(url.port, 2587);
	assert_int_equal(read_url(arena, "smtp://mail").port, 587);
	assert_int_equal(read_url(arena, "smtp://mail:25?tls=none").tls, MAIL_TLS_NONE);
	assert_int_equal(read_url(arena, "smtp://mail:25/?tls=none").tls, MAIL_TLS_NONE);
	assert_int_equal(read_url(arena, "smtp://localhost:25").tls, MAIL_TLS_NONE);
	assert_int_equal(read_url(arena, "smtp://127.0.0.1").tls, MAIL_TLS_NONE);
	assert_int_equal(read_url(arena, "smtp://[::1]:25").tls, MAIL_TLS_NONE);
	assert_int_equal(read_url(arena, "smtp://127.0.0.1.example.org").tls, MAIL_TLS_STARTTLS);
	assert_int_equal(read_url(arena, "smtp://localhost.example.org").tls, MAIL_TLS_STARTTLS);
	arena_destroy(arena);
}

static void test_users_may_be_addresses_and_hosts_ipv6(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(read_url(arena, "smtp://a%40b.org@mail").user, "a@b.org");
	assert_string_equal(read_url(arena, "smtp://a@b.org@mail").user, "a@b.org");
	struct mail_url url = read_url(arena, "SMTPS://[2001:db8::1]");
	assert_int_equal(url.scheme, MAIL_SMTPS);
	assert_string_equal(url.host, "[2001:db8::1]");
	assert_int_equal(url.port, 465);
	assert_null(url.user);
	arena_destroy(arena);
}

static void test_files_go_to_an_absolute_directory(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(read_url(arena, "file:///var/mail%20out").directory, "/var/mail out");
	assert_string_equal(read_url(arena, "file://localhost/tmp").directory, "/tmp");
	arena_destroy(arena);
}

static void test_anything_else_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "mail.example.org", "http://mail", "notify:x",
		"notify://x", "smtp://", "smtp://user@", "smtp://user:secret@mail", "smtp://@mail",
		"smtp://mail:0", "smtp://mail:65536", "smtp://mail:x",
		"smtp://mail:", "smtp://mail/path", "smtp://mail?tls=maybe",
		"smtps://mail?tls=none", "smtp://ma il", "smtp://mail\r\nRSET", "smtp://a%0d@mail",
		"smtp://a%zz@mail", "file://relative/path", "file://", "file:/tmp", "file:///a%00b",
		"file:///a%4" };
	struct arena *arena = arena_create();
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct mail_url url;
		const char *error = NULL;
		if (mail_url_read(arena, bad[i], &url, &error))
			print_error("accepted: %s\n", bad[i]);
		assert_non_null(error);
	}
	arena_destroy(arena);
}

static void test_notify_stands_alone(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_int_equal(read_url(arena, "notify:").scheme, MAIL_NOTIFY);
	assert_int_equal(read_url(arena, "Notify:").scheme, MAIL_NOTIFY);
	arena_destroy(arena);
}

static void test_instants_are_those_of_rfc_3339(void **state)
{
	(void)state;
	static const char *const good[] = { "2022-03-24T09:00:00Z", "2022-03-24t09:00:00z",
		"2022-03-24T09:00:00+01:00", "2024-02-29T23:59:59.123456-00:30" };
	static const char *const bad[] = { "", "2022-03-24", "2022-03-24T09:00:00",
		"2022-03-24T09:00Z", "2022-02-29T09:00:00Z", "2022-03-24 09:00:00Z",
		"2022-03-24T24:00:00Z", "2022-03-24T09:60:00Z", "2022-03-24T09:00:00.Z",
		"2022-03-24T09:00:00+1:00", "2022-03-24T09:00:00Zulu", "2022-03-24T09:00:00+24:00",
		"2022-03-24T09:00:0xZ" };
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(rfc3339_is_instant(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(rfc3339_is_instant(bad[i]));
}

static void test_files_are_named_by_day_post_and_id(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(file_name_of(arena, "2022-03-24", "Assistant Chief Executive", 12),
		"2022-03-24-assistant-chief-executive-12");
	assert_string_equal(file_name_of(arena, "2022-03-24", "../../etc/passwd \r\n", 1),
		"2022-03-24-etc-passwd-1");
	assert_string_equal(file_name_of(arena, "2022-03-24", "ŵ", 3), "2022-03-24-3");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smtp_needs_starttls_except_on_this_machine),
		cmocka_unit_test(test_users_may_be_addresses_and_hosts_ipv6),
		cmocka_unit_test(test_files_go_to_an_absolute_directory),
		cmocka_unit_test(test_anything_else_is_refused),
		cmocka_unit_test(test_notify_stands_alone),
		cmocka_unit_test(test_instants_are_those_of_rfc_3339),
		cmocka_unit_test(test_files_are_named_by_day_post_and_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
