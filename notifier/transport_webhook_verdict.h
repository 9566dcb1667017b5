/* What the end of a webhook's POST means for the event and for its endpoint. Pure. */
#pragma once

#include <stdbool.h>

#include "notifier/transport.h"

struct webhook_ending {
	int curl_code;
	int reply_code;    /* the status of the final answer; 0: none came */
	bool left;         /* the request had begun to leave with its body */
	int retry_after_s; /* what the endpoint asked for; 0: nothing */
};

/* TRANSPORT_SENT, TRANSPORT_RETRY or TRANSPORT_UNCERTAIN. The status decides, whatever became of
 * the rest of the answer. */
enum transport_outcome transport_webhook_outcome(const struct webhook_ending *ending);

/* Seconds in which nothing more is posted to the endpoint, which said that it has too much to do.
 */
int transport_webhook_rest_s(const struct webhook_ending *ending);

/* The endpoint said that it is no more (RFC 9110 section 15.5.11). */
bool transport_webhook_is_gone(const struct webhook_ending *ending);
