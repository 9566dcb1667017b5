/* Takes messages that are due out of the database, a batch at a time: locked, rendered, frozen and
 * leased in one transaction. */
#pragma once

#include "notifier/held.h"
#include "notifier/parcel.h"
#include "notifier/setup.h"

struct outbox;

/* Belongs to one thread: it has a database connection of its own. */
struct outbox *outbox_create(const struct setup *setup, struct held *held);
void outbox_destroy(struct outbox *outbox);

/* Adds up to limit messages to the list, leased and held. bodies: they may be sent at once without
 * asking again, for a short while; what is not recorded after that is in doubt, so only as many as
 * are sent in that while. Returns how many; -1: the database is away. */
int outbox_take(struct outbox *outbox, int limit, bool bodies, struct parcel_list *list);
