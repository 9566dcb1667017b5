/* The phrases that timescales are written in, and how they are found. */
#include "common/timescale/timescale_phrases.h"

#include <stdbool.h>

#include "common/timescale/timescale_lex.h"

/* Sorted by first word; among equal first words the longest comes first. */
static const struct timescale_word phrases[] = { { "a s a p", T_NOW, 0, 1 },
	{ "a year", T_PER, 0, 12 }, { "academic year", T_ACADEMIC, 0, 0 },
	{ "according to", T_SEE, 0, 0 }, { "action completed", T_DONE, 0, DONE_PAST },
	{ "action complete", T_DONE, 0, DONE_PAST }, { "action closed", T_DONE, 0, DONE_PAST },
	{ "actual completion date", T_ACTUAL, 0, 0 }, { "actual completion", T_ACTUAL, 0, 0 },
	{ "actual date", T_ACTUAL, 0, 0 }, { "ad hoc", T_AS_NEEDED, 0, 0 },
	{ "addressed through", T_SEE, 0, 0 }, { "after that", T_THEN, 0, 0 },
	{ "ahead of", T_BEFORE, 0, 0 }, { "aim to be", T_WILL, 0, 0 },
	{ "aligned with", T_SEE, 0, 0 }, { "aligned to", T_SEE, 0, 0 },
	{ "all year round", T_ONGOING, 0, 0 }, { "all completed", T_DONE, 0, DONE_PAST },
	{ "all complete", T_DONE, 0, DONE_PAST }, { "all year", T_ONGOING, 0, 0 },
	{ "all of", T_THROUGHOUT, 0, 0 }, { "alongside the", T_CONDITION, 0, 0 },
	{ "already commenced", T_STARTED, 0, 0 }, { "already completed", T_DONE, 0, DONE_PAST },
	{ "already achieved", T_DONE, 0, DONE_PAST }, { "already complete", T_DONE, 0, DONE_PAST },
	{ "already in place", T_DONE, 0, DONE_WEAK }, { "already underway", T_IN_PROGRESS, 0, 0 },
	{ "already started", T_STARTED, 0, 0 }, { "already begun", T_STARTED, 0, 0 },
	{ "alternate months", T_FREQUENCY, 0, 2 }, { "alternate weeks", T_FREQUENCY, 0, -2 },
	{ "alternate years", T_FREQUENCY, 0, 24 }, { "and thereafter", T_THEN, 0, 0 },
	{ "and beyond", T_ONWARDS, 0, 0 }, { "and then", T_THEN, 0, 0 },
	{ "annual basis", T_FREQUENCY, 0, 12 }, { "ar unwaith", T_NOW, 0, 0 },
	{ "are to be", T_WILL, 0, 0 }, { "are due", T_WILL, 0, 0 },
	{ "as soon as reasonably practicable", T_NOW, 0, 1 },
	{ "as soon as is practicable", T_NOW, 0, 1 },
	{ "as soon as possible after", T_AFTER, 0, 0 },
	{ "as opportunities arise", T_AS_NEEDED, 0, 0 }, { "as soon as practicable", T_NOW, 0, 1 },
	{ "as soon as practical", T_NOW, 0, 1 }, { "as soon as possible", T_NOW, 0, 1 },
	{ "as the need arises", T_AS_NEEDED, 0, 0 }, { "as a result of", T_CONDITION, 0, 0 },
	{ "as appropriate", T_AS_NEEDED, 0, 0 }, { "as required by", T_AS_NEEDED, 0, 0 },
	{ "as they arise", T_AS_NEEDED, 0, 0 }, { "as they occur", T_AS_NEEDED, 0, 0 },
	{ "as completed", T_AS_NEEDED, 0, 0 }, { "as it arises", T_AS_NEEDED, 0, 0 },
	{ "as it occurs", T_AS_NEEDED, 0, 0 }, { "as necessary", T_AS_NEEDED, 0, 0 },
	{ "as and when", T_AS_NEEDED, 0, 0 }, { "as detailed", T_SEE, 0, 0 },
	{ "as outlined", T_SEE, 0, 0 }, { "as required", T_AS_NEEDED, 0, 0 },
	{ "as arising", T_AS_NEEDED, 0, 0 }, { "as part of", T_CONDITION, 0, 0 },
	{ "as set out", T_SEE, 0, 0 }, { "as soon as", T_CONDITION, 0, 0 },
	{ "as needed", T_AS_NEEDED, 0, 0 }, { "as stated", T_SEE, 0, 0 },
	{ "as above", T_SEE, 0, 0 }, { "as below", T_SEE, 0, 0 }, { "as from", T_FROM, 0, 0 },
	{ "as for", T_SEE, 0, 0 }, { "as per", T_SEE, 0, 0 }, { "as at", T_SEE, 0, 0 },
	{ "as in", T_SEE, 0, 0 }, { "as of", T_FROM, 0, 0 },
	{ "at the earliest opportunity", T_NOW, 0, 1 }, { "at earliest opportunity", T_NOW, 0, 1 },
	{ "at the latest by", T_BY, 0, 0 }, { "at the point of", T_CONDITION, 0, 0 },
	{ "at the time of", T_CONDITION, 0, 0 }, { "at the latest", T_BY, 0, 0 },
	{ "at latest by", T_BY, 0, 0 }, { "at point of", T_CONDITION, 0, 0 },
	{ "at latest", T_BY, 0, 0 }, { "at most", T_WITHIN, 0, 0 },
	{ "awaiting confirmation", T_TBC, 0, 0 }, { "awaiting dates", T_TBC, 0, 0 },
	{ "awaiting start", T_NOT_STARTED, 0, 0 }, { "awaiting date", T_TBC, 0, 0 },
	{ "back end of", T_END, 0, 0 }, { "been completed", T_DONE, 0, DONE_PAST },
	{ "been achieved", T_DONE, 0, DONE_PAST }, { "beginning from", T_START, 0, 0 },
	{ "beginning in", T_START, 0, 0 }, { "beginning of", T_BEGINNING, 0, 0 },
	{ "behind schedule", T_LATE_STATUS, 0, 0 }, { "behind target", T_LATE_STATUS, 0, 0 },
	{ "being considered", T_TBC, 0, 1 }, { "bi annually", T_FREQUENCY, 0, 6 },
	{ "bi ennially", T_FREQUENCY, 0, 24 }, { "bi monthly", T_FREQUENCY, 0, 2 },
	{ "bi annual", T_FREQUENCY, 0, 6 }, { "bi ennial", T_FREQUENCY, 0, 24 },
	{ "bi weekly", T_FREQUENCY, 0, -2 }, { "bob blwyddyn", T_FREQUENCY, 0, 12 },
	{ "bob chwarter", T_FREQUENCY, 0, 3 }, { "bob mis", T_FREQUENCY, 0, 1 },
	{ "brought forward", T_REVISED, 0, 0 }, { "business as usual", T_ONGOING, 0, 0 },
	{ "by no later than", T_BY, 0, 0 }, { "by and before", T_BY, 0, 0 },
	{ "by or before", T_BY, 0, 0 }, { "by latest", T_BY, 0, 0 },
	{ "calendar year", T_CALENDAR, 0, 0 }, { "carried forward", T_REVISED, 0, 0 },
	{ "carried over", T_REVISED, 0, 0 }, { "civic year", T_MUNICIPAL, 0, 0 },
	{ "close of", T_END, 0, 0 }, { "commencement of", T_BEGINNING, 0, 0 },
	{ "commencing from", T_START, 0, 0 }, { "completion date", T_DUE, 0, 0 },
	{ "conditional on", T_CONDITION, 0, 0 }, { "contingent on", T_CONDITION, 0, 0 },
	{ "continuous improvement", T_ONGOING, 0, 0 }, { "core business", T_ONGOING, 0, 0 },
	{ "covered under", T_SEE, 0, 0 }, { "covered by", T_SEE, 0, 0 },
	{ "covered in", T_SEE, 0, 0 }, { "currently underway", T_IN_PROGRESS, 0, 0 },
	{ "cyn gynted a phosibl", T_NOW, 0, 1 }, { "day by day", T_FREQUENCY, 0, 0 },
	{ "day to day", T_ONGOING, 0, 0 }, { "deadline date", T_DUE, 0, 0 },
	{ "delayed until", T_REVISED, 0, 0 }, { "delayed to", T_REVISED, 0, 0 },
	{ "delivery date", T_DUE, 0, 0 }, { "dependent upon", T_SEE, 0, 0 },
	{ "determined by", T_CONDITION, 0, 0 }, { "don't know", T_TBC, 0, 0 },
	{ "driven by", T_CONDITION, 0, 0 }, { "due to be", T_WILL, 0, 0 },
	{ "due date", T_DUE, 0, 0 }, { "due for", T_WILL, 0, 0 }, { "due to", T_WILL, 0, 0 },
	{ "duration of the plan", T_ONGOING, 0, 0 }, { "duration of plan", T_ONGOING, 0, 0 },
	{ "during the next", T_NEXT, 0, 0 }, { "each quarter", T_FREQUENCY, 0, 3 },
	{ "each month", T_FREQUENCY, 0, 1 }, { "each term", T_FREQUENCY, 0, 4 },
	{ "each week", T_FREQUENCY, 0, -1 }, { "each year", T_FREQUENCY, 0, 12 },
	{ "each day", T_FREQUENCY, 0, 0 }, { "earlier than", T_BEFORE, 0, 0 },
	{ "earliest opportunity", T_NOW, 0, 1 }, { "earliest start", T_NOT_BEFORE, 0, 0 },
	{ "early part of", T_EARLY, 0, 0 }, { "early in", T_EARLY, 0, 0 },
	{ "effective from", T_FROM, 0, 0 },
	{ "embedded into business as usual", T_TRANSFERRED, 0, 0 },
	{ "embedded as business as usual", T_TRANSFERRED, 0, 0 }, { "end date", T_DUE, 0, 0 },
	{ "end of", T_END, 0, 0 }, { "every second month", T_FREQUENCY, 0, 2 },
	{ "every other month", T_FREQUENCY, 0, 2 }, { "every second week", T_FREQUENCY, 0, -2 },
	{ "every second year", T_FREQUENCY, 0, 24 }, { "every other week", T_FREQUENCY, 0, -2 },
	{ "every other year", T_FREQUENCY, 0, 24 }, { "every fortnight", T_FREQUENCY, 0, -2 },
	{ "every half year", T_FREQUENCY, 0, 6 }, { "every quarter", T_FREQUENCY, 0, 3 },
	{ "every month", T_FREQUENCY, 0, 1 }, { "every term", T_FREQUENCY, 0, 4 },
	{ "every week", T_FREQUENCY, 0, -1 }, { "every year", T_FREQUENCY, 0, 12 },
	{ "every day", T_FREQUENCY, 0, 0 }, { "expected completion date", T_DUE, 0, 0 },
	{ "expected to be", T_WILL, 0, 0 }, { "f y", T_FY, 0, 0 }, { "fel uchod", T_SEE, 0, 0 },
	{ "fin year", T_FY, 0, 0 }, { "financial year", T_FY, 0, 0 },
	{ "finish date", T_DUE, 0, 0 }, { "finish by", T_DUE, 0, 0 },
	{ "first planned", T_ORIGINAL, 0, 0 }, { "fiscal year", T_FY, 0, 0 },
	{ "five yearly", T_FREQUENCY, 0, 60 }, { "followed by", T_THEN, 0, 0 },
	{ "for the duration", T_ONGOING, 0, 0 }, { "for completion", T_DUE, 0, 0 },
	{ "four times per year", T_FREQUENCY, 0, 3 }, { "four times a year", T_FREQUENCY, 0, 3 },
	{ "four yearly", T_FREQUENCY, 0, 48 }, { "from then on", T_THEN, 0, 0 },
	{ "from then", T_THEN, 0, 0 }, { "from now", T_NOW, 0, 0 },
	{ "fully implemented", T_DONE, 0, DONE_PAST }, { "fully completed", T_DONE, 0, DONE_PAST },
	{ "fully achieved", T_DONE, 0, DONE_PAST }, { "fully complete", T_DONE, 0, DONE_PAST },
	{ "fully met", T_DONE, 0, DONE_PAST }, { "fy year", T_FY, 0, 0 },
	{ "going forward", T_ONWARDS, 0, 0 }, { "half yearly", T_FREQUENCY, 0, 6 },
	{ "has been completed", T_DONE, 0, DONE_PAST }, { "has commenced", T_STARTED, 0, 0 },
	{ "has started", T_STARTED, 0, 0 }, { "has begun", T_STARTED, 0, 0 },
	{ "has not", T_NOT, 0, 0 }, { "have been completed", T_DONE, 0, DONE_PAST },
	{ "have started", T_STARTED, 0, 0 }, { "have not", T_NOT, 0, 0 },
	{ "high priority", T_NOW, 0, 1 }, { "hyd at", T_UNTIL, 0, 0 }, { "i e", T_NAMELY, 0, 0 },
	{ "i'w gadarnhau", T_TBC, 0, 0 }, { "i'w gytuno", T_TBC, 0, 0 },
	{ "if the need arises", T_AS_NEEDED, 0, 0 }, { "if necessary", T_AS_NEEDED, 0, 0 },
	{ "if required", T_AS_NEEDED, 0, 0 }, { "if needed", T_AS_NEEDED, 0, 0 },
	{ "immediate effect", T_NOW, 0, 0 }, { "in conjunction with", T_SEE, 0, 0 },
	{ "in accordance with", T_SEE, 0, 0 }, { "in parallel with", T_CONDITION, 0, 0 },
	{ "in development", T_IN_PROGRESS, 0, 0 }, { "in response to", T_CONDITION, 0, 0 },
	{ "in advance of", T_BEFORE, 0, 0 }, { "in line with", T_SEE, 0, 0 },
	{ "in delivery", T_IN_PROGRESS, 0, 0 }, { "in progress", T_IN_PROGRESS, 0, 0 },
	{ "in the next", T_NEXT, 0, 0 }, { "in time for", T_CONDITION, 0, 0 },
	{ "in place", T_DONE, 0, DONE_WEAK }, { "in train", T_IN_PROGRESS, 0, 0 },
	{ "in under", T_WITHIN, 0, 0 }, { "in from", T_FROM, 0, 0 },
	{ "in hand", T_IN_PROGRESS, 0, 0 }, { "in post", T_STEP, 0, 0 },
	{ "initial target", T_ORIGINAL, 0, 0 }, { "initial date", T_ORIGINAL, 0, 0 },
	{ "instead of", T_ORIGINAL, 0, 0 }, { "is complete", T_DONE, 0, DONE_PAST },
	{ "is to be", T_WILL, 0, 0 }, { "is due", T_WILL, 0, 0 }, { "late in", T_LATE, 0, 0 },
	{ "later than", T_AFTER, 0, 0 }, { "later in", T_LATE, 0, 0 },
	{ "latter part of", T_END, 0, 0 }, { "less than", T_WITHIN, 0, 0 },
	{ "life of the strategy", T_ONGOING, 0, 0 }, { "life of strategy", T_ONGOING, 0, 0 },
	{ "life of the plan", T_ONGOING, 0, 0 }, { "life of plan", T_ONGOING, 0, 0 },
	{ "lifetime of the strategy", T_ONGOING, 0, 0 },
	{ "lifetime of strategy", T_ONGOING, 0, 0 }, { "lifetime of the plan", T_ONGOING, 0, 0 },
	{ "lifetime of plan", T_ONGOING, 0, 0 }, { "linked to", T_SEE, 0, 0 },
	{ "long term", T_HORIZON, 0, 'L' }, { "longer term", T_HORIZON, 0, 'L' },
	{ "mainstreamed into business as usual", T_TRANSFERRED, 0, 0 },
	{ "medium to long term", T_HORIZON, 0, 'L' }, { "medium long term", T_HORIZON, 0, 'L' },
	{ "medium term", T_HORIZON, 0, 'M' }, { "mid point of", T_MID, 0, 0 },
	{ "mid term", T_HORIZON, 0, 'M' }, { "middle of", T_MID, 0, 0 },
	{ "month by month", T_FREQUENCY, 0, 1 },
	{ "moved to business as usual", T_TRANSFERRED, 0, 0 },
	{ "moved to bau", T_TRANSFERRED, 0, 0 }, { "moved back", T_REVISED, 0, 0 },
	{ "moving forward", T_ONWARDS, 0, 0 }, { "municipal year", T_MUNICIPAL, 0, 0 },
	{ "n a", T_TBC, 0, 0 }, { "need arises", T_AS_NEEDED, 0, 0 },
	{ "new target date", T_REVISED, 0, 0 }, { "new years day", T_FEAST, 0, FEAST_NEW_YEAR },
	{ "new deadline", T_REVISED, 0, 0 }, { "new date", T_REVISED, 0, 0 },
	{ "new year", T_FEAST, 0, FEAST_NEW_YEAR }, { "nfa", T_DONE, 0, DONE_PAST },
	{ "no longer applicable", T_CANCELLED, 0, 0 }, { "no longer relevant", T_CANCELLED, 0, 0 },
	{ "no longer required", T_CANCELLED, 0, 0 }, { "no further action", T_DONE, 0, DONE_PAST },
	{ "no longer needed", T_CANCELLED, 0, 0 }, { "no timescale set", T_TBC, 0, 0 },
	{ "no earlier than", T_NOT_BEFORE, 0, 0 }, { "no sooner than", T_NOT_BEFORE, 0, 0 },
	{ "no later than", T_BY, 0, 0 }, { "no more than", T_WITHIN, 0, 0 },
	{ "no timescale", T_TBC, 0, 0 }, { "no date set", T_TBC, 0, 0 },
	{ "no deadline", T_TBC, 0, 0 }, { "no end date", T_ONGOING, 0, 0 },
	{ "no date", T_TBC, 0, 0 }, { "not being progressed", T_CANCELLED, 0, 0 },
	{ "not yet determined", T_TBC, 0, 0 }, { "not taken forward", T_CANCELLED, 0, 0 },
	{ "not yet commenced", T_NOT_STARTED, 0, 0 }, { "not yet confirmed", T_TBC, 0, 0 },
	{ "not earlier than", T_NOT_BEFORE, 0, 0 }, { "not progressing", T_CANCELLED, 0, 0 },
	{ "not yet decided", T_TBC, 0, 0 }, { "not yet started", T_NOT_STARTED, 0, 0 },
	{ "not applicable", T_TBC, 0, 0 }, { "not later than", T_BY, 0, 0 },
	{ "not proceeding", T_CANCELLED, 0, 0 }, { "not yet agreed", T_TBC, 0, 0 },
	{ "not available", T_TBC, 0, 0 }, { "not commenced", T_NOT_STARTED, 0, 0 },
	{ "not confirmed", T_TBC, 0, 0 }, { "not currently", T_NOT, 0, 0 },
	{ "not more than", T_WITHIN, 0, 0 }, { "not on target", T_LATE_STATUS, 0, 0 },
	{ "not specified", T_TBC, 0, 0 }, { "not yet begun", T_NOT_STARTED, 0, 0 },
	{ "not yet known", T_TBC, 0, 0 }, { "not on track", T_LATE_STATUS, 0, 0 },
	{ "not pursued", T_CANCELLED, 0, 0 }, { "not started", T_NOT_STARTED, 0, 0 },
	{ "not yet set", T_TBC, 0, 0 }, { "not agreed", T_TBC, 0, 0 },
	{ "not before", T_NOT_BEFORE, 0, 0 }, { "not stated", T_TBC, 0, 0 },
	{ "not begun", T_NOT_STARTED, 0, 0 }, { "not known", T_TBC, 0, 0 },
	{ "not been", T_NOT, 0, 0 }, { "not set", T_TBC, 0, 0 }, { "not yet", T_NOT, 0, 0 },
	{ "now part of business as usual", T_TRANSFERRED, 0, 0 },
	{ "now business as usual", T_TRANSFERRED, 0, 0 }, { "now completed", T_DONE, 0, DONE_PAST },
	{ "now complete", T_DONE, 0, DONE_PAST }, { "now embedded", T_TRANSFERRED, 0, 0 },
	{ "now in place", T_DONE, 0, DONE_WEAK }, { "now underway", T_IN_PROGRESS, 0, 0 },
	{ "now started", T_STARTED, 0, 0 }, { "now bau", T_TRANSFERRED, 0, 0 },
	{ "now due", T_REVISED, 0, 0 }, { "off target", T_LATE_STATUS, 0, 0 },
	{ "off track", T_LATE_STATUS, 0, 0 }, { "on appointment of", T_CONDITION, 0, 0 },
	{ "on publication of", T_CONDITION, 0, 0 }, { "on completion of", T_CONDITION, 0, 0 },
	{ "on course to be", T_WILL, 0, 0 }, { "on target to be", T_WILL, 0, 0 },
	{ "on adoption of", T_CONDITION, 0, 0 }, { "on approval of", T_CONDITION, 0, 0 },
	{ "on track to be", T_WILL, 0, 0 }, { "on completion", T_CONDITION, 0, 0 },
	{ "on course for", T_WILL, 0, 0 }, { "on receipt of", T_CONDITION, 0, 0 },
	{ "on target for", T_WILL, 0, 0 }, { "on or before", T_BY, 0, 0 },
	{ "on target to", T_WILL, 0, 0 }, { "on track for", T_WILL, 0, 0 },
	{ "on schedule", T_IN_PROGRESS, 0, 0 }, { "on track to", T_WILL, 0, 0 },
	{ "on request", T_AS_NEEDED, 0, 0 }, { "on demand", T_AS_NEEDED, 0, 0 },
	{ "on target", T_IN_PROGRESS, 0, 0 }, { "on going", T_ONGOING, 0, 0 },
	{ "on pause", T_HOLD, 0, 0 }, { "on track", T_IN_PROGRESS, 0, 0 },
	{ "on hold", T_HOLD, 0, 0 }, { "once per year", T_FREQUENCY, 0, 12 },
	{ "once a month", T_FREQUENCY, 0, 1 }, { "once a week", T_FREQUENCY, 0, -1 },
	{ "once a year", T_FREQUENCY, 0, 12 }, { "one year on from", T_AFTER, 0, 0 },
	{ "onwards from", T_ONWARDS, 0, 0 }, { "open ended", T_ONGOING, 0, 0 },
	{ "original target date", T_ORIGINAL, 0, 0 }, { "original timescale", T_ORIGINAL, 0, 0 },
	{ "original deadline", T_ORIGINAL, 0, 0 }, { "original target", T_ORIGINAL, 0, 0 },
	{ "original date", T_ORIGINAL, 0, 0 }, { "outcome of", T_CONDITION, 0, 0 },
	{ "over the next", T_NEXT, 0, 0 }, { "over a", T_WITHIN, 0, 0 }, { "p a", T_PER, 0, 12 },
	{ "partially started", T_IN_PROGRESS, 0, 0 }, { "per quarter", T_FREQUENCY, 0, 3 },
	{ "per annum", T_PER, 0, 12 }, { "per month", T_FREQUENCY, 0, 1 },
	{ "per week", T_FREQUENCY, 0, -1 }, { "per year", T_PER, 0, 12 },
	{ "planned to be", T_WILL, 0, 0 }, { "planned for", T_WILL, 0, 0 },
	{ "post holders", T_STEP, 0, 0 }, { "post holder", T_STEP, 0, 0 },
	{ "previous deadline", T_ORIGINAL, 0, 0 }, { "previous target", T_ORIGINAL, 0, 0 },
	{ "previous date", T_ORIGINAL, 0, 0 }, { "prior to", T_BEFORE, 0, 0 },
	{ "pushed back", T_REVISED, 0, 0 }, { "put on hold", T_HOLD, 0, 0 },
	{ "put back", T_REVISED, 0, 0 }, { "rather than", T_ORIGINAL, 0, 0 },
	{ "re scheduled", T_REVISED, 0, 0 }, { "re profiled", T_REVISED, 0, 0 },
	{ "re phased", T_REVISED, 0, 0 }, { "refer to", T_SEE, 0, 0 },
	{ "revised completion date", T_REVISED, 0, 0 }, { "revised target date", T_REVISED, 0, 0 },
	{ "revised timescale", T_REVISED, 0, 0 }, { "revised deadline", T_REVISED, 0, 0 },
	{ "revised target", T_REVISED, 0, 0 }, { "revised date", T_REVISED, 0, 0 },
	{ "right through to", T_UNTIL, 0, 0 }, { "right away", T_NOW, 0, 0 },
	{ "rolled forward", T_REVISED, 0, 0 }, { "rolling programme", T_ONGOING, 0, 0 },
	{ "same as above", T_SEE, 0, 0 }, { "same as", T_SEE, 0, 0 },
	{ "scheduled for", T_WILL, 0, 0 }, { "school year", T_ACADEMIC, 0, 0 },
	{ "see above", T_SEE, 0, 0 }, { "see below", T_SEE, 0, 0 },
	{ "semi annually", T_FREQUENCY, 0, 6 }, { "semi annual", T_FREQUENCY, 0, 6 },
	{ "short to medium term", T_HORIZON, 0, 'M' }, { "short medium term", T_HORIZON, 0, 'M' },
	{ "short to mid term", T_HORIZON, 0, 'M' }, { "short term", T_HORIZON, 0, 'S' },
	{ "shorter term", T_HORIZON, 0, 'S' }, { "should be", T_WILL, 0, 0 },
	{ "signed off", T_DONE, 0, DONE_PAST }, { "six monthly", T_FREQUENCY, 0, 6 },
	{ "soon as possible", T_NOW, 0, 1 }, { "standing agenda item", T_ONGOING, 0, 0 },
	{ "standing item", T_ONGOING, 0, 0 }, { "start date", T_START, 0, 0 },
	{ "start from", T_START, 0, 0 }, { "start in", T_START, 0, 0 },
	{ "start of", T_BEGINNING, 0, 0 }, { "starting from", T_START, 0, 0 },
	{ "straight away", T_NOW, 0, 0 }, { "subject to confirmation", T_TBC, 0, 0 },
	{ "subject to agreement", T_TBC, 0, 0 }, { "subsequent to", T_AFTER, 0, 0 },
	{ "target completion date", T_DUE, 0, 0 }, { "target completion", T_DUE, 0, 0 },
	{ "target achieved", T_DONE, 0, DONE_PAST }, { "target date", T_DUE, 0, 0 },
	{ "target met", T_DONE, 0, DONE_PAST }, { "that is", T_NAMELY, 0, 0 },
	{ "the beginning of", T_BEGINNING, 0, 0 }, { "the middle of", T_MID, 0, 0 },
	{ "the start of", T_BEGINNING, 0, 0 }, { "the end of", T_END, 0, 0 },
	{ "this is complete", T_DONE, 0, DONE_PAST }, { "three times per year", T_FREQUENCY, 0, 4 },
	{ "three times a year", T_FREQUENCY, 0, 4 }, { "three times yearly", T_FREQUENCY, 0, 4 },
	{ "three monthly", T_FREQUENCY, 0, 3 }, { "three yearly", T_FREQUENCY, 0, 36 },
	{ "through to", T_UNTIL, 0, 0 }, { "throughout the life", T_ONGOING, 0, 0 },
	{ "throughout the plan", T_ONGOING, 0, 0 }, { "throughout the year", T_ONGOING, 0, 0 },
	{ "throughout plan", T_ONGOING, 0, 0 }, { "tie in with", T_SEE, 0, 0 },
	{ "tied to", T_CONDITION, 0, 0 }, { "till date", T_ONWARDS, 0, 0 },
	{ "timed with", T_CONDITION, 0, 0 }, { "times every year", T_TIMES, 0, 12 },
	{ "times each year", T_TIMES, 0, 12 }, { "times per annum", T_TIMES, 0, 12 },
	{ "times annually", T_TIMES, 0, 12 }, { "times per year", T_TIMES, 0, 12 },
	{ "times a year", T_TIMES, 0, 12 }, { "times yearly", T_TIMES, 0, 12 },
	{ "to be addressed through", T_SEE, 0, 0 }, { "to be addressed under", T_SEE, 0, 0 },
	{ "to be addressed in", T_SEE, 0, 0 }, { "to be renegotiated", T_TBC, 0, 1 },
	{ "to be established", T_TBC, 0, 1 }, { "to be considered", T_TBC, 0, 1 },
	{ "to be determined", T_TBC, 0, 1 }, { "to be identified", T_TBC, 0, 1 },
	{ "to be negotiated", T_TBC, 0, 1 }, { "to be programmed", T_TBC, 0, 1 },
	{ "to be timetabled", T_TBC, 0, 1 }, { "to coincide with", T_CONDITION, 0, 0 },
	{ "to be announced", T_TBC, 0, 1 }, { "to be clarified", T_TBC, 0, 1 },
	{ "to be confirmed", T_TBC, 0, 0 }, { "to be discussed", T_TBC, 0, 1 },
	{ "to be finalised", T_TBC, 0, 1 }, { "to be published", T_TBC, 0, 1 },
	{ "to be scheduled", T_TBC, 0, 1 }, { "to be arranged", T_TBC, 0, 1 },
	{ "to be assessed", T_TBC, 0, 1 }, { "to be reviewed", T_TBC, 0, 1 },
	{ "to the present", T_ONWARDS, 0, 0 }, { "to align with", T_SEE, 0, 0 },
	{ "to be advised", T_TBC, 0, 1 }, { "to be decided", T_TBC, 0, 1 },
	{ "to be defined", T_TBC, 0, 1 }, { "to be planned", T_TBC, 0, 1 },
	{ "to be started", T_NOT_STARTED, 0, 0 }, { "to be updated", T_TBC, 0, 1 },
	{ "to be agreed", T_TBC, 0, 1 }, { "to be scoped", T_TBC, 0, 1 },
	{ "to commence", T_START, 0, 0 }, { "to continue", T_ONGOING, 0, 0 },
	{ "to confirm", T_TBC, 0, 1 }, { "to current", T_ONWARDS, 0, 0 },
	{ "to present", T_ONWARDS, 0, 0 }, { "to be set", T_TBC, 0, 1 },
	{ "to follow", T_TBC, 0, 1 }, { "to begin", T_START, 0, 0 }, { "to start", T_START, 0, 0 },
	{ "to date", T_ONWARDS, 0, 0 }, { "to now", T_ONWARDS, 0, 0 }, { "to be", T_WILL, 0, 0 },
	{ "twice each year", T_FREQUENCY, 0, 6 }, { "twice annually", T_FREQUENCY, 0, 6 },
	{ "twice per year", T_FREQUENCY, 0, 6 }, { "twice a year", T_FREQUENCY, 0, 6 },
	{ "twice yearly", T_FREQUENCY, 0, 6 }, { "two times per year", T_FREQUENCY, 0, 6 },
	{ "two times a year", T_FREQUENCY, 0, 6 }, { "two monthly", T_FREQUENCY, 0, 2 },
	{ "two yearly", T_FREQUENCY, 0, 24 }, { "tymor canolig", T_HORIZON, 0, 'M' },
	{ "tymor byr", T_HORIZON, 0, 'S' }, { "tymor hir", T_HORIZON, 0, 'L' },
	{ "under consideration", T_TBC, 0, 1 }, { "under discussion", T_TBC, 0, 1 },
	{ "under review", T_TBC, 0, 1 }, { "under way", T_IN_PROGRESS, 0, 0 },
	{ "until present", T_ONWARDS, 0, 0 }, { "until now", T_ONWARDS, 0, 0 },
	{ "up until", T_UNTIL, 0, 0 }, { "up to", T_UNTIL, 0, 0 },
	{ "upon completion of", T_CONDITION, 0, 0 }, { "upon completion", T_CONDITION, 0, 0 },
	{ "upon receipt of", T_CONDITION, 0, 0 }, { "upon approval", T_CONDITION, 0, 0 },
	{ "upon request", T_AS_NEEDED, 0, 0 }, { "vacant post", T_STEP, 0, 0 },
	{ "w commencing", T_WEEK_FROM, 0, 0 }, { "w ending", T_WEEK_TO, 0, 0 },
	{ "w e f", T_FROM, 0, 0 }, { "w b", T_WEEK_FROM, 0, 0 }, { "w c", T_WEEK_FROM, 0, 0 },
	{ "w e", T_WEEK_TO, 0, 0 }, { "was completed", T_DONE, 0, DONE_PAST },
	{ "wedi ei gwblhau", T_DONE, 0, DONE_PAST }, { "wedi gwblhau", T_DONE, 0, DONE_PAST },
	{ "wedi'i gwblhau", T_DONE, 0, DONE_PAST }, { "week commencing on", T_WEEK_FROM, 0, 0 },
	{ "week commencing", T_WEEK_FROM, 0, 0 }, { "week beginning", T_WEEK_FROM, 0, 0 },
	{ "week starting", T_WEEK_FROM, 0, 0 }, { "week by week", T_FREQUENCY, 0, -1 },
	{ "week ending", T_WEEK_TO, 0, 0 }, { "week comm", T_WEEK_FROM, 0, 0 },
	{ "week end", T_WEEK_TO, 0, 0 }, { "weeks commencing", T_WEEK_FROM, 0, 0 },
	{ "were completed", T_DONE, 0, DONE_PAST }, { "when the need arises", T_AS_NEEDED, 0, 0 },
	{ "when appropriate", T_AS_NEEDED, 0, 0 }, { "when they arise", T_AS_NEEDED, 0, 0 },
	{ "when necessary", T_AS_NEEDED, 0, 0 }, { "when required", T_AS_NEEDED, 0, 0 },
	{ "when needed", T_AS_NEEDED, 0, 0 }, { "where appropriate", T_AS_NEEDED, 0, 0 },
	{ "where necessary", T_AS_NEEDED, 0, 0 }, { "where required", T_AS_NEEDED, 0, 0 },
	{ "where needed", T_AS_NEEDED, 0, 0 }, { "will be", T_WILL, 0, 0 },
	{ "with immediate effect", T_NOW, 0, 0 }, { "with effect from", T_FROM, 0, 0 },
	{ "with the next", T_CONDITION, 0, 0 }, { "within the next", T_NEXT, 0, 0 },
	{ "within next", T_NEXT, 0, 0 }, { "wk commencing", T_WEEK_FROM, 0, 0 },
	{ "wk beginning", T_WEEK_FROM, 0, 0 }, { "wk ending", T_WEEK_TO, 0, 0 },
	{ "work has commenced", T_STARTED, 0, 0 }, { "work has started", T_STARTED, 0, 0 },
	{ "work in progress", T_IN_PROGRESS, 0, 0 }, { "work commenced", T_STARTED, 0, 0 },
	{ "work has begun", T_STARTED, 0, 0 }, { "work started", T_STARTED, 0, 0 },
	{ "x per year", T_TIMES, 0, 12 }, { "x a year", T_TIMES, 0, 12 },
	{ "year on year basis", T_FREQUENCY, 0, 12 }, { "year on year", T_ONGOING, 0, 0 },
	{ "year round", T_ONGOING, 0, 0 }, { "yet to be determined", T_TBC, 0, 0 },
	{ "yet to be confirmed", T_TBC, 0, 0 }, { "yet to be started", T_NOT_STARTED, 0, 0 },
	{ "yet to be agreed", T_TBC, 0, 0 }, { "yet to commence", T_NOT_STARTED, 0, 0 },
	{ "yet to start", T_NOT_STARTED, 0, 0 }, { "yn flynyddol", T_FREQUENCY, 0, 12 },
	{ "yn parhau", T_ONGOING, 0, 0 } };

