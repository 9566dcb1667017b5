/* Keys as they are handed out: "gt_live_", 32 random bytes in base62, a checksum. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

#define TOKEN_DIGEST_BYTES 32
#define TOKEN_SECRET_BYTES 32

/* A new token from the system's random numbers. */
const char *token_create(struct arena *arena);

/* The token around a secret, which is wiped. */
const char *token_of_secret(struct arena *arena, unsigned char secret[TOKEN_SECRET_BYTES]);

/* False for anything that no token_create ever made: such a token needs no look-up. */
bool token_is_sound(const char *token);

/* SHA-256 of the token: what is stored and searched for. */
void token_digest(const char *token, unsigned char digest[TOKEN_DIGEST_BYTES]);

/* The part that people may see to tell keys apart. */
const char *token_prefix(struct arena *arena, const char *token);
