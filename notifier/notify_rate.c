/* Keeps one process below the 3,000 requests a minute that GOV.UK Notify takes. Pure. */
#include "notifier/notify_rate.h"

#define BURST 50 /* that many at once after a pause */
#define PACE_US (60 * 1000000LL / (NOTIFY_RATE_PER_MINUTE - BURST))

/* The generic cell rate algorithm (ITU-T I.371). */
long long notify_rate_take(struct notify_rate *rate, long long now_us)
{
	long long due = rate->due_us > now_us ? rate->due_us : now_us;
	long long early = due - now_us - (BURST - 1) * PACE_US;
	if (early > 0)
		return early;
	rate->due_us = due + PACE_US;
	return 0;
}
