/* Signs what webhooks are sent (Standard Webhooks 1.0.0, "Signature scheme"). Pure. */
#pragma once

#include <stddef.h>

#include "common/arena.h"

struct webhook_secret {
	const unsigned char *bytes; /* NULL: there is none */
	size_t length;
};

/* The header webhook-signature for a body of an event, with one signature a secret: "v1,…" or
 * "v1,… v1,…". The event's name must not hold a dot. */
const char *webhook_sign(struct arena *arena, const struct webhook_secret secrets[2],
	const char *event, const char *timestamp, const char *body);
