/* How much longer work in flight may go on after a stop was requested. */
#include "notifier/grace.h"

#include <stdatomic.h>
#include <time.h>

static atomic_llong ends_at_ms; /* 0: no stop was requested */

long long grace_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void grace_begin(int seconds)
{
	long long none = 0;
	atomic_compare_exchange_strong(
		&ends_at_ms, &none, grace_now_ms() + (long long)seconds * 1000);
}

bool grace_is_over(void)
{
	long long ends = atomic_load(&ends_at_ms);
	return ends && grace_now_ms() >= ends;
}

void grace_wait_ms(int milliseconds)
{
	const struct timespec pause = { .tv_sec = milliseconds / 1000,
		.tv_nsec = (long)(milliseconds % 1000) * 1000000 };
	if (!grace_is_over())
		nanosleep(&pause, NULL);
}
