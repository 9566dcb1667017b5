/* The signature against the test vector that Standard Webhooks' own libraries are tested with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "notifier/webhook_sign.h"

/* https://github.com/standard-webhooks/standard-webhooks, libraries/javascript/src/index.test.ts,
 * "sign function works" */
#define SECRET "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define EVENT "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIMESTAMP "1614265330"
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static struct webhook_secret secret_of(const char *base64)
{
	const gnutls_datum_t text = { (unsigned char *)base64, (unsigned)strlen(base64) };
	gnutls_datum_t bytes;
	assert_int_equal(gnutls_base64_decode2(&text, &bytes), 0);
	return (struct webhook_secret){ bytes.data, bytes.size };
}

static void forget(struct webhook_secret *secret)
{
	gnutls_free((void *)secret->bytes);
}

static void test_the_published_vector(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct webhook_secret secrets[2] = { secret_of(SECRET) };
	assert_string_equal(webhook_sign(arena, secrets, EVENT, TIMESTAMP, BODY), SIGNATURE);
	forget(&secrets[0]);
	arena_destroy(arena);
}

static void test_two_secrets_sign_twice_the_new_one_first(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct webhook_secret secrets[2] = {
		secret_of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="), secret_of(SECRET)
	};
	const char *both = webhook_sign(arena, secrets, EVENT, TIMESTAMP, BODY);
	assert_int_equal(strlen(both), 2 * strlen(SIGNATURE) + 1);
	assert_string_equal(both + strlen(SIGNATURE) + 1, SIGNATURE);
	assert_memory_equal(both, "v1,", 3);
	assert_int_equal(both[strlen(SIGNATURE)], ' ');
	assert_memory_not_equal(both, SIGNATURE, strlen(SIGNATURE));
	forget(&secrets[0]);
	forget(&secrets[1]);
	arena_destroy(arena);
}

static void test_every_part_counts(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct webhook_secret secrets[2] = { secret_of(SECRET) };
	const char *const changed[] = {
		webhook_sign(arena, secrets, "msg_q5jXN8AQM9LWM0D4loKWxJek", TIMESTAMP, BODY),
		webhook_sign(arena, secrets, EVENT, "1614265331", BODY),
		webhook_sign(arena, secrets, EVENT, TIMESTAMP, "{\"test\": 2432232315}"),
		webhook_sign(arena, secrets, EVENT, TIMESTAMP, "{\"test\": 2432232314} "),
		webhook_sign(arena, secrets, EVENT, TIMESTAMP, ""),
	};
	for (size_t i = 0; i < sizeof(changed) / sizeof(*changed); i++)
		assert_string_not_equal(changed[i], SIGNATURE);
	forget(&secrets[0]);
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_published_vector),
		cmocka_unit_test(test_two_secrets_sign_twice_the_new_one_first),
		cmocka_unit_test(test_every_part_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
