/* What the database would refuse, found beforehand with its place in the file. */
#pragma once

#include "api/import/plan_build.h"

void plan_check_options(struct import_plan *plan);
void plan_check_recommendation(const struct import_recommendation *recommendation,
	const struct headings *headings, struct findings *errors);
void plan_check_action(const struct import_action *action, const struct headings *headings,
	struct findings *errors);
