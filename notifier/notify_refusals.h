/* Whether refusals are the messages' fault or the provider's: GOV.UK Notify has refused sound
 * requests during incidents. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define NOTIFY_REFUSALS_MANY 3      /* so many different messages … */
#define NOTIFY_REFUSALS_MS 300000LL /* … within five minutes are no coincidence */

struct notify_refusals {
	struct {
		long long message;
		long long at_ms;
	} seen[NOTIFY_REFUSALS_MANY];
	size_t count;
	bool suspect; /* until a message is accepted again */
};

/* Learns that a message was refused. True: it is the channel's fault. */
bool notify_refusals_note(struct notify_refusals *refusals, long long message, long long now_ms);

/* Learns that a message was accepted. */
void notify_refusals_end(struct notify_refusals *refusals);
