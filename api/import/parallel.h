/* Cells of one row that are lists beside each other: the nth action, who leads it, and by when. */
#pragma once

#include "api/import/actions.h"
#include "api/import/rows.h"
#include "common/timescale.h"

struct parallel {
	bool paired;                    /* each action has its own lead or timescale */
	bool bulleted;                  /* their bullets show it */
	struct action_texts leads;      /* count 0: one cell for all actions */
	struct action_texts timescales; /* the same */
	bool unequal_leads;             /* lists of another length than the actions' */
	bool unequal_timescales;
	const char *all_leads; /* of an unequal list, without its "ditto" */
};

/* Compares the row's lists with so many actions. Lists of unequal length are told, never matched.
 */
void parallel_match(
	struct arena *arena, const struct import_part *part, int actions, struct parallel *out);

/* The row as the nth action has it. */
struct import_part parallel_part(
	const struct parallel *lists, const struct import_part *part, int n);

/* "ditto", "as above". */
bool parallel_is_ditto(struct arena *arena, const char *text);

/* "as above": the reading of the row before, under the words of this one. */
const struct timescale *parallel_same(
	struct arena *arena, const char *text, const struct timescale *before);

/* A timescale whose words are kept and not read: no date is better than another action's. */
void parallel_unread(struct arena *arena, const char *text, struct timescale *out);
