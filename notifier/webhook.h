/* Delivers events to webhooks: one thread with many posts at once, beside one that tells the
 * database what has ended and claims what comes next, so that neither waits for the other. */
#pragma once

#include <stdbool.h>

#include "notifier/setup.h"

struct webhook;

/* Starts delivering. once: ends by itself when nothing is due any more. The settings must outlive
 * it. */
struct webhook *webhook_create(const struct setup *setup, bool once);

/* Waits until it has ended by itself, or a stop was requested. False: the database went away
 * meanwhile, so something may be left. */
bool webhook_drain(struct webhook *webhook) MUSTCHECK;

/* Claims no more, gives back what was claimed ahead and what is on its way grace_s seconds to end,
 * records it, ends the threads.
 * False: it did not end in time, and nothing may be freed. */
bool webhook_destroy(struct webhook *webhook, int grace_s) MUSTCHECK;
