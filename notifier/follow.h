/* Asks the provider what became of messages that it took and of which no receipt came. */
#pragma once

#include "notifier/setup.h"

struct follow;

/* Starts a thread that looks at once and then every minute for whom it is time to ask. NULL, which
 * is fine for the others: this way of sending has nobody to ask. */
struct follow *follow_create(const struct setup *setup);

/* Waits until it has looked at least once. */
void follow_wait(struct follow *follow);

/* Asks no more; waits for the one answer that may be under way. */
void follow_destroy(struct follow *follow);
