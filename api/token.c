/* Keys as they are handed out: "gt_live_", 32 random bytes in base62, a checksum. */
#include "api/token.h"

#include <gnutls/crypto.h>
#include <stdint.h>
#include <string.h>

#include "common/log.h"

#define PREFIX "gt_live_"
#define SECRET_DIGITS 43 /* base62 digits that 32 bytes need */
#define CHECK_DIGITS 6   /* base62 digits that 32 bits need */
#define SHOWN_DIGITS 4

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* CRC-32 of ISO 3309, as in gzip: catches typing errors without a look-up; it is no secret. */
static uint32_t crc32_of(const char *bytes, size_t length)
{
	uint32_t crc = 0xffffffffU;
	for (size_t i = 0; i < length; i++) {
		crc ^= (unsigned char)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320U : 0);
	}
	return crc ^ 0xffffffffU;
}

static void add_check(char *token, size_t length)
{
	uint32_t crc = crc32_of(token, length);
	for (int i = CHECK_DIGITS - 1; i >= 0; i--) {
		token[length + (size_t)i] = alphabet[crc % 62];
		crc /= 62;
	}
	token[length + CHECK_DIGITS] = '\0';
}

/* Long division of the bytes by 62, one digit a round. */
static void to_base62(unsigned char *bytes, char *digits)
{
	for (int digit = SECRET_DIGITS - 1; digit >= 0; digit--) {
		unsigned remainder = 0;
		for (size_t i = 0; i < TOKEN_SECRET_BYTES; i++) {
			unsigned value = remainder * 256 + bytes[i];
			bytes[i] = (unsigned char)(value / 62);
			remainder = value % 62;
		}
		digits[digit] = alphabet[remainder];
	}
}

const char *token_create(struct arena *arena)
{
	unsigned char secret[TOKEN_SECRET_BYTES];
	if (gnutls_rnd(GNUTLS_RND_KEY, secret, sizeof(secret)) != 0)
		fatal("the system gives no random numbers");
	return token_of_secret(arena, secret);
}

const char *token_of_secret(struct arena *arena, unsigned char secret[TOKEN_SECRET_BYTES])
{
	size_t head = strlen(PREFIX);
	char *token = arena_alloc(arena, head + SECRET_DIGITS + CHECK_DIGITS + 1);
	memcpy(token, PREFIX, sizeof(PREFIX));
	to_base62(secret, token + head);
	add_check(token, head + SECRET_DIGITS);
	gnutls_memset(secret, 0, TOKEN_SECRET_BYTES);
	return token;
}

bool token_is_sound(const char *token)
{
	size_t head = strlen(PREFIX);
	char again[sizeof(PREFIX) + SECRET_DIGITS + CHECK_DIGITS + 1];
	if (strlen(token) != head + SECRET_DIGITS + CHECK_DIGITS ||
		strncmp(token, PREFIX, head) != 0)
		return false;
	if (token[strspn(token, "_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")])
		return false;
	memcpy(again, token, head + SECRET_DIGITS);
	add_check(again, head + SECRET_DIGITS);
	return strcmp(again, token) == 0;
}

void token_digest(const char *token, unsigned char digest[TOKEN_DIGEST_BYTES])
{
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, token, strlen(token), digest) != 0)
		fatal("SHA-256 is not available");
}

const char *token_prefix(struct arena *arena, const char *token)
{
	return arena_strndup(arena, token, strlen(PREFIX) + SHOWN_DIGITS);
}
