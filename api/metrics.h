/* What the program counts of itself, as Prometheus reads it (text exposition format 0.0.4). */
#pragma once

#include <time.h>

#include "api/routes.h"
#include "common/db.h"
#include "common/text.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* From any thread, once an answer. route: NULL when the address has none. */
void metrics_count(const struct route *route, int status, double seconds);

/* Everything counted since the start, and what the process uses. */
void metrics_write(struct text *out);

/* The rows of sql/queries/system/metrics.sql; NULL: the database did not answer. */
void metrics_write_database(struct text *out, const struct db_rows *rows);
