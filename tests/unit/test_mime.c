/* The written message: encodings, line lengths, and what may not stand in a header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "notifier/mime.h"
#include "notifier/mime_text.h"

static const struct mime_message plain = {
	.from = { "Golden Thread", "reminders@example.org" },
	.to = { "Jane Smith", "jane@example.gov.uk" },
	.reply_to = { "Ann Owner", "ann@example.gov.uk" },
	.message_id = "<gt-12.2022-03-24@example.org>",
	.date = 1648112400,
	.subject = "Action 1.2 is due on 31 March 2022",
	.language = "en",
	.text = "Dear Jane\n",
	.html = "<p>Dear Jane</p>\n",
};

static const char *write_message(struct arena *arena, const struct mime_message *message)
{
	struct text out;
	const char *error;
	text_init(&out, arena);
	if (!mime_write(arena, message, &out, &error))
		return NULL;
	return out.bytes;
}

static void test_it_writes_exactly_this(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(write_message(arena, &plain),
		"Date: Thu, 24 Mar 2022 09:00:00 +0000\r\n"
		"From: Golden Thread <reminders@example.org>\r\n"
		"To: Jane Smith <jane@example.gov.uk>\r\n"
		"Reply-To: Ann Owner <ann@example.gov.uk>\r\n"
		"Subject: Action 1.2 is due on 31 March 2022\r\n"
		"Message-ID: <gt-12.2022-03-24@example.org>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"X-Auto-Response-Suppress: OOF, AutoReply\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Language: en\r\n"
		"Content-Type: multipart/alternative;\r\n"
		" boundary=\"=_gt-12.2022-03-24\"\r\n"
		"\r\n"
		"--=_gt-12.2022-03-24\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Language: en\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"Dear Jane\r\n"
		"--=_gt-12.2022-03-24\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Language: en\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"<p>Dear Jane</p>\r\n"
		"--=_gt-12.2022-03-24--\r\n");
	arena_destroy(arena);
}

static const char *header(struct arena *arena, const char *value)
{
	struct text out;
	text_init(&out, arena);
	mime_text_header(&out, "Subject", value);
	return out.bytes;
}

static const char *phrase(struct arena *arena, const char *name)
{
	struct text out;
	text_init(&out, arena);
	mime_text_phrase(&out, name, 4);
	return out.bytes;
}

static void test_names_are_atoms_quoted_or_encoded(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(phrase(arena, "Jane Smith"), "Jane Smith");
	assert_string_equal(phrase(arena, "Smith, Jane (Cllr.)"), "\"Smith, Jane (Cllr.)\"");
	assert_string_equal(phrase(arena, "Cllr \"Kate\" \\o"), "\"Cllr \\\"Kate\\\" \\\\o\"");
	assert_string_equal(
		phrase(arena, "Siân Ŵyn-Llŷr"), "=?utf-8?q?Si=C3=A2n_=C5=B4yn-Ll=C5=B7r?=");
	assert_string_equal(
		phrase(arena, "=?utf-8?q?x?="), "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=");
	arena_destroy(arena);
}

static void test_subjects_are_folded_or_encoded(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(header(arena, "3 actions due soon, 1 overdue"),
		"Subject: 3 actions due soon, 1 overdue\r\n");
	assert_string_equal(
		header(arena, "one two three four five six seven eight nine ten eleven twelve "
			      "thirteen fourteen"),
		"Subject: one two three four five six seven eight nine ten eleven twelve\r\n"
		" thirteen fourteen\r\n");
	assert_string_equal(header(arena, "Naïve – “quoted”"),
		"Subject: =?utf-8?q?Na=C3=AFve_=E2=80=93_=E2=80=9Cquoted=E2=80=9D?=\r\n");
	assert_string_equal(header(arena, "two  spaces"), "Subject: =?utf-8?q?two__spaces?=\r\n");
	arena_destroy(arena);
}

/* Each line's length, and that an encoded word never ends inside a character. */
static void assert_lines(const char *text)
{
	for (const char *line = text; *line;) {
		const char *end = strstr(line, "\r\n");
		assert_non_null(end);
		assert_in_range(end - line, 0, 76);
		line = end + 2;
	}
	assert_null(strstr(text, "=?utf-8?q??="));
	for (const char *word = text; (word = strstr(word, "=?utf-8?q?")); word += 10)
		assert_false(word[10] == '=' && strchr("89AB", word[11])); /* a continuation byte */
}

static void test_no_header_line_is_longer_than_76(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct mime_message message = plain;
	for (size_t length = 1; length < 260; length++) {
		struct text name;
		text_init(&name, arena);
		for (size_t i = 0; i < length; i++)
			text_add(&name, i % 7 == 3 ? "ŵ" : i % 11 == 5 ? " " : i % 5 ? "x" : "\"");
		message.subject = message.to.name = name.bytes;
		const char *written = write_message(arena, &message);
		assert_non_null(written);
		assert_lines(written);
	}
	arena_destroy(arena);
}

static const char *body(struct arena *arena, const char *text)
{
	struct text out;
	text_init(&out, arena);
	mime_text_body(&out, text);
	return out.bytes;
}

