/* Tokens: that each is new, and that anything else is known without a look-up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/token.h"

#define TOKEN_LENGTH 57

/* Its checksum was computed with Python: zlib.crc32 in base62. */
static const char zeros[] = "gt_live_0000000000000000000000000000000000000000000"
			    "0jFjwU";

static void test_a_new_token_is_sound_and_unlike_any_other(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	const char *last = "";
	for (int i = 0; i < 200; i++) {
		const char *token = token_create(arena);
		assert_int_equal(strlen(token), TOKEN_LENGTH);
		assert_true(token_is_sound(token));
		assert_string_not_equal(token, last);
		last = token;
	}
	arena_destroy(arena);
}

static void test_the_checksum_is_the_published_one(void **state)
{
	(void)state;
	assert_true(token_is_sound(zeros));
}

static void test_one_wrong_character_is_noticed(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	for (size_t i = 0; i < TOKEN_LENGTH; i++) {
		char *token = arena_strdup(arena, zeros);
		token[i] = token[i] == 'z' ? 'y' : 'z';
		if (token_is_sound(token))
			fail_msg("character %zu", i);
	}
	arena_destroy(arena);
}

static void test_what_is_no_token_is_refused(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_false(token_is_sound(""));
	assert_false(token_is_sound("gt_live_"));
	assert_false(token_is_sound(arena_printf(arena, "%sx", zeros)));
	assert_false(token_is_sound(arena_printf(arena, " %s", zeros)));
	assert_false(token_is_sound(arena_printf(arena, "%.*s", TOKEN_LENGTH - 1, zeros)));
	assert_false(token_is_sound(arena_printf(arena, "gt_test_%s", zeros + 8)));
	assert_false(token_is_sound(
		"gt_live_"
		"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		"000000000"));
	arena_destroy(arena);
}

static void test_the_digest_is_sha_256(void **state)
{
	(void)state;
	static const unsigned char abc[TOKEN_DIGEST_BYTES] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01,
		0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3,
		0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad };
	unsigned char digest[TOKEN_DIGEST_BYTES];
	token_digest("abc", digest);
	assert_memory_equal(digest, abc, sizeof(abc));
}

static void test_the_prefix_gives_little_away(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(token_prefix(arena, zeros), "gt_live_0000");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_token_is_sound_and_unlike_any_other),
		cmocka_unit_test(test_the_checksum_is_the_published_one),
		cmocka_unit_test(test_one_wrong_character_is_noticed),
		cmocka_unit_test(test_what_is_no_token_is_refused),
		cmocka_unit_test(test_the_digest_is_sha_256),
		cmocka_unit_test(test_the_prefix_gives_little_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
