/* What the council answered to a recommendation, from its column. */
#pragma once

#include "api/import/plan_build.h"

/* Fills the recommendation's response; what is not certain of it goes to the plan's doubts. */
void plan_response_read(struct import_plan *plan, const struct import_rows *rows,
	const struct import_item *item, struct import_recommendation *out);

bool plan_response_declines(const struct import_recommendation *recommendation);