static char lower(char byte)
{
	bool upper = byte >= 'A' && byte <= 'Z';
	return (char)(upper ? byte + 32 : byte);
}

static bool is_gap(char byte)
{
	return byte == ' ' || byte == '-' || byte == '/' || byte == '.' || byte == '\n';
}

static bool is_word_byte(char byte)
{
	return (lower(byte) >= 'a' && lower(byte) <= 'z') || (byte >= '0' && byte <= '9') ||
	       (unsigned char)byte >= 0x80;
}

/* Bytes of text that the phrase takes, or 0. */
static size_t match(const char *phrase, const char *text, size_t length)
{
	size_t at = 0;
	for (; *phrase; phrase++) {
		if (at == length)
			return 0;
		if (*phrase != ' ') {
			if (lower(text[at++]) != *phrase)
				return 0;
			continue;
		}
		size_t gap = at;
		while (at < length && is_gap(text[at]))
			at++;
		if (at == gap)
			return 0;
	}
	return at < length && is_word_byte(text[at]) ? 0 : at;
}

static int first_word_order(const char *text, size_t length, const char *phrase)
{
	size_t i = 0;
	for (; i < length && (is_word_byte(text[i]) || text[i] == '\''); i++) {
		if (phrase[i] == ' ' || phrase[i] == '\0')
			return 1;
		if (lower(text[i]) != phrase[i])
			return (unsigned char)lower(text[i]) - (unsigned char)phrase[i];
	}
	return phrase[i] == ' ' ? 0 : -1;
}

static size_t first_of(const char *text, size_t length)
{
	size_t low = 0;
	size_t high = sizeof(phrases) / sizeof(phrases[0]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (first_word_order(text, length, phrases[middle].text) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct timescale_word *timescale_phrases_find(const char *text, size_t *length)
{
	for (size_t i = first_of(text, *length); i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		if (first_word_order(text, *length, phrases[i].text) != 0)
			return NULL;
		size_t taken = match(phrases[i].text, text, *length);
		if (taken) {
			*length = taken;
			return &phrases[i];
		}
	}
	return NULL;
}
