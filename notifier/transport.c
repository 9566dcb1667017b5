/* What every way of sending a message has in common; the scheme of GT_MAIL_URL chooses one. */
#include "notifier/transport.h"

#include <stdio.h>

const char *transport_outcome_name(enum transport_outcome outcome)
{
	static const char *const names[] = { [TRANSPORT_SENT] = "sent",
		[TRANSPORT_RETRY] = "retry",
		[TRANSPORT_UNCERTAIN] = "uncertain",
		[TRANSPORT_REFUSED] = "refused",
		[TRANSPORT_UNDELIVERABLE] = "undeliverable",
		[TRANSPORT_CHANNEL] = "channel" };
	return names[outcome];
}

/* A server's words may hold any bytes; what is stored is one line of printable ASCII. */
static void set_detail(struct transport_result *result, const char *format, va_list args)
{
	vsnprintf(result->detail, sizeof(result->detail), format, args);
	for (char *at = result->detail; *at; at++)
		if (*at < 0x20 || *at > 0x7e)
			*at = ' ';
}

void transport_say(
	struct transport_result *result, enum transport_outcome outcome, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set_detail(result, format, args);
	va_end(args);
	result->outcome = outcome;
}
