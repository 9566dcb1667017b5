/* How long personal data is kept: what is past its time is emptied or deleted, a batch at a time.
 */
#pragma once

#include <stdbool.h>

#include "common/db.h"

/* Days; 0: for ever. */
struct retention_settings {
	int message_days;
	int reply_days;
	int event_days;
};

/* NULL, or what is wrong with a setting's days. */
const char *retention_check(int days);

/* Some of what is over at `at` (NULL: now), if today's is not all done yet. What fails here is of
 * no concern to reminders: it is logged, and tried at the next pass. */
void retention_turn(struct db *db, const struct retention_settings *settings, const char *at);

/* goldenthread-notifier retention: prints what is over, one JSON object a class, and unless dry_run
 * has it done, all of it. */
bool retention_command(const struct db_settings *database,
	const struct retention_settings *settings, const char *at, bool dry_run) MUSTCHECK;
