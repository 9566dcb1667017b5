/* Schemas: every fault of a body at once with its place, and what parameters may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/schema.h"
#include "common/text.h"

static const char *const words[] = { "lead", "manager", NULL };
static const struct field items[] = {
	{ "lead", FIELD_ID, .required = true },
	{ "role", FIELD_ENUM, .one_of = words },
	{ NULL },
};
static const struct field table[] = {
	{ "title", FIELD_LINE, .max = 5, .required = true },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100, .nullable = true },
	{ "owner", FIELD_ID, .nullable = true },
	{ "published", FIELD_BOOLEAN },
	{ "leads", FIELD_OBJECTS, .items = items, .max = 2 },
	{ "audience", FIELD_ENUMS, .one_of = words, .min = 1, .max = 2 },
	{ "plans", FIELD_IDS, .max = 2, .nullable = true },
	{ "cursor", FIELD_CURSOR },
	{ NULL },
};

/* The faults as "pointer code" lines. */
static const char *faults_of(struct arena *arena, const char *json, bool partial)
{
	struct faults faults = { .arena = arena };
	struct text text;
	json_t *body = json_loads(json, 0, NULL);
	assert_non_null(body);
	schema_check_body(table, body, partial, &faults);
	json_decref(body);
	text_init(&text, arena);
	for (size_t i = 0; i < faults.count; i++)
		text_addf(&text, "%s%s %s", i ? "\n" : "", faults.list[i].pointer,
			faults.list[i].code);
	return text.bytes;
}

static void test_bodies(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		const char *faults;
	} rows[] = {
		{ "{\"title\":\"a\"}", "" },
		{ "{\"title\":\"a\",\"percent\":0,\"owner\":1,\"published\":false,\"leads\":[{\"lead\":1}],"
		  "\"audience\":[\"lead\",\"manager\"],\"plans\":[1,2]}",
			"" },
		{ "{\"title\":\"a\",\"percent\":null,\"owner\":null,\"plans\":null,\"leads\":[]}",
			"" },
		{ "{}", "/title required" },
		{ "{\"title\":null}", "/title not_nullable" },
		{ "{\"title\":1}", "/title wrong_type" },
		{ "{\"title\":\"abcdef\"}", "/title too_long" },
		{ "{\"title\":\"a\",\"percent\":\"1\"}", "/percent wrong_type" },
		{ "{\"title\":\"a\",\"percent\":1.0}", "/percent wrong_type" },
		{ "{\"title\":\"a\",\"percent\":true}", "/percent wrong_type" },
		{ "{\"title\":\"a\",\"percent\":-1}", "/percent out_of_range" },
		{ "{\"title\":\"a\",\"percent\":101}", "/percent out_of_range" },
		{ "{\"title\":\"a\",\"owner\":0}", "/owner out_of_range" },
		{ "{\"title\":\"a\",\"published\":0}", "/published wrong_type" },
		{ "{\"title\":\"a\",\"published\":null}", "/published not_nullable" },
		{ "{\"title\":\"a\",\"leads\":{}}", "/leads wrong_type" },
		{ "{\"title\":\"a\",\"leads\":[1,null]}",
			"/leads/0 wrong_type\n/leads/1 wrong_type" },
		{ "{\"title\":\"a\",\"leads\":[{\"lead\":1},{\"role\":\"x\"}]}",
			"/leads/1/role unknown_value\n/leads/1/lead required" },
		{ "{\"title\":\"a\",\"leads\":[{\"lead\":1},{\"lead\":1},{\"lead\":1}]}",
			"/leads wrong_count" },
		{ "{\"title\":\"a\",\"audience\":[]}", "/audience wrong_count" },
		{ "{\"title\":\"a\",\"audience\":[\"lead\",null]}", "/audience/1 not_nullable" },
		{ "{\"title\":\"a\",\"plans\":[1,\"2\"]}", "/plans/1 wrong_type" },
		{ "{\"title\":\"a\",\"plans\":[[1]]}", "/plans/0 wrong_type" },
		{ "{\"title\":\"a\",\"a/b~c\":1}", "/a~1b~0c unknown_field" },
		{ "{\"title\":\"a\",\"\":1}", "/ unknown_field" },
		{ "{\"x\":1,\"percent\":\"\",\"title\":\"\"}",
			"/x unknown_field\n/percent wrong_type\n/title too_short" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena *arena = arena_create();
		const char *found = faults_of(arena, rows[i].json, false);
		if (strcmp(found, rows[i].faults) != 0)
			fail_msg("%s: %s", rows[i].json, found);
		arena_destroy(arena);
	}
}

