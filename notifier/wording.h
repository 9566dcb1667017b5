/* The plain English of emails: dates, distances, counts, in GOV.UK style. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"
#include "common/date.h"

const char *wording_date(struct arena *arena, struct date date);      /* 31 March 2022 */
const char *wording_long_date(struct arena *arena, struct date date); /* Thursday 31 March 2022 */

/* "due in 7 days, on Thursday 31 March 2022", "was due on 31 December 2021, 83 days ago" */
const char *wording_due(struct arena *arena, struct date due_on, int days_left);

/* "no update for 30 days, since 1 February 2022"; answered: there was one once */
const char *wording_silence(struct arena *arena, struct date since, int days, bool answered);

/* The stage of a ladder: "7 days before the due date", "the due date" */
const char *wording_stage(struct arena *arena, int offset_days);

/* How many actions stand how, last_joint (", " or " and ") before the last: "3 actions due soon, 1
 * overdue". */
struct wording_counts {
	int soon;
	int today;
	int overdue;
	int silent;
};
const char *wording_counts(
	struct arena *arena, const struct wording_counts *counts, const char *last_joint);

/* "In progress, 40% complete"; percent below 0: not known. */
const char *wording_status(struct arena *arena, const char *status, int percent);

/* At most limit characters, cut between words and then ended by an ellipsis. */
const char *wording_shortened(struct arena *arena, const char *text, size_t limit);

/* The same text with its first letter made a capital, for the start of a sentence. */
const char *wording_capital(struct arena *arena, const char *text);
