/* The keys that this process has seen good: what each may still call, when its use was noted last,
 * and when it expires. Fixed memory; safe to use from every thread. Times are milliseconds of one
 * clock that never goes back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYRING_DIGEST_BYTES 67 /* of the text that PostgreSQL reads as bytea, with its NUL */
#define KEYRING_INSTANT_BYTES 25

enum keyring_verdict {
	KEYRING_GO,
	KEYRING_WAIT, /* its calls are used up: retry_s says for how long */
	KEYRING_LEARN /* too many unknown ones: ask once which keys are good, admit them, try again
		       */
};

struct keyring_state {
	bool known;                          /* a key seen good; else only retry_s means anything */
	bool touch_due;                      /* its use must be noted: once a minute */
	long remaining;                      /* calls that it may make now */
	long whole_in_s;                     /* until it may make all of them again */
	long retry_s;                        /* until it may make one */
	char expires[KEYRING_INSTANT_BYTES]; /* empty: not soon */
};

/* Empties the ring. calls_a_minute 0: no limit. Before the first request. */
void keyring_init(long calls_a_minute);

long keyring_limit(void);

/* Takes one call from the key. A digest that was never seen good takes from what all such share, so
 * that made-up keys neither fill the ring nor ask the database without end. */
enum keyring_verdict keyring_take(const char *digest, int64_t now_ms, struct keyring_state *state);

/* The key is good, but made no call. */
void keyring_admit(const char *digest, int64_t now_ms);

/* The call was answered, so the key is good; if it was not known, it has all its calls but this. */
void keyring_seen(const char *digest, int64_t now_ms, struct keyring_state *state);

/* When the key expires; NULL when that is not soon. True: say so in the log, which is so once a
 * day. */
bool keyring_expires(const char *digest, const char *expires, int64_t now_ms);

/* The key is not good, or no longer. */
void keyring_forget(const char *digest);

/* Ends what KEYRING_LEARN began, whatever came of it. */
void keyring_learned(void);
