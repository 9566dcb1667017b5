/* The request that asks GOV.UK Notify to send one email. Pure: the same input gives the same bytes.
 */
#pragma once

#include <stdbool.h>

#include "common/arena.h"
#include "common/text.h"
#include "notifier/notify_settings.h"

struct notify_email {
	const char *address;
	const char *reference; /* no personal data */
	const char *subject;   /* becomes ((subject)) of the template */
	const char *body;      /* becomes ((body)): Notify's Markdown */
};

/* Adds the JSON of POST /v2/notifications/email to out. False: a text is not UTF-8. */
bool notify_request_write(struct text *out, const struct notify_settings *settings,
	const struct notify_email *email) MUSTCHECK;
