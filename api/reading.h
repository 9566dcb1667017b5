/* How the plan that a request is about reads its timescales: asked of the database beforehand. */
#pragma once

#include "api/reply.h"
#include "common/timescale.h"

/* The plan is named by itself, by one of its recommendations or by one of its actions; all NULL:
 * the settings of a new plan. The key must be an editor's. then gets the row. */
struct reply reading_ask(struct request *req, const char *plan, const char *recommendation,
	const char *action, struct reply (*then)(struct request *req, const struct db_rows *rows));

/* From a row with the columns quarter_basis and relative_to. */
struct timescale_settings reading_settings(const struct db_rows *rows);
