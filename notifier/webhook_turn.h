/* A thread that tells the database how posts have ended and asks it for what comes next, so that
 * posts go on meanwhile. One turn at a time. */
#pragma once

#include <stdbool.h>

#include "common/db.h"

struct webhook_turn;

struct webhook_turn_ask {
	const char *results; /* a JSON array */
	const char *webhooks;
	const char *ahead; /* of each of those; both as PostgreSQL reads arrays */
	int limit;         /* of deliveries; 0: none is wanted */
	double ago_s;      /* since they were due */
};

/* The settings must outlive it. wake is called, by the thread, when a turn has ended. */
struct webhook_turn *webhook_turn_create(
	const struct db_settings *settings, void (*wake)(void *context), void *context);
/* Waits for the turn under way. */
void webhook_turn_destroy(struct webhook_turn *turn);

/* None may be under way or unread. */
void webhook_turn_begin(struct webhook_turn *turn, const struct webhook_turn_ask *ask);

/* The end of the turn that was begun, once; false: not yet. The rows are valid until the next one
 * begins. */
bool webhook_turn_end(
	struct webhook_turn *turn, enum db_outcome *outcome, struct db_rows *rows) MUSTCHECK;
