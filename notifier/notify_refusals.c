/* Whether refusals are the messages' fault or the provider's: GOV.UK Notify has refused sound
 * requests during incidents. Pure. */
#include "notifier/notify_refusals.h"

/* Forgets a message, and what is too old to count. */
static void forget(struct notify_refusals *refusals, long long message, long long now_ms)
{
	size_t kept = 0;
	for (size_t i = 0; i < refusals->count; i++)
		if (refusals->seen[i].message != message &&
			now_ms - refusals->seen[i].at_ms < NOTIFY_REFUSALS_MS)
			refusals->seen[kept++] = refusals->seen[i];
	refusals->count = kept;
}

bool notify_refusals_note(struct notify_refusals *refusals, long long message, long long now_ms)
{
	forget(refusals, message, now_ms);
	if (refusals->count == NOTIFY_REFUSALS_MANY) /* the oldest makes room */
		forget(refusals, refusals->seen[0].message, now_ms);
	refusals->seen[refusals->count].message = message;
	refusals->seen[refusals->count].at_ms = now_ms;
	refusals->count++;
	if (refusals->count == NOTIFY_REFUSALS_MANY)
		refusals->suspect = true;
	return refusals->suspect;
}

void notify_refusals_end(struct notify_refusals *refusals)
{
	refusals->suspect = false;
}
