/* The one plain English sentence that says how a timescale was read. */
#include "common/timescale/timescale_say.h"

#include <stdio.h>
#include <string.h>

#define SENTENCE_BYTES 400

/* A buffer of fixed size: a sentence never needs more, and this is done for every cell. */
struct sentence {
	char bytes[SENTENCE_BYTES];
	size_t length;
};

static void put(struct sentence *sentence, const char *words)
{
	size_t length = strlen(words);
	size_t room = sizeof(sentence->bytes) - sentence->length;
	if (length > room)
		length = room;
	memcpy(sentence->bytes + sentence->length, words, length);
	sentence->length += length;
}

static void put_number(struct sentence *sentence, int number)
{
	char digits[12];
	char *at = digits + sizeof(digits) - 1;
	*at = '\0';
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	put(sentence, at);
}

/* GOV.UK style: 31 March 2022. */
static void put_date(struct sentence *sentence, const char *before, struct date date)
{
	put(sentence, before);
	put_number(sentence, date.day);
	put(sentence, " ");
	put(sentence, date_month_name(date.month));
	put(sentence, " ");
	put_number(sentence, date.year);
}

static const char *undated(const struct timescale *timescale)
{
	switch (timescale->kind) {
	case TIMESCALE_ONGOING:
		return timescale->recurs ? "Comes round again and again, with no due date"
					 : "Ongoing, with no due date";
	case TIMESCALE_COMPLETE:
		return "Complete, with no date given";
	case TIMESCALE_RELATIVE:
		return "Counted from something else, so there is no date yet";
	case TIMESCALE_CONDITIONAL:
		return "Depends on something else, so there is no date yet";
	default:
		return timescale->confidence == TIMESCALE_UNREADABLE ? "No date could be read"
								     : "No due date";
	}
}

static void put_milestones(struct sentence *sentence, const struct timescale *timescale)
{
	put_number(sentence, timescale->deadline_count);
	put(sentence, " deadlines, the first on ");
	put_date(sentence, "", timescale->deadlines[0].due_on);
	put_date(sentence, " and the last on ", timescale->due_on);
}

static void put_due(struct sentence *sentence, const struct timescale *timescale)
{
	bool complete = timescale->kind == TIMESCALE_COMPLETE;
	if (timescale->deadline_count > 1)
		put_milestones(sentence, timescale);
	else if (date_is_set(timescale->starts_on))
		put_date(sentence, "Work from ", timescale->starts_on);
	else
		put_date(sentence, complete ? "Complete; the date given is " : "Due by ",
			timescale->due_on);
	if (timescale->deadline_count == 1 && date_is_set(timescale->starts_on))
		put_date(sentence, complete ? ", complete; the date given is " : ", due by ",
			timescale->due_on);
	if (date_is_set(timescale->completed_on))
		put_date(sentence, ", completed on ", timescale->completed_on);
	if (timescale->recurs)
		put(sentence, ", and comes round again");
	else if (timescale->continues)
		put(sentence, ", then ongoing");
}

const char *timescale_say(struct arena *arena, const struct timescale *timescale)
{
	struct sentence sentence;
	sentence.length = 0;
	if (date_is_set(timescale->due_on)) {
		put_due(&sentence, timescale);
	} else if (date_is_set(timescale->starts_on)) {
		put_date(&sentence, "Starts on ", timescale->starts_on);
		put(&sentence, ", with no due date");
	} else {
		return undated(timescale);
	}
	return arena_strndup(arena, sentence.bytes, sentence.length);
}
