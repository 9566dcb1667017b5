/* The threads that send, each with its own courier; the one that feeds them, a batch at a time; and
 * the ledger's, which writes down what becomes of it. */
#pragma once

#include <stdbool.h>

#include "notifier/held.h"
#include "notifier/setup.h"

struct pool;

struct pool *pool_create(const struct setup *setup, struct held *held);

/* Looks for due messages, and goes on until there are none. Does not wait. */
void pool_wake(struct pool *pool);

/* Waits until nothing is due any more and all is sent, or until a stop is requested. False: the
 * database went away meanwhile, so something may be left. */
bool pool_drain(struct pool *pool) MUSTCHECK;

/* Claims no more, gives what is in flight grace_s seconds to end, gives back the rest, ends the
 * threads. False: a thread did not end in time, and nothing may be freed. */
bool pool_destroy(struct pool *pool, int grace_s) MUSTCHECK;
