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

/* Locks up to limit messages that are due and reads what they say. Returns how many; unless that is
 * above 0, there is nothing to lease; -1: the database is away. */
int outbox_claim(struct outbox *outbox, int limit);

/* Renders what outbox_claim locked and adds it to the list, leased and held. bodies: they may be
 * sent at once without asking again, for a short while; what is not recorded after that is in
 * doubt, so only as many as are sent in that while. False: the database is away. */
bool outbox_lease(struct outbox *outbox, bool bodies, struct parcel_list *list) MUSTCHECK;
