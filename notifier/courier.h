/* Sends parcels, one after another, and hands each with its result to the ledger. */
#pragma once

#include "notifier/channel.h"
#include "notifier/ledger.h"
#include "notifier/setup.h"

struct courier;

/* A courier belongs to one thread: it has a mail session of its own. */
struct courier *courier_create(
	const struct setup *setup, struct channel *channel, struct ledger *ledger);
void courier_destroy(struct courier *courier);

/* Takes the parcel over. Whatever happens, the ledger hears of it. False: the server has not said
 * what becomes of it. */
bool courier_deliver(struct courier *courier, struct parcel *parcel);

/* Gives a parcel back untried, to be taken again after wait_s. */
void courier_release(struct ledger *ledger, struct parcel *parcel, int wait_s);
