/* Who is calling: the token of a request, and what its key may do. */
#include "api/auth.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "api/engine.h"
#include "api/token.h"
#include "api_queries.h"
#include "common/log.h"

#define TOUCH_SLOTS 256
#define TOUCH_EVERY_S 60

bool auth_read_token(struct request *req)
{
	const char *header = http_header(req->http, "Authorization");
	unsigned char digest[TOKEN_DIGEST_BYTES];
	if (!header || strncasecmp(header, "Bearer ", 7) != 0)
		return false;
	const char *token = header + 7 + strspn(header + 7, " ");
	if (!token_is_sound(token))
		return false;
	token_digest(token, digest);
	req->digest = db_bytea(req->arena, digest, sizeof(digest));
	return true;
}

static enum role role_of(const char *name)
{
	for (enum role role = ROLE_ADMIN; role > ROLE_ANYONE; role--)
		if (strcmp(role_name(role), name) == 0)
			return role;
	return ROLE_ANYONE;
}

bool auth_check(struct request *req, struct reply *out)
{
	struct db_rows rows;
	const char *params[] = { req->digest };
	if (req->route->role == ROLE_ANYONE)
		return true;
	if (engine_run(req->arena, Q_KEY_FIND, params, true, &rows) != DB_DONE) {
		*out = reply_problem(503, "unavailable", "The database is away; try again shortly");
		return false;
	}
	if (rows.count == 0) {
		*out = reply_problem(401, "unauthorized", "The key is not accepted");
		return false;
	}
	if (role_of(db_field(&rows, 0, "role")) < req->route->role) {
		*out = reply_problem(403, "forbidden",
			arena_printf(req->arena, "This needs a key with the role %s",
				role_name(req->route->role)));
		return false;
	}
	return true;
}

/* True once a minute for each digest. Two keys that share a slot only make it true more often. */
static bool is_touch_due(const char *digest)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct {
		char digest[2 + 2 * TOKEN_DIGEST_BYTES + 1];
		time_t at;
	} slots[TOUCH_SLOTS];
	struct timespec now;
	unsigned hash = 0;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	for (const char *at = digest; *at; at++)
		hash = hash * 31 + (unsigned char)*at;
	size_t slot = hash % TOUCH_SLOTS;

	pthread_mutex_lock(&lock);
	bool known = strcmp(slots[slot].digest, digest) == 0 && slots[slot].at != 0;
	bool due = !known || now.tv_sec - slots[slot].at >= TOUCH_EVERY_S;
	if (due) {
		memcpy(slots[slot].digest, digest, strlen(digest) + 1);
		slots[slot].at = now.tv_sec + (now.tv_sec == 0);
	}
	pthread_mutex_unlock(&lock);
	return due;
}

void auth_touch(struct request *req)
{
	struct db_rows rows;
	const char *params[] = { req->digest };
	/* A row that stays locked to the end of a transaction would keep the key's other calls
	 * waiting. */
	if (!req->digest || engine_in_transaction() || !is_touch_due(req->digest))
		return;
	if (engine_run(req->arena, Q_KEY_TOUCH, params, true, &rows) != DB_DONE)
		log_warn("the last use of a key could not be noted");
}
