/* The leases this process holds, kept alive while their messages wait or are being sent. */
#pragma once

#include "common/db.h"

struct held;

/* Starts a thread that extends all leases every third of their length. */
struct held *held_create(const struct db_settings *settings, int lease_s);
/* Ends the thread; leases still held run out by themselves. */
void held_destroy(struct held *held);

/* Any thread. */
void held_add(struct held *held, long long token);
void held_remove(struct held *held, long long token);

/* Extends all leases now, on the caller's connection: before the reaper looks, so that an outage
 * of the database does not take our own work for abandoned. */
void held_extend(struct held *held, struct db *db);
