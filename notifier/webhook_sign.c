/* Signs what webhooks are sent (Standard Webhooks 1.0.0, "Signature scheme"). Pure. */
#include "notifier/webhook_sign.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"

#define SHA256_BYTES 32

static void add_signature(
	struct text *out, const struct webhook_secret *secret, const char *content, size_t length)
{
	unsigned char digest[SHA256_BYTES];
	const gnutls_datum_t bytes = { digest, sizeof(digest) };
	gnutls_datum_t text;
	if (gnutls_hmac_fast(
		    GNUTLS_MAC_SHA256, secret->bytes, secret->length, content, length, digest) != 0)
		fatal("HMAC-SHA-256 is not available");
	if (gnutls_base64_encode2(&bytes, &text) != 0)
		fatal("out of memory signing an event");
	text_add(out, out->length ? " v1," : "v1,");
	text_add_bytes(out, (const char *)text.data, text.size);
	gnutls_free(text.data);
}

const char *webhook_sign(struct arena *arena, const struct webhook_secret secrets[2],
	const char *event, const char *timestamp, const char *body)
{
	struct text signature;
	const char *content = arena_printf(arena, "%s.%s.%s", event, timestamp, body);
	size_t length = strlen(content);
	text_init(&signature, arena);
	for (int i = 0; i < 2; i++)
		if (secrets[i].bytes)
			add_signature(&signature, &secrets[i], content, length);
	return signature.bytes;
}