static void test_bodies_are_quoted_printable(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(body(arena, "a = b\n"), "a =3D b\r\n");
	assert_string_equal(body(arena, "no end"), "no end\r\n");
	assert_string_equal(body(arena, "trailing \nspace\t\r\n"), "trailing=20\r\nspace=09\r\n");
	assert_string_equal(body(arena, "a\r\n\r\nb\n\n"), "a\r\n\r\nb\r\n\r\n");
	assert_string_equal(body(arena, "lone\rreturn"), "lone=0Dreturn\r\n");
	assert_string_equal(body(arena, "\n.\nFrom\n"), "\r\n.\r\nFrom\r\n");
	assert_string_equal(body(arena, "–"), "=E2=80=93\r\n");
	assert_string_equal(body(arena, ""), "");
	arena_destroy(arena);
}

static void test_no_body_line_is_longer_than_76(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	for (size_t length = 60; length < 240; length++) {
		struct text long_line;
		text_init(&long_line, arena);
		for (size_t i = 0; i < length; i++)
			text_add(&long_line, i % 9 == 4 ? "é" : i % 6 == 2 ? " " : "x");
		assert_lines(body(arena, long_line.bytes));
	}
	arena_destroy(arena);
}

static void assert_refused(struct mime_message message)
{
	struct arena *arena = arena_create();
	assert_null(write_message(arena, &message));
	arena_destroy(arena);
}

static void test_control_characters_are_refused_in_every_header(void **state)
{
	(void)state;
	static const char *const bad[] = { "a\r\nBcc: x@y.z", "a\nb", "a\rb", "a\tb",
		"a\x01"
		"b",
		"a\x7f", "\xc2\x85", "\xff", "\xc3", "\xed\xa0\x80", "\xc0\xaf",
		"\xf5\x80\x80\x80" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct mime_message message = plain;
		message.subject = bad[i];
		assert_refused(message);
		message = plain;
		message.to.name = bad[i];
		assert_refused(message);
		message = plain;
		message.from.name = bad[i];
		assert_refused(message);
		message = plain;
		message.reply_to.name = bad[i];
		assert_refused(message);
		message = plain;
		message.to.mailbox = bad[i];
		assert_refused(message);
		message = plain;
		message.message_id = bad[i];
		assert_refused(message);
	}
	struct mime_message message = plain;
	message.to.mailbox = "a@b.c>, <d@e.f";
	assert_refused(message);
}

static void test_names_lose_characters_that_turn_the_writing(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct mime_message message = plain;
	message.to.name = "Jane\xe2\x80\xae Smith\xe2\x81\xa9";
	assert_non_null(strstr(write_message(arena, &message), "To: Jane Smith <jane@"));
	arena_destroy(arena);
}

static void assert_mailbox(const char *given, const char *expected)
{
	struct arena *arena = arena_create();
	const char *got = address_mailbox(arena, given);
	if (expected)
		assert_string_equal(got, expected);
	else
		assert_null(got);
	arena_destroy(arena);
}

static void test_addresses_are_ascii_with_a_labels(void **state)
{
	(void)state;
	assert_mailbox("jane.o'neil+x@example.gov.uk", "jane.o'neil+x@example.gov.uk");
	assert_mailbox("jane@sŵn.cymru", "jane@xn--sn-7ra.cymru");
	assert_mailbox("siân@example.org", NULL);
	assert_mailbox("jane", NULL);
	assert_mailbox("@example.org", NULL);
	assert_mailbox("jane@", NULL);
	assert_mailbox("jane smith@example.org", NULL);
	assert_mailbox("jane@example.org>\r\nRSET", NULL);
	assert_mailbox("jane@exam ple.org", NULL);
	assert_mailbox("jane\r\n@example.org", NULL);
	assert_mailbox(".jane@example.org", NULL);
	assert_mailbox("ja..ne@example.org", NULL);
	assert_mailbox("jane@-example.org", NULL);
	assert_mailbox("jane@example..org", NULL);
	assert_mailbox("\"jane\"@example.org", NULL);
}

static void test_senders_are_read_with_their_names(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct address address;
	const char *error;
	assert_true(address_read(arena, "a@b.example", &address, &error));
	assert_null(address.name);
	assert_true(address_read(arena, "\"St Helens, Council\" <a@b.example>", &address, &error));
	assert_string_equal(address.name, "St Helens, Council");
	assert_string_equal(address.mailbox, "a@b.example");
	assert_true(address_read(arena, "<a@b.example>", &address, &error));
	assert_false(address_read(arena, "Council <a@b.example", &address, &error));
	assert_false(address_read(arena, "Council <a@b.example> x", &address, &error));
	assert_false(address_read(arena, "Council", &address, &error));
	assert_false(address_read(arena, "", &address, &error));
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_writes_exactly_this),
		cmocka_unit_test(test_names_are_atoms_quoted_or_encoded),
		cmocka_unit_test(test_subjects_are_folded_or_encoded),
		cmocka_unit_test(test_no_header_line_is_longer_than_76),
		cmocka_unit_test(test_bodies_are_quoted_printable),
		cmocka_unit_test(test_no_body_line_is_longer_than_76),
		cmocka_unit_test(test_control_characters_are_refused_in_every_header),
		cmocka_unit_test(test_names_lose_characters_that_turn_the_writing),
		cmocka_unit_test(test_addresses_are_ascii_with_a_labels),
		cmocka_unit_test(test_senders_are_read_with_their_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
