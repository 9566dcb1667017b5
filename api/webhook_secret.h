/* The secrets that webhooks' deliveries are signed with (Standard Webhooks 1.0.0, "Signature
 * scheme"). */
#pragma once

#include "common/arena.h"

#define WEBHOOK_SECRET_BYTES 32

/* A secret as receivers take it: "whsec_" and its base64. */
const char *webhook_secret_text(
	struct arena *arena, const unsigned char secret[WEBHOOK_SECRET_BYTES]);
