/* The timescale reader against real strings and forms, and the rules that hold for any string. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/timescale.h"
#include "common/timescale/timescale_lex.h"
#include "common/timescale/timescale_words.h"

#define LINE_BYTES 4096
#define COLUMNS 6

struct timescale_row {
	const char *text;
	const char *start;
	const char *due;
	const char *kind;       /* empty = any */
	const char *confidence; /* empty = any */
	char *also;             /* "continues=1;recurs=FREQ=YEARLY": split by row_field */
};

/* Cuts the line at its tabs; "\n" written out becomes a line break. */
static struct timescale_row row_of(char *line)
{
	static char nothing[1];
	char *columns[COLUMNS] = { nothing, nothing, nothing, nothing, nothing, nothing };
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS && line; i++)
		columns[i] = strsep(&line, "\t");
	for (char *at = strstr(columns[0], "\\n"); at; at = strstr(at, "\\n")) {
		*at = '\n';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
	return (struct timescale_row){ columns[0], columns[1], columns[2], columns[3], columns[4],
		columns[5] };
}

static bool same_date(const char *iso, struct date date)
{
	char got[DATE_ISO_BYTES];
	return strcmp(iso, date_is_set(date) ? date_iso(date, got) : "") == 0;
}

static bool same_text(const char *wanted, const char *got)
{
	return strcmp(wanted, got ? got : "") == 0;
}

static bool has_assumption(const struct timescale *read, const char *wanted)
{
	for (int i = 0; i < read->assumption_count; i++)
		if (strcmp(read->assumptions[i], wanted) == 0)
			return true;
	return false;
}

static bool field_fits(const struct timescale *read, const char *name, const char *value)
{
	int last = read->deadline_count - 1;
	if (strcmp(name, "status") == 0)
		return same_text(value, read->status_hint);
	if (strcmp(name, "recurs") == 0)
		return same_text(value, read->recurs);
	if (strcmp(name, "completed") == 0)
		return same_date(value, read->completed_on);
	if (strcmp(name, "continues") == 0)
		return read->continues == (*value == '1');
	if (strcmp(name, "deadlines") == 0)
		return read->deadline_count == atoi(value);
	if (strcmp(name, "label1") == 0)
		return last >= 0 && same_text(value, read->deadlines[0].label);
	if (strcmp(name, "label2") == 0)
		return last >= 0 && same_text(value, read->deadlines[last].label);
	if (strcmp(name, "iso") == 0)
		return has_assumption(read, value);
	return false;
}

/* A ";" parts fields only before a small letter: RRULEs hold semicolons too. */
static char *field_end(char *field)
{
	char *end = field;
	while (*end && !(*end == ';' && end[1] >= 'a' && end[1] <= 'z'))
		end++;
	return end;
}

static bool fields_fit(const struct timescale *read, char *also)
{
	bool fit = true;
	while (*also) {
		char *end = field_end(also);
		char *next = *end ? end + 1 : end;
		char *value = strchr(also, '=');
		*end = '\0';
		if (!value)
			return false;
		*value++ = '\0';
		fit &= field_fits(read, also, value);
		also = next;
	}
	return fit;
}

static int check_row(struct arena *arena, struct timescale_row row)
{
	struct timescale read;
	timescale_read(arena, row.text, NULL, &read);
	/* Rows whose published words allow two readings must only not be called certain. */
	if (strcmp(row.also, "not_gold=1") == 0)
		return read.confidence == TIMESCALE_CERTAIN;
	bool right = same_date(row.start, read.starts_on) && same_date(row.due, read.due_on);
	right &= !*row.kind || strcmp(row.kind, timescale_kind_name(read.kind)) == 0;
	right &= !*row.confidence ||
		 strcmp(row.confidence, timescale_confidence_name(read.confidence)) == 0;
	right &= fields_fit(&read, row.also);
	if (!right)
		print_error("%s\n  wanted %s to %s, %s, %s\n  got %s\n", row.text, row.start,
			row.due, row.kind, row.confidence, timescale_json(arena, &read));
	return right ? 0 : 1;
}

static void check_file(const char *path, int least)
{
	FILE *file = fopen(path, "r");
	struct arena *arena = arena_create();
	char line[LINE_BYTES];
	int wrong = 0;
	int rows = 0;
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	for (; fgets(line, sizeof(line), file); rows++)
		wrong += check_row(arena, row_of(line));
	fclose(file);
	arena_destroy(arena);
	assert_true(rows >= least);
	assert_int_equal(wrong, 0);
}

static void test_published_strings(void **state)
{
	(void)state;
	check_file(TESTS_DATA_DIR "/timescales.tsv", 128);
}

static void test_more_forms(void **state)
{
	(void)state;
	check_file(TESTS_DATA_DIR "/timescales_more.tsv", 1300);
}

/* Read first by someone who did not know this reader; the seventh column tells real from made. */
static void test_blind_strings(void **state)
{
	(void)state;
	check_file(TESTS_DATA_DIR "/timescales_blind.tsv", 466);
}

static void check_read(const char *text, const struct timescale_settings *settings,
	const char *start, const char *due)
{
	struct arena *arena = arena_create();
	struct timescale read;
	timescale_read(arena, text, settings, &read);
	bool right = same_date(start, read.starts_on) && same_date(due, read.due_on);
	if (!right)
		print_error("%s gave %s\n", text, timescale_json(arena, &read));
	arena_destroy(arena);
	assert_true(right);
}

