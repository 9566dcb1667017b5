/* Writes down what happens to messages under lease. One thread does it for all that send: what they
 * bring while it writes goes together next, in one statement and one commit. */
#pragma once

#include "notifier/held.h"
#include "notifier/parcel.h"

struct ledger;

/* Starts the thread. due_again is called, by that thread, after something was written down that is
 * due again at once. */
struct ledger *ledger_create(const struct db_settings *settings, struct held *held,
	void (*due_again)(void *context), void *context);

/* The body is about to leave: silence after this means "unknown", so the database must know. False:
 * it must not leave. Waits for the answer. */
enum ledger_answer { LEDGER_GO, LEDGER_LOST, LEDGER_AWAY };
enum ledger_answer ledger_body(struct ledger *ledger, const struct parcel *parcel);

/* How a parcel ended: outcome, wait_s and result. Takes it over and does not wait. A known result
 * is never given up while there is time: nobody else can ever know it. */
void ledger_record(struct ledger *ledger, struct parcel *parcel);

/* Waits until everything is written down, or a stop is requested. */
void ledger_drain(struct ledger *ledger);

/* Writes down what it has while there is grace, then ends the thread. Nobody else may use it. */
void ledger_destroy(struct ledger *ledger);
