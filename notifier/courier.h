/* Delivers one claimed message: opens it, renders it once, hands it to the transport, records how
 * that ended. */
#pragma once

#include "notifier/channel.h"
#include "notifier/held.h"
#include "notifier/setup.h"

/* A message under lease. */
struct claim {
	long long id;
	long long token;
	int attempt;
};

struct courier;

/* A courier belongs to one thread: it has a database connection and a mail session of its own. */
struct courier *courier_create(
	const struct setup *setup, struct channel *channel, struct held *held);
void courier_destroy(struct courier *courier);

/* Takes up to limit messages that are due, under lease and held. Returns how many; -1: the database
 * is away. claims has room for limit. */
int courier_claim(struct courier *courier, int limit, struct claim *claims);

/* Whatever happens, the lease is given back or, when the database stays away, left to run out. */
void courier_deliver(struct courier *courier, const struct claim *claim);

/* Gives a claimed message back untried, to be taken again after wait_s. */
void courier_release(struct courier *courier, const struct claim *claim, int wait_s);