static void test_quarters_follow_the_plan(void **state)
{
	const struct timescale_settings calendar = { .quarters = TIMESCALE_CALENDAR };
	(void)state;
	check_read("Q3 2024", &calendar, "2024-07-01", "2024-09-30");
	check_read("Q3 2024", NULL, "2024-10-01", "2024-12-31");
	check_read("Q4 2023", NULL, "2024-01-01", "2024-03-31");
	check_read("Q3 2024/25", &calendar, "2024-10-01", "2024-12-31");
	check_read("quarter one 2025 (January – March)", NULL, "2025-01-01", "2025-03-31");
	check_read("H1 2024", &calendar, "2024-01-01", "2024-06-30");
}

static void test_counts_from_the_anchor(void **state)
{
	const struct timescale_settings settings = { .relative_to = { 2023, 8, 31 } };
	(void)state;
	check_read("Within six months", &settings, "", "2024-02-29");
	check_read("6 weeks", &settings, "", "2023-10-12");
	check_read("Year 2", &settings, "2024-08-31", "2025-08-30");
	check_read("Immediate", &settings, "", "2023-08-31");
	check_read("March 2024", &settings, "", "2024-03-31");
	check_read("Next meeting", &settings, "", "");
}

static void test_too_long_is_unreadable(void **state)
{
	static char text[TIMESCALE_TEXT_BYTES + 2];
	struct arena *arena = arena_create();
	struct timescale read;
	(void)state;
	memset(text, ' ', TIMESCALE_TEXT_BYTES + 1);
	memcpy(text, "March 2024", 10);
	timescale_read(arena, text, NULL, &read);
	assert_int_equal(read.confidence, TIMESCALE_UNREADABLE);
	assert_string_equal(read.rule, "too_long");
	text[TIMESCALE_TEXT_BYTES] = '\0';
	timescale_read(arena, text, NULL, &read);
	assert_int_equal(read.confidence, TIMESCALE_CERTAIN);
	memset(text, '?', TIMESCALE_TEXT_BYTES);
	timescale_read(arena, text, NULL, &read);
	assert_int_equal(read.confidence, TIMESCALE_UNREADABLE);
	arena_destroy(arena);
}

static void test_json_is_the_contract(void **state)
{
	struct arena *arena = arena_create();
	struct timescale read;
	(void)state;
	timescale_read(arena, "Dec 2021 – March 2022", NULL, &read);
	assert_string_equal(timescale_json(arena, &read),
		"{\"text\":\"Dec 2021 – March 2022\",\"kind\":\"range\",\"precision\":\"month\","
		"\"starts_on\":\"2021-12-01\",\"due_on\":\"2022-03-31\","
		"\"deadlines\":[{\"label\":null,\"due_on\":\"2022-03-31\"}],\"continues\":false,"
		"\"recurs\":null,\"status_hint\":null,\"confidence\":\"certain\",\"assumptions\":[],"
		"\"reading\":\"Work from 1 December 2021, due by 31 March 2022\","
		"\"completed_on\":null,\"rule\":\"range\"}");
	arena_destroy(arena);
}

static void test_two_points_in_one_cell(void **state)
{
	struct arena *arena = arena_create();
	struct timescale read;
	(void)state;
	timescale_read(arena, "December 2021 Review – March 2022", NULL, &read);
	assert_int_equal(read.deadline_count, 2);
	assert_null(read.deadlines[0].label);
	assert_true(same_date("2021-12-31", read.deadlines[0].due_on));
	assert_string_equal(read.deadlines[1].label, "Review");
	assert_string_equal(read.reading,
		"2 deadlines, the first on 31 December 2021 and the last on 31 March 2022");
	arena_destroy(arena);
}

static void test_bad_bytes_come_out_as_utf8(void **state)
{
	struct arena *arena = arena_create();
	struct timescale read;
	(void)state;
	timescale_read(arena, "\xff March\x01 2024 \xe2\x80", NULL, &read);
	assert_true(same_date("2024-03-31", read.due_on));
	assert_non_null(strstr(timescale_json(arena, &read),
		"\"text\":\"\xef\xbf\xbd March\\u0001 2024 \xef\xbf\xbd\xef\xbf\xbd\""));
	arena_destroy(arena);
}

static void test_words_are_found(void **state)
{
	(void)state;
	/* The first and the last rows: the table is searched by halves. */
	assert_non_null(timescale_words_find("a", 1));
	assert_non_null(timescale_words_find("yrs", 3));
	assert_int_equal(timescale_words_find("rhagfyr", 7)->value, 12);
	assert_null(timescale_words_find("marchi", 6));
	assert_int_equal(timescale_words_misspelt_month("septembr", 8), 9);
	assert_int_equal(timescale_words_misspelt_month("ocotber", 7), 10);
	assert_int_equal(timescale_words_misspelt_month("remember", 8), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_strings),
		cmocka_unit_test(test_more_forms),
		cmocka_unit_test(test_blind_strings),
		cmocka_unit_test(test_quarters_follow_the_plan),
		cmocka_unit_test(test_counts_from_the_anchor),
		cmocka_unit_test(test_too_long_is_unreadable),
		cmocka_unit_test(test_json_is_the_contract),
		cmocka_unit_test(test_two_points_in_one_cell),
		cmocka_unit_test(test_bad_bytes_come_out_as_utf8),
		cmocka_unit_test(test_words_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
