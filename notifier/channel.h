/* Whether the way of sending works; it rests after faults that would meet every message. */
#pragma once

#include <stdbool.h>

#include "notifier/backoff.h"
#include "notifier/transport.h"

struct channel;

struct channel *channel_create(const struct backoff_settings *settings);
void channel_destroy(struct channel *channel);

/* Learns from one result. Any thread. */
void channel_note(struct channel *channel, const struct transport_result *result);

/* Seconds that the channel still rests; 0: it may be used. Any thread. */
int channel_rest_s(struct channel *channel);
