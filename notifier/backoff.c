/* How long to wait before trying again. Pure. */
#include "notifier/backoff.h"

#include <stddef.h>

/* In steps of the first wait. */
static const int retry_steps[] = { 1, 5, 15, 30, 60, 120, 240 };
static const int uncertain_steps[] = { 1, 4, 16 };
static const int refused_steps[] = { 5, 15 };
static const int askable_steps_s[] = { 5, 30, 300, 1800, 7200, 21600 };
static const int channel_steps[] = { 1, 2, 5, 10, 15 };

/* In seconds: the example of Standard Webhooks 1.0.0, "Deliverability and reliability". */
static const int delivery_steps[] = { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400 };

#define DELIVERY_ASKED_LIMIT_S 86400
#define STEPS(table) ((int)(sizeof(table) / sizeof(*(table))))
#define ASKABLE_TIMES 12     /* the six steps, then 6 × 6 h: two days */
#define RETRY_ATTEMPTS 36    /* the seven steps, then 29 × 4 h: five days */
#define WAIT_LIMIT_S 2000000 /* keeps every sum far from overflow */

/* SplitMix64 (Steele, Lea, Flood 2014), so that near seeds give far waits. */
static unsigned long long mix(unsigned long long x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static int with_jitter(long long seconds, unsigned long long seed)
{
	if (seconds > WAIT_LIMIT_S)
		seconds = WAIT_LIMIT_S;
	long long permille = 800 + (long long)(mix(seed) % 401); /* 800 … 1200 */
	return (int)(seconds * permille / 1000);
}

static int step(const int *table, int steps, int n)
{
	if (n < 1)
		n = 1;
	return table[n <= steps ? n - 1 : steps - 1];
}

int backoff_retry(const struct backoff_settings *settings, int attempt, unsigned long long seed)
{
	if (attempt >= RETRY_ATTEMPTS)
		return BACKOFF_GIVE_UP;
	long long wait =
		(long long)settings->retry_s * step(retry_steps, STEPS(retry_steps), attempt);
	return with_jitter(wait, seed * 64 + (unsigned long long)attempt);
}

int backoff_uncertain(
	const struct backoff_settings *settings, int uncertain, unsigned long long seed)
{
	if (uncertain > STEPS(uncertain_steps))
		return BACKOFF_GIVE_UP;
	long long wait = (long long)settings->uncertain_s *
			 step(uncertain_steps, STEPS(uncertain_steps), uncertain);
	return with_jitter(wait, seed * 64 + (unsigned long long)uncertain);
}

int backoff_askable(int uncertain, unsigned long long seed)
{
	if (uncertain > ASKABLE_TIMES)
		return BACKOFF_GIVE_UP;
	int wait = step(askable_steps_s, STEPS(askable_steps_s), uncertain);
	return with_jitter(wait, seed * 64 + (unsigned long long)uncertain);
}

int backoff_refused(const struct backoff_settings *settings, int refused, unsigned long long seed)
{
	if (refused > STEPS(refused_steps))
		return BACKOFF_GIVE_UP;
	long long wait =
		(long long)settings->retry_s * step(refused_steps, STEPS(refused_steps), refused);
	return with_jitter(wait, seed * 64 + (unsigned long long)refused);
}

int backoff_channel(const struct backoff_settings *settings, int failures)
{
	long long wait =
		(long long)settings->retry_s * step(channel_steps, STEPS(channel_steps), failures);
	return wait > WAIT_LIMIT_S ? WAIT_LIMIT_S : (int)wait;
}

int backoff_delivery(int round, int asked_s, unsigned long long seed)
{
	if (round > STEPS(delivery_steps))
		return BACKOFF_GIVE_UP;
	int wait = with_jitter(step(delivery_steps, STEPS(delivery_steps), round),
		seed * 64 + (unsigned long long)round);
	if (asked_s > DELIVERY_ASKED_LIMIT_S)
		asked_s = DELIVERY_ASKED_LIMIT_S;
	return wait > asked_s ? wait : asked_s;
}
