/* The secrets that webhooks' deliveries are signed with (Standard Webhooks 1.0.0, "Signature
 * scheme"). */
#include "api/webhook_secret.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "common/log.h"

const char *webhook_secret_text(
	struct arena *arena, const unsigned char secret[WEBHOOK_SECRET_BYTES])
{
	unsigned char copy[WEBHOOK_SECRET_BYTES];
	const gnutls_datum_t bytes = { copy, sizeof(copy) };
	gnutls_datum_t text;
	memcpy(copy, secret, sizeof(copy));
	if (gnutls_base64_encode2(&bytes, &text) != 0)
		fatal("out of memory writing a secret");
	const char *shown = arena_printf(arena, "whsec_%.*s", (int)text.size, text.data);
	gnutls_free(text.data);
	return shown;
}
