/* The keys that this process has seen good: what each may still call, when its use was noted last,
 * and when it expires. */
#include "api/keyring.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define SETS 128
#define WAYS 8 /* a key has its place in one of so many; the one longest unused gives way */

#define MINUTE_MS 60000
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define STRANGERS_A_MINUTE 600
#define LEARN_EVERY_MS 1000

/* A token bucket: it fills at its limit a minute and holds one minute's worth. One call is
 * MINUTE_MS units, so that each millisecond adds as many units as the limit is. */
struct bucket {
	int64_t units;
	int64_t at_ms;
};

struct slot {
	char digest[KEYRING_DIGEST_BYTES]; /* empty: free */
	char expires[KEYRING_INSTANT_BYTES];
	struct bucket bucket;
	int64_t used_ms;
	int64_t touched_ms; /* 0: never; so is warned_ms */
	int64_t warned_ms;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot slots[SETS][WAYS];
static struct bucket strangers;
static long limit;
static bool learning;
static int64_t learnt_ms;

static void bucket_fill(struct bucket *bucket, long a_minute, int64_t now_ms)
{
	int64_t whole = (int64_t)a_minute * MINUTE_MS;
	int64_t passed = now_ms - bucket->at_ms;
	bool empty_since_ever = bucket->at_ms == 0;
	bucket->at_ms = now_ms;
	if (empty_since_ever || passed >= MINUTE_MS || bucket->units + passed * a_minute > whole)
		bucket->units = whole;
	else if (passed > 0)
		bucket->units += passed * a_minute;
}

static bool bucket_take(struct bucket *bucket)
{
	if (bucket->units < MINUTE_MS)
		return false;
	bucket->units -= MINUTE_MS;
	return true;
}

/* Whole seconds, never too few, until the bucket has grown by so many units. */
static long seconds_for(int64_t units, long a_minute)
{
	int64_t a_second = (int64_t)a_minute * 1000;
	return (long)((units + a_second - 1) / a_second);
}

/* The digest is that of a SHA-256: any part of it is as good as a hash. */
static struct slot *set_of(const char *digest)
{
	unsigned hash = 0;
	for (const char *at = digest; *at; at++)
		hash = hash * 31 + (unsigned char)*at;
	return slots[hash % SETS];
}

static struct slot *find(const char *digest)
{
	struct slot *set = set_of(digest);
	for (size_t i = 0; i < WAYS; i++)
		if (strcmp(set[i].digest, digest) == 0)
			return &set[i];
	return NULL;
}

static struct slot *make_room(const char *digest, int64_t now_ms)
{
	struct slot *set = set_of(digest);
	struct slot *oldest = set;
	for (size_t i = 0; i < WAYS; i++)
		if (!set[i].digest[0] || (oldest->digest[0] && set[i].used_ms < oldest->used_ms))
			oldest = &set[i];
	*oldest = (struct slot){ 0 };
	snprintf(oldest->digest, sizeof(oldest->digest), "%s", digest);
	oldest->used_ms = now_ms;
	bucket_fill(&oldest->bucket, limit, now_ms);
	return oldest;
}

static void tell(const struct slot *slot, struct keyring_state *state)
{
	state->known = true;
	memcpy(state->expires, slot->expires, sizeof(state->expires));
	if (!limit)
		return;
	state->remaining = (long)(slot->bucket.units / MINUTE_MS);
	state->whole_in_s = seconds_for((int64_t)limit * MINUTE_MS - slot->bucket.units, limit);
	state->retry_s = seconds_for(MINUTE_MS - slot->bucket.units % MINUTE_MS, limit);
}

void keyring_init(long calls_a_minute)
{
	pthread_mutex_lock(&lock);
	memset(slots, 0, sizeof(slots));
	strangers = (struct bucket){ 0 };
	limit = calls_a_minute;
	learning = false;
	learnt_ms = 0;
	pthread_mutex_unlock(&lock);
}

long keyring_limit(void)
{
	return limit;
}

static enum keyring_verdict take_known(
	struct slot *slot, int64_t now_ms, struct keyring_state *state)
{
	slot->used_ms = now_ms;
	bucket_fill(&slot->bucket, limit, now_ms);
	bool fine = !limit || bucket_take(&slot->bucket);
	tell(slot, state);
	return fine ? KEYRING_GO : KEYRING_WAIT;
}

static enum keyring_verdict take_unknown(int64_t now_ms, struct keyring_state *state)
{
	bucket_fill(&strangers, STRANGERS_A_MINUTE, now_ms);
	if (!limit || bucket_take(&strangers))
		return KEYRING_GO;
	state->retry_s = LEARN_EVERY_MS / 1000;
	if (learning || (learnt_ms && now_ms - learnt_ms < LEARN_EVERY_MS))
		return KEYRING_WAIT;
	learning = true;
	learnt_ms = now_ms;
	return KEYRING_LEARN;
}

enum keyring_verdict keyring_take(const char *digest, int64_t now_ms, struct keyring_state *state)
{
	*state = (struct keyring_state){ 0 };
	pthread_mutex_lock(&lock);
	struct slot *slot = find(digest);
	enum keyring_verdict verdict =
		slot ? take_known(slot, now_ms, state) : take_unknown(now_ms, state);
	pthread_mutex_unlock(&lock);
	return verdict;
}

static bool is_due(int64_t *last_ms, int64_t every_ms, int64_t now_ms)
{
	if (*last_ms && now_ms - *last_ms < every_ms)
		return false;
	*last_ms = now_ms;
	return true;
}

static struct slot *find_or_make(const char *digest, int64_t now_ms, bool takes_one)
{
	struct slot *slot = find(digest);
	if (slot)
		return slot;
	slot = make_room(digest, now_ms);
	if (takes_one)
		bucket_take(&slot->bucket);
	return slot;
}

void keyring_admit(const char *digest, int64_t now_ms)
{
	pthread_mutex_lock(&lock);
	find_or_make(digest, now_ms, false);
	pthread_mutex_unlock(&lock);
}

void keyring_seen(const char *digest, int64_t now_ms, struct keyring_state *state)
{
	*state = (struct keyring_state){ 0 };
	pthread_mutex_lock(&lock);
	struct slot *slot = find_or_make(digest, now_ms, true);
	tell(slot, state);
	state->touch_due = is_due(&slot->touched_ms, MINUTE_MS, now_ms);
	pthread_mutex_unlock(&lock);
}

bool keyring_expires(const char *digest, const char *expires, int64_t now_ms)
{
	bool due = false;
	pthread_mutex_lock(&lock);
	struct slot *slot = find(digest);
	if (slot) {
		snprintf(slot->expires, sizeof(slot->expires), "%s", expires ? expires : "");
		due = expires && is_due(&slot->warned_ms, DAY_MS, now_ms);
	}
	pthread_mutex_unlock(&lock);
	return due;
}

void keyring_forget(const char *digest)
{
	pthread_mutex_lock(&lock);
	struct slot *slot = find(digest);
	if (slot)
		*slot = (struct slot){ 0 };
	pthread_mutex_unlock(&lock);
}

void keyring_learned(void)
{
	pthread_mutex_lock(&lock);
	learning = false;
	pthread_mutex_unlock(&lock);
}
