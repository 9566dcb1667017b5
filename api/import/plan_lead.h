/* The leads of one row, from whichever columns name them. */
#pragma once

#include "api/import/plan_build.h"

/* Adds it unless the list has that post already. */
void plan_lead_add(struct arena *arena, struct import_leads *leads, const struct import_lead *lead);

/* before: the leads of the row above, for "as above". What is not certain goes to doubts. */
void plan_lead_read(struct arena *arena, const struct import_part *part,
	const struct headings *headings, const struct import_leads *before,
	struct import_leads *out, struct findings *doubts);

/* Of a table without a column of leads, whose heading line may name a post or a person: whether
 * it does. */
bool plan_lead_section(struct arena *arena, const char *text, struct import_leads *out);