static void test_a_patch_needs_nothing_but_clears_nothing_that_must_be(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(faults_of(arena, "{}", true), "");
	assert_string_equal(faults_of(arena, "{\"percent\":null}", true), "");
	assert_string_equal(faults_of(arena, "{\"title\":null}", true), "/title not_nullable");
	assert_string_equal(faults_of(arena, "{\"leads\":[{}]}", true), "/leads/0/lead required");
	arena_destroy(arena);
}

static void test_a_hundred_faults_are_enough(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct faults faults = { .arena = arena };
	for (int i = 0; i < 3 * FAULTS_MAX; i++)
		faults_add(&faults, "/x", "bad", "Bad");
	assert_int_equal(faults.count, FAULTS_MAX);
	arena_destroy(arena);
}

static void test_cursors(void **state)
{
	(void)state;
	static const struct {
		const char *cursor;
		const char *id; /* NULL: not one of ours */
	} rows[] = {
		{ "djE6MQ", "1" }, /* v1:1 */
		{ "djE6OTk5OTk5OTk5OTk5OTk5OTk5", "999999999999999999" },
		{ "", NULL },
		{ "djE6", NULL },                           /* v1: */
		{ "djI6MQ", NULL },                         /* v2:1 */
		{ "djE6LTE", NULL },                        /* v1:-1 */
		{ "djE6MSAy", NULL },                       /* v1:1 2 */
		{ "djE6MQA", NULL },                        /* v1:1 and a NUL */
		{ "djE6MTIzNDU2Nzg5MDEyMzQ1Njc4OQ", NULL }, /* 19 digits */
		{ "djE6MQ==", NULL },
		{ "djE6M+", NULL },
		{ "1", NULL },
	};
	struct arena *arena = arena_create();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *id = schema_cursor_id(arena, rows[i].cursor);
		if (!id != !rows[i].id || (id && strcmp(id, rows[i].id) != 0))
			fail_msg("%s: %s", rows[i].cursor, id ? id : "none");
	}
	char *endless = arena_alloc(arena, 10001);
	memset(endless, 'A', 10000);
	assert_null(schema_cursor_id(arena, endless));
	arena_destroy(arena);
}

static void test_parameters(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *value;
		const char *given; /* NULL: a fault */
		const char *code;
	} rows[] = {
		{ "percent", "0", "0", NULL },
		{ "percent", "100", "100", NULL },
		{ "percent", "101", NULL, "out_of_range" },
		{ "percent", "-1", NULL, "out_of_range" },
		{ "percent", "", NULL, "out_of_range" },
		{ "percent", "1e1", NULL, "out_of_range" },
		{ "percent", "99999999999999999999", NULL, "out_of_range" },
		{ "owner", "0", NULL, "out_of_range" },
		{ "owner", "999999999999999999", "999999999999999999", NULL },
		{ "published", "true", "true", NULL },
		{ "published", "1", NULL, "wrong_type" },
		{ "cursor", "djE6MQ", "1", NULL },
		{ "cursor", "1", NULL, "bad_cursor" },
		{ "title", "a", "a", NULL },
		{ "title", "", NULL, "too_short" },
		{ "titel", "a", NULL, "unknown_parameter" },
	};
	struct arena *arena = arena_create();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct faults faults = { .arena = arena };
		const char *given =
			schema_check_parameter(table, rows[i].name, rows[i].value, &faults);
		if (!given != !rows[i].given || (given && strcmp(given, rows[i].given) != 0))
			fail_msg("%s=%s", rows[i].name, rows[i].value);
		assert_int_equal(faults.count, rows[i].code ? 1 : 0);
		if (!rows[i].code)
			continue;
		assert_string_equal(faults.list[0].code, rows[i].code);
		assert_string_equal(
			faults.list[0].pointer, arena_printf(arena, "?%s", rows[i].name));
	}
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_a_patch_needs_nothing_but_clears_nothing_that_must_be),
		cmocka_unit_test(test_a_hundred_faults_are_enough),
		cmocka_unit_test(test_cursors),
		cmocka_unit_test(test_parameters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
