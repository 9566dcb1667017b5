/* The commands that only look: what would be sent, and whether the notifier is at work. */
#pragma once

#include <stdbool.h>

#include "notifier/setup.h"

/* Prints what would be sent at setup->at, one JSON object a line. False: the database is away. */
bool report_forecast(const struct setup *setup) MUSTCHECK;

/* True when a pass finished within three polls, 90 seconds at least; else prints why not. */
bool report_health(const struct setup *setup) MUSTCHECK;

/* A person's decision on a held day, "approved" or "rejected"; day NULL: the newest one. Prints it.
 * False: nothing is held, or the database is away. */
bool report_decide(const struct setup *setup, const char *day, const char *decision) MUSTCHECK;

/* Ends what a restore holds: what was due until then (NULL: until the restore) is taken as sent.
 * False: nothing is held, or the database is away. */
bool report_resume(const struct setup *setup, const char *sent_until) MUSTCHECK;
