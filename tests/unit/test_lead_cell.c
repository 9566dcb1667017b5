/* The lead-cell reader against tests/data/leads.tsv, and the normal form of a post's name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/lead_cell.h"
#include "common/text.h"

#define LINE_BYTES 4096
#define COLUMNS 3

struct lead_row {
	const char *text;
	const char *leads;      /* "name|kind|role; name|kind|role" */
	const char *confidence; /* empty = either */
};

/* Cuts the line at its tabs; "\n" written out becomes a line break. */
static struct lead_row row_of(char *line)
{
	char *columns[COLUMNS] = { "", "", "" };
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS && line; i++)
		columns[i] = strsep(&line, "\t");
	for (char *at = strstr(columns[0], "\\n"); at; at = strstr(at, "\\n")) {
		*at = '\n';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
	return (struct lead_row){ columns[0], columns[1], columns[2] };
}

static const char *written(struct arena *arena, const struct lead_cell *cell)
{
	struct text out;
	text_init(&out, arena);
	for (int i = 0; i < cell->lead_count; i++)
		text_addf(&out, "%s%s|%s|%s", i ? "; " : "", cell->leads[i].name,
			lead_cell_kind_name(cell->leads[i].kind),
			lead_cell_role_name(cell->leads[i].role));
	return out.bytes;
}

static int check_row(struct arena *arena, struct lead_row row)
{
	struct lead_cell cell;
	lead_cell_read(arena, row.text, &cell);
	const char *got = written(arena, &cell);
	const char *confidence = lead_cell_confidence_name(cell.confidence);
	bool right = strcmp(got, row.leads) == 0;
	right &= !*row.confidence || strcmp(confidence, row.confidence) == 0;
	if (!right)
		print_error("%s\n  wanted %s (%s)\n  got    %s (%s)\n", row.text, row.leads,
			row.confidence, got, confidence);
	return right ? 0 : 1;
}

static void test_published_cells(void **state)
{
	(void)state;
	FILE *file = fopen(TESTS_DATA_DIR "/leads.tsv", "r");
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
	assert_true(rows > 50);
	assert_int_equal(wrong, 0);
}

static void test_one_post_written_two_ways(void **state)
{
	static const char *const pairs[][2] = {
		{ "Reset & Recovery", "Reset and Recovery" },
		{ "Executive Director- Place Services", "Executive Director - Place Services" },
		{ "Executive Director – Place Services", "EXECUTIVE DIRECTOR - PLACE  SERVICES." },
		{ "Children’s Services", "Childrens Services" },
		{ "Head of Finance.", "head of finance" },
	};
	struct arena *arena = arena_create();
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_string_equal(lead_cell_post_key(arena, pairs[i][0]),
			lead_cell_post_key(arena, pairs[i][1]));
	assert_string_not_equal(
		lead_cell_post_key(arena, "Head of HR"), lead_cell_post_key(arena, "Head of IT"));
	assert_string_equal(lead_cell_post_key(arena, " -. "), "");
	arena_destroy(arena);
}

static void test_ditto(void **state)
{
	static const char *const dittos[] = { "As above", "ditto", "\"", "”" };
	struct arena *arena = arena_create();
	(void)state;
	for (size_t i = 0; i < sizeof(dittos) / sizeof(dittos[0]); i++) {
		struct lead_cell cell;
		lead_cell_read(arena, dittos[i], &cell);
		assert_true(cell.ditto);
		assert_int_equal(cell.lead_count, 0);
	}
	arena_destroy(arena);
}

static void test_one_post_named_twice_is_one_lead(void **state)
{
	struct arena *arena = arena_create();
	struct lead_cell cell;
	(void)state;
	lead_cell_read(arena, "Head of HR; Head of HR.", &cell);
	assert_int_equal(cell.lead_count, 1);
	arena_destroy(arena);
}

static void test_too_long_or_too_many_is_unreadable(void **state)
{
	struct arena *arena = arena_create();
	struct lead_cell cell;
	char *text = arena_alloc(arena, LEAD_CELL_TEXT_BYTES + 2);
	(void)state;
	memset(text, 'a', LEAD_CELL_TEXT_BYTES + 1);
	lead_cell_read(arena, text, &cell);
	assert_int_equal(cell.confidence, LEAD_UNREADABLE);
	for (size_t i = 0; i < 100; i++)
		text[i] = i % 2 ? ';' : 'a';
	text[100] = '\0';
	lead_cell_read(arena, text, &cell);
	assert_int_equal(cell.confidence, LEAD_UNREADABLE);
	assert_int_equal(cell.lead_count, 0);
	arena_destroy(arena);
}

static void test_json(void **state)
{
	struct arena *arena = arena_create();
	struct lead_cell cell;
	(void)state;
	lead_cell_read(arena, "CEO\xff", &cell);
	assert_string_equal(lead_cell_json(arena, &cell),
		"{\"text\":\"CEO\xef\xbf\xbd\",\"leads\":[{\"name\":\"CEO\xef\xbf\xbd\",\"kind\":\"team\","
		"\"role\":\"lead\"}],\"confidence\":\"certain\",\"assumptions\":[],\"ditto\":false}");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_cells),
		cmocka_unit_test(test_one_post_written_two_ways),
		cmocka_unit_test(test_ditto),
		cmocka_unit_test(test_one_post_named_twice_is_one_lead),
		cmocka_unit_test(test_too_long_or_too_many_is_unreadable),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
