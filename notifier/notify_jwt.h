/* GOV.UK Notify's API key, and the short-lived token that each request carries (RFC 7519, HS256).
 */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "common/arena.h"

struct notify_key {
	const char *service_id;
	const char *secret;
};

bool notify_is_uuid(const char *text);

/* {name}-{service id}-{secret}: a name may hold hyphens and UUIDs of its own, so the parts are
 * counted from the end. False: it is not such a key. */
bool notify_key_read(struct arena *arena, const char *text, struct notify_key *out) MUSTCHECK;

/* Good for thirty seconds around now, so it is made for one request. */
const char *notify_jwt(struct arena *arena, const struct notify_key *key, time_t now);

/* A JSON text under a signature (RFC 7515 compact serialisation). */
const char *notify_jwt_sign(struct arena *arena, const char *header, const char *payload,
	const void *secret, size_t length);
