/* The seed: the first published plan, compared field by field with what a person read in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "api/import/import.h"
#include "common/lead_cell.h"
#include "common/text.h"

#define PLANS TESTS_DATA_DIR "/plans/"

struct fixture {
	struct arena *arena;
	json_t *expected;
	json_t *read;
	struct import_doc doc;
};

static void read_file(struct arena *arena, const char *path, struct text *out)
{
	char chunk[4096];
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	text_init(out, arena);
	for (size_t got = fread(chunk, 1, sizeof(chunk), file); got;
		got = fread(chunk, 1, sizeof(chunk), file))
		text_add_bytes(out, chunk, got);
	fclose(file);
}

static int set_up(void **state)
{
	static struct fixture fixture;
	struct text seed, expected;
	fixture.arena = arena_create();
	read_file(fixture.arena, PLANS "st-helens-2021.txt", &seed);
	read_file(fixture.arena, PLANS "st-helens-2021.expected.json", &expected);
	fixture.expected = json_loads(expected.bytes, 0, NULL);
	assert_non_null(fixture.expected);
	assert_true(import_read(
		fixture.arena, seed.bytes, seed.length, "text/plain", NULL, &fixture.doc));
	fixture.read = json_loads(fixture.doc.json, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(fixture.read);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	json_decref(fixture->expected);
	json_decref(fixture->read);
	arena_destroy(fixture->arena);
	return 0;
}

static const char *string(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : "null";
}

static void assert_same(const json_t *read, const json_t *expected, const char *key)
{
	assert_string_equal(string(read, key), string(expected, key));
}

static void check_doubts(const json_t *read, const json_t *expected)
{
	const json_t *found = json_object_get(read, "doubts");
	const json_t *wanted = json_object_get(expected, "doubts");
	assert_int_equal(json_array_size(found), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++)
		assert_string_equal(string(json_array_get(found, i), "code"),
			json_string_value(json_array_get(wanted, i)));
}

static void check_leads(struct arena *arena, const json_t *read, const json_t *expected)
{
	assert_int_equal(json_array_size(read), json_array_size(expected));
	for (size_t i = 0; i < json_array_size(expected); i++) {
		const json_t *found = json_array_get(read, i);
		const json_t *wanted = json_array_get(expected, i);
		assert_same(found, wanted, "name");
		assert_same(found, wanted, "kind");
		assert_same(found, wanted, "role");
		assert_string_equal(string(found, "post_key"),
			lead_cell_post_key(arena, string(wanted, "name")));
	}
}

static void check_timescale(const json_t *read, const json_t *expected)
{
	assert_same(read, expected, "text");
	assert_same(read, expected, "starts_on");
	assert_same(read, expected, "due_on");
	assert_same(read, expected, "confidence");
	const json_t *found = json_object_get(read, "deadlines");
	const json_t *wanted = json_object_get(expected, "deadlines");
	assert_int_equal(json_array_size(found), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++) {
		assert_same(json_array_get(found, i), json_array_get(wanted, i), "label");
		assert_same(json_array_get(found, i), json_array_get(wanted, i), "due_on");
	}
}

static void check_recommendation(struct arena *arena, const json_t *read, const json_t *expected)
{
	const json_t *found = json_object_get(read, "actions");
	const json_t *wanted = json_object_get(expected, "actions");
	assert_same(read, expected, "number");
	assert_same(read, expected, "text");
	assert_int_equal(json_array_size(found), json_array_size(wanted));
	for (size_t i = 0; i < json_array_size(wanted); i++) {
		const json_t *action = json_array_get(found, i);
		assert_same(action, json_array_get(wanted, i), "reference");
		assert_same(action, json_array_get(wanted, i), "description");
		assert_true(json_is_null(json_object_get(action, "status")));
		check_doubts(action, json_array_get(wanted, i));
		check_leads(arena, json_object_get(action, "leads"),
			json_object_get(expected, "leads"));
		check_timescale(json_object_get(action, "timescale"),
			json_object_get(expected, "timescale"));
	}
}

static void test_every_field(void **state)
{
	struct fixture *fixture = *state;
	const json_t *found = json_object_get(fixture->read, "recommendations");
	const json_t *wanted = json_object_get(fixture->expected, "recommendations");
	assert_same(json_object_get(fixture->read, "plan"), fixture->expected, "title");
	assert_int_equal(json_array_size(found), 7);
	assert_int_equal(json_array_size(wanted), 7);
	for (size_t i = 0; i < json_array_size(wanted); i++)
		check_recommendation(
			fixture->arena, json_array_get(found, i), json_array_get(wanted, i));
	assert_int_equal(json_array_size(json_object_get(fixture->read, "doubts")), 0);
	assert_int_equal(json_array_size(json_object_get(fixture->read, "errors")), 0);
}

static void test_doubts_name_row_and_column(void **state)
{
	struct fixture *fixture = *state;
	const struct import_recommendation *fourth = &fixture->doc.plan.recommendations[3];
	const struct finding *split = &fourth->actions[0].doubts.items[0];
	assert_int_equal(split->row, 12);
	assert_string_equal(split->column, "Recommendation");
	assert_string_equal(split->detail, "The row was split across a page; its first actions may "
					   "belong to recommendation 3");
	const struct finding *shared = &fourth->actions[4].doubts.items[0];
	assert_int_equal(shared->row, 13);
	assert_string_equal(shared->column, "Timescales");
}

/* However the words are split, they are all there and in their order. */
static void test_no_word_is_lost(void **state)
{
	struct fixture *fixture = *state;
	struct text seed;
	read_file(fixture->arena, PLANS "st-helens-2021.txt", &seed);
	const char *at = strstr(seed.bytes, "To develop shared economic");
	const char *end = strstr(at, "\tExecutive");
	const struct import_recommendation *first = &fixture->doc.plan.recommendations[0];
	struct text words;
	text_init(&words, fixture->arena);
	for (int i = 0; i < first->action_count; i++)
		text_addf(&words, "%s ", first->actions[i].description);
	assert_int_equal(words.length, (size_t)(end - at));
	assert_memory_equal(words.bytes, at, words.length);
}

static void test_options_override(void **state)
{
	struct fixture *fixture = *state;
	struct import_options options = { .title = "Another title",
		.organisation = "St Helens",
		.slug = "st-helens",
		.source_url = "https://example.org/plan" };
	struct import_doc doc;
	struct text seed;
	read_file(fixture->arena, PLANS "st-helens-2021.txt", &seed);
	assert_true(
		import_read(fixture->arena, seed.bytes, seed.length, "plan.txt", &options, &doc));
	json_t *json = json_loads(doc.json, 0, NULL);
	const json_t *plan = json_object_get(json, "plan");
	assert_string_equal(string(plan, "title"), "Another title");
	assert_string_equal(string(plan, "organisation"), "St Helens");
	assert_string_equal(string(plan, "slug"), "st-helens");
	assert_string_equal(string(plan, "source_url"), "https://example.org/plan");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_field),
		cmocka_unit_test(test_doubts_name_row_and_column),
		cmocka_unit_test(test_no_word_is_lost),
		cmocka_unit_test(test_options_override),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
