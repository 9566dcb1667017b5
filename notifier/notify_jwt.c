/* GOV.UK Notify's API key, and the short-lived token that each request carries (RFC 7519, HS256).
 */
#include "notifier/notify_jwt.h"

#include <ctype.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"

#define UUID_BYTES ((size_t)36)
#define SHA256_BYTES 32

static bool is_uuid(const char *text, size_t length)
{
	if (length != UUID_BYTES)
		return false;
	for (size_t i = 0; i < UUID_BYTES; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		if (hyphen ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return true;
}

bool notify_is_uuid(const char *text)
{
	return is_uuid(text, strlen(text));
}

bool notify_key_read(struct arena *arena, const char *text, struct notify_key *out)
{
	size_t length = strlen(text);
	if (length < 2 * UUID_BYTES + 1)
		return false;
	const char *secret = text + length - UUID_BYTES;
	const char *service = secret - 1 - UUID_BYTES;
	if (!is_uuid(secret, UUID_BYTES) || secret[-1] != '-' || !is_uuid(service, UUID_BYTES))
		return false;
	if (service > text && service[-1] != '-')
		return false;
	out->service_id = arena_strndup(arena, service, UUID_BYTES);
	out->secret = arena_strndup(arena, secret, UUID_BYTES);
	return true;
}

/* RFC 4648 section 5, without padding. */
static void add_base64url(struct text *out, const unsigned char *bytes, size_t length)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i < 3 ? length - i : 3;
		unsigned group = (unsigned)bytes[i] << 16;
		group |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
		group |= left > 2 ? bytes[i + 2] : 0;
		for (size_t j = 0; j <= left; j++)
			text_add_bytes(out, &letters[group >> (18 - 6 * j) & 63], 1);
	}
}

const char *notify_jwt_sign(struct arena *arena, const char *header, const char *payload,
	const void *secret, size_t length)
{
	unsigned char signature[SHA256_BYTES];
	struct text out;
	text_init(&out, arena);
	add_base64url(&out, (const unsigned char *)header, strlen(header));
	text_add(&out, ".");
	add_base64url(&out, (const unsigned char *)payload, strlen(payload));
	if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, secret, length, out.bytes, out.length, signature) !=
		0)
		fatal("HMAC with SHA-256 is not available");
	text_add(&out, ".");
	add_base64url(&out, signature, sizeof(signature));
	return out.bytes;
}

const char *notify_jwt(struct arena *arena, const struct notify_key *key, time_t now)
{
	const char *payload = arena_printf(
		arena, "{\"iss\":\"%s\",\"iat\":%lld}", key->service_id, (long long)now);
	return notify_jwt_sign(arena, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload, key->secret,
		strlen(key->secret));
}
