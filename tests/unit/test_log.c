/* The log: each line stands alone and is valid, whatever it is told; addresses and keys never get
 * through. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "common/log.h"

static char written[65536];

/* Standard error goes to a file while a log is written. */
static int begin(FILE **file)
{
	int before = dup(STDERR_FILENO);
	*file = tmpfile();
	assert_non_null(*file);
	dup2(fileno(*file), STDERR_FILENO);
	return before;
}

static const char *end(int before, FILE *file)
{
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(file);
	written[fread(written, 1, sizeof(written) - 1, file)] = '\0';
	fclose(file);
	return written;
}

static const char *told(enum log_format format, const char *value)
{
	FILE *file;
	int before = begin(&file);
	log_init("test", format, LOG_INFO);
	log_event(LOG_INFO, "event", "first", value, "second", "2", NULL);
	return end(before, file);
}

/* The value of "first", from the one JSON line. The caller frees it. */
static char *value_of(const char *line)
{
	json_error_t error;
	json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(object);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	for (const char *const *key =
			(const char *const[]){ "time", "level", "program", "event", NULL };
		*key; key++)
		assert_true(json_is_string(json_object_get(object, *key)));
	char *value = strdup(json_string_value(json_object_get(object, "first")));
	json_decref(object);
	return value;
}

static void expect(const char *given, const char *wanted)
{
	char *value = value_of(told(LOG_JSON, given));
	assert_string_equal(value, wanted);
	free(value);
	told(LOG_TEXT, given);
	assert_ptr_equal(strchr(written, '\n'), written + strlen(written) - 1);
}

static void test_what_is_told_arrives(void **state)
{
	(void)state;
	expect("plain", "plain");
	expect("", "");
	expect("a \"b\" \\ c=d", "a \"b\" \\ c=d");
	expect("Cyngor Sir Gâr – 𝄞", "Cyngor Sir Gâr – 𝄞");
	expect("a @ b", "a @ b");
}

static void test_nothing_ends_a_line_or_steers_a_terminal(void **state)
{
	static const char *const hostile[] = { "a\nlevel=error b", "a\r\n{\"level\":\"error\"}",
		"\x1b[2J", "\x7f", "\xc2\x85 next", "\xe2\x80\xa8 separator", "\xe2\x80\xae drow",
		"\t", "\x01" };
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		expect(hostile[i], hostile[i]);
		told(LOG_TEXT, hostile[i]);
		for (const char *at = written; at[1]; at++)
			assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
		assert_null(strstr(written, "\xc2\x85"));
		assert_null(strstr(written, "\xe2\x80"));
	}
}

static void test_what_is_not_utf8_is_replaced(void **state)
{
	(void)state;
	expect("a\xff", "a\uFFFD");
	expect("\xc3", "\uFFFD");
	expect("\xe2\x82 x", "\uFFFD\uFFFD x");
	expect("\xc0\xaf", "\uFFFD\uFFFD");
	expect("\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD");
	expect("\xf5\x80", "\uFFFD\uFFFD");
}

static void test_addresses_and_keys_are_masked(void **state)
{
	(void)state;
	expect("550 5.1.1 <jane.doe@example.org>: no such user",
		"550 5.1.1 <[address]>: no such user");
	expect("jane@example.org", "[address]");
	expect("in URI: \"postgresql://gt:secret@[::1/x\"", "in URI: \"[address][::1/x\"");
	expect("Bearer gt_live_abc123, x", "Bearer [key], x");
	expect("token=gt_live_abc123", "[key]");
	told(LOG_TEXT, "jane@example.org");
	assert_null(strstr(written, "jane"));
}

static void test_however_long_the_line_is_valid(void **state)
{
	static const char *const units[] = { "a", "\"", "\x01", "é", "𝄞", "\xff", " x@y", "word " };
	char value[8192];
	(void)state;
	for (size_t unit = 0; unit < sizeof(units) / sizeof(*units); unit++)
		for (size_t pad = 0; pad < 12; pad++) {
			memset(value, 'p', pad);
			value[pad] = '\0';
			while (strlen(value) < sizeof(value) - 16)
				strcat(value, units[unit]);
			char *cut = value_of(told(LOG_JSON, value));
			assert_string_equal(cut + strlen(cut) - strlen("…"), "…");
			free(cut);
			assert_true(strlen(told(LOG_TEXT, value)) <= 4096);
			assert_int_equal(written[strlen(written) - 1], '\n');
		}
}

static void test_many_long_values_leave_a_valid_line(void **state)
{
	char value[900];
	FILE *file;
	json_error_t error;
	(void)state;
	memset(value, '\n', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	int before = begin(&file);
	log_init("test", LOG_JSON, LOG_INFO);
	log_context("request", value);
	log_event(LOG_INFO, "event", "a", value, "b", value, "c", value, "d", value, NULL);
	log_context(NULL, NULL);
	json_t *object = json_loads(end(before, file), 0, &error);
	assert_non_null(object);
	json_decref(object);
}

static void test_what_is_below_the_level_is_not_told(void **state)
{
	FILE *file;
	(void)state;
	int before = begin(&file);
	log_init("test", LOG_JSON, LOG_WARN);
	log_info("quiet");
	log_warn("loud %d", 1);
	assert_non_null(strstr(end(before, file), "\"message\":\"loud 1\""));
	assert_null(strstr(written, "quiet"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_told_arrives),
		cmocka_unit_test(test_nothing_ends_a_line_or_steers_a_terminal),
		cmocka_unit_test(test_what_is_not_utf8_is_replaced),
		cmocka_unit_test(test_addresses_and_keys_are_masked),
		cmocka_unit_test(test_however_long_the_line_is_valid),
		cmocka_unit_test(test_many_long_values_leave_a_valid_line),
		cmocka_unit_test(test_what_is_below_the_level_is_not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
