/* Arrays in PostgreSQL's binary form, against what array_send of PostgreSQL 15 gives for the same
 * values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/db_array.h"

static void expect(struct db_array *array, const char *bytes, size_t length)
{
	struct db_param param = db_array_param(array);
	assert_int_equal(param.length, length);
	assert_memory_equal(param.bytes, bytes, length);
}

/* select array_send(ARRAY[1, -2]::integer[]) */
static void test_integers(void **state)
{
	struct arena *arena = arena_create();
	struct db_array array;
	(void)state;
	db_array_init(&array, arena, DB_ARRAY_INT4);
	db_array_add_int(&array, 1);
	db_array_add_int(&array, -2);
	expect(&array,
		"\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\2\0\0\0\1"
		"\0\0\0\4\0\0\0\1\0\0\0\4\xff\xff\xff\xfe",
		36);
	arena_destroy(arena);
}

/* select array_send(ARRAY[4294967298]) */
static void test_long_integers(void **state)
{
	struct arena *arena = arena_create();
	struct db_array array;
	(void)state;
	db_array_init(&array, arena, DB_ARRAY_INT8);
	db_array_add_int(&array, 4294967298LL);
	expect(&array,
		"\0\0\0\1\0\0\0\0\0\0\0\x14\0\0\0\1\0\0\0\1"
		"\0\0\0\x8\0\0\0\1\0\0\0\2",
		32);
	arena_destroy(arena);
}

/* select array_send(ARRAY['a', NULL, '']): but for the flag "has NULLs", which the receiver finds
 * by itself */
static void test_texts(void **state)
{
	struct arena *arena = arena_create();
	struct db_array array;
	(void)state;
	db_array_init(&array, arena, DB_ARRAY_TEXT);
	db_array_add_text(&array, "a");
	db_array_add_text(&array, NULL);
	db_array_add_text(&array, "");
	expect(&array,
		"\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\3\0\0\0\1"
		"\0\0\0\1a\xff\xff\xff\xff\0\0\0\0",
		33);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_long_integers),
		cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
