/* Keeps one process below the 3,000 requests a minute that GOV.UK Notify takes. Pure. */
#pragma once

#define NOTIFY_RATE_PER_MINUTE 2500 /* in any minute, with room for what else uses the key */

struct notify_rate {
	long long due_us; /* when the requests so far would be over at an even pace */
};

/* Takes one request. 0: send it now; else how many microseconds to wait before asking again. */
long long notify_rate_take(struct notify_rate *rate, long long now_us);
