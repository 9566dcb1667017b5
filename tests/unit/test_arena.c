/* Arenas: memory that is zeroed, aligned and big enough, and what is deferred to their end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/arena.h"

static void note(void *object)
{
	char *log = *(char **)object;
	strcat(log, "x");
}

struct noted {
	char *log;
	char letter;
};

static void note_letter(void *object)
{
	struct noted *noted = object;
	size_t length = strlen(noted->log);
	noted->log[length] = noted->letter;
	noted->log[length + 1] = '\0';
}

static void test_memory_is_zeroed_and_aligned(void **state)
{
	struct arena *arena = arena_create();
	(void)state;
	for (size_t size = 0; size < 100000; size = size * 3 + 1) {
		unsigned char *memory = arena_alloc(arena, size);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
	}
	arena_destroy(arena);
}

static void test_blocks_do_not_overlap(void **state)
{
	struct arena *arena = arena_create();
	char *texts[500];
	(void)state;
	for (int i = 0; i < 500; i++)
		texts[i] = arena_printf(arena, "text number %d of many", i);
	for (int i = 0; i < 500; i++) {
		assert_int_equal(strtol(texts[i] + strlen("text number "), NULL, 10), i);
		assert_int_equal(
			strlen(texts[i]), strlen("text number  of many") + 1 + (i > 9) + (i > 99));
	}
	arena_destroy(arena);
}

static void test_copies(void **state)
{
	struct arena *arena = arena_create();
	char text[] = "March 2022";
	(void)state;
	char *copy = arena_strdup(arena, text);
	char *part = arena_strndup(arena, text, 5);
	text[0] = 'X';
	assert_string_equal(copy, "March 2022");
	assert_string_equal(part, "March");
	assert_string_equal(arena_strndup(arena, text, 0), "");
	assert_null(arena_strdup(arena, NULL));
	assert_null(arena_strndup(arena, NULL, 5));
	arena_destroy(arena);
}

static void test_what_grows_keeps_its_bytes(void **state)
{
	(void)state;
	struct arena *arena = arena_create_sized(100);
	char *grown = arena_alloc(arena, 10);
	strcpy(grown, "March");
	assert_ptr_equal(arena_grow(arena, grown, 10, 40), grown);
	char *between = arena_strdup(arena, "between");
	char *moved = arena_grow(arena, grown, 40, 60);
	assert_ptr_not_equal(moved, grown);
	assert_string_equal(moved, "March");
	for (size_t size = 60; size < 200000; size *= 3) {
		moved = arena_grow(arena, moved, size, size * 3);
		assert_string_equal(moved, "March");
		memset(moved + strlen("March") + 1, 0xff, size * 3 - strlen("March") - 1);
	}
	assert_string_equal(between, "between");
	arena_reset(arena);
	const char *again = arena_alloc(arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(again[i], 0);
	arena_destroy(arena);
}

/* Whatever it moves, nothing else is touched and nothing of it is lost. */
static void assert_grows(struct arena *arena, size_t size, size_t wanted)
{
	char *memory = arena_alloc(arena, size);
	memset(memory, 'a', size);
	char *next = arena_strdup(arena, "next");
	char *grown = arena_grow(arena, memory, size, wanted);
	memset(grown + size, 'b', wanted - size);
	char *after = arena_strdup(arena, "after");
	grown = arena_grow(arena, grown, wanted, wanted * 2);
	memset(grown + wanted, 'c', wanted);
	assert_int_equal((uintptr_t)grown % _Alignof(max_align_t), 0);
	for (size_t i = 0; i < wanted * 2; i++)
		assert_int_equal(grown[i], i < size ? 'a' : i < wanted ? 'b' : 'c');
	assert_string_equal(next, "next");
	assert_string_equal(after, "after");
}

static void test_growing_keeps_all(void **state)
{
	static const size_t sizes[] = { 1, 16, 500, 5000, 40000, 200000 };
	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t j = i; j < sizeof(sizes) / sizeof(*sizes); j++) {
			struct arena *arena = arena_create();
			assert_grows(arena, sizes[i], sizes[j]);
			assert_grows(arena, sizes[i], sizes[j]);
			arena_reset(arena);
			assert_grows(arena, sizes[i], sizes[j]);
			arena_destroy(arena);
		}
}

static void test_a_small_one_takes_anything(void **state)
{
	struct arena *arena = arena_create_sized(1);
	(void)state;
	for (int length = 1; length < 3000; length += 7) {
		const char *text = arena_printf(arena, "%*d", length, 1);
		assert_int_equal(strlen(text), length);
		assert_int_equal(text[length - 1], '1');
	}
	arena_destroy(arena);
}

static void test_deferred_run_newest_first(void **state)
{
	char log[8] = "";
	struct noted first = { log, 'a' };
	struct noted second = { log, 'b' };
	struct arena *arena = arena_create();
	(void)state;
	arena_defer(arena, note_letter, &first);
	arena_defer(arena, note_letter, &second);
	arena_destroy(arena);
	assert_string_equal(log, "ba");
}

static void test_reset_serves_again(void **state)
{
	char log[8] = "";
	char *to = log;
	struct arena *arena = arena_create();
	(void)state;
	arena_defer(arena, note, &to);
	memset(arena_alloc(arena, 100000), 0xff, 100000);
	arena_reset(arena);
	assert_string_equal(log, "x");
	unsigned char *again = arena_alloc(arena, 10);
	assert_int_equal(again[0] | again[9], 0);
	arena_destroy(arena);
	assert_string_equal(log, "x");
	arena_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_zeroed_and_aligned),
		cmocka_unit_test(test_blocks_do_not_overlap),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_growing_keeps_all),
		cmocka_unit_test(test_a_small_one_takes_anything),
		cmocka_unit_test(test_what_grows_keeps_its_bytes),
		cmocka_unit_test(test_deferred_run_newest_first),
		cmocka_unit_test(test_reset_serves_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
