/* How long to wait before trying again. Pure. */
#pragma once

#define BACKOFF_GIVE_UP (-1)

struct backoff_settings {
	int retry_s;     /* the first wait of a message that surely did not arrive */
	int uncertain_s; /* the first wait of one that may have arrived */
};

/* Seconds to wait after try number attempt (1 = the first) of a message failed without doubt, or
 * BACKOFF_GIVE_UP. From 60 s: 1 m, 5 m, 15 m, 30 m, 1 h, 2 h, then 4 h, for about five days. The
 * seed, fixed for a message, spreads messages by up to 20 % either way. */
int backoff_retry(const struct backoff_settings *settings, int attempt, unsigned long long seed);

/* The same after a body that left and was never answered, as often as this message was uncertain
 * so far, this time included. From 900 s: 15 m, 1 h, 4 h, then no more: three repeats at most. */
int backoff_uncertain(
	const struct backoff_settings *settings, int uncertain, unsigned long long seed);

/* The same where the provider can be asked, before a repeat, whether the earlier try arrived: 5 s,
 * 30 s, 5 m, 30 m, 2 h, then 6 h, for about two days. */
int backoff_askable(int uncertain, unsigned long long seed);

/* After a refusal that may be the provider's mistake, as often as this message was refused so far,
 * this time included. From 60 s: 5 m, 15 m; the third time is final. */
int backoff_refused(const struct backoff_settings *settings, int refused, unsigned long long seed);

/* How long a channel rests after failing so many times in a row. From 60 s: 1, 2, 5, 10, 15 m. */
int backoff_channel(const struct backoff_settings *settings, int failures);

/* Seconds to wait after try number round (1 = the first) of an event failed, or BACKOFF_GIVE_UP.
 * The table is that of Standard Webhooks: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, up to
 * 20 % either way; but not less than the endpoint asked for, up to a day. The seed is fixed for a
 * delivery. */
int backoff_delivery(int round, int asked_s, unsigned long long seed);
