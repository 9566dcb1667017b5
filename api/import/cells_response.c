/* What a council answers to a recommendation: accepted, partly, or declined. Pure. */
#include <string.h>

#include "api/import/cells.h"
#include "api/import/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct verdict {
	const char *words; /* as words_plain gives them */
	const char *name;
};

static const struct verdict verdicts[] = {
	{ "accept", "accepted" },
	{ "accept in full", "accepted" },
	{ "accept in part", "partly_accepted" },
	{ "accept partially", "partly_accepted" },
	{ "accept partly", "partly_accepted" },
	{ "accepted", "accepted" },
	{ "accepted in full", "accepted" },
	{ "accepted in part", "partly_accepted" },
	{ "accepted partially", "partly_accepted" },
	{ "accepted partly", "partly_accepted" },
	{ "accepts", "accepted" },
	{ "agree", "accepted" },
	{ "agree in full", "accepted" },
	{ "agree in part", "partly_accepted" },
	{ "agree partially", "partly_accepted" },
	{ "agree partly", "partly_accepted" },
	{ "agreed", "accepted" },
	{ "agreed in full", "accepted" },
	{ "agreed in part", "partly_accepted" },
	{ "agreed partially", "partly_accepted" },
	{ "agreed partly", "partly_accepted" },
	{ "agrees", "accepted" },
	{ "approve", "accepted" },
	{ "approved", "accepted" },
	{ "cytuno", "accepted" },
	{ "cytunwyd", "accepted" },
	{ "decline", "declined" },
	{ "declined", "declined" },
	{ "declines", "declined" },
	{ "derbyn", "accepted" },
	{ "derbyn yn rhannol", "partly_accepted" },
	{ "derbyniwyd", "accepted" },
	{ "derbyniwyd yn llawn", "accepted" },
	{ "derbyniwyd yn rhannol", "partly_accepted" },
	{ "disagree", "declined" },
	{ "disagreed", "declined" },
	{ "disagrees", "declined" },
	{ "do not accept", "declined" },
	{ "do not agree", "declined" },
	{ "does not accept", "declined" },
	{ "does not agree", "declined" },
	{ "fully accept", "accepted" },
	{ "fully accepted", "accepted" },
	{ "fully accepts", "accepted" },
	{ "fully agree", "accepted" },
	{ "fully agreed", "accepted" },
	{ "fully supported", "accepted" },
	{ "gwrthod", "declined" },
	{ "gwrthodwyd", "declined" },
	{ "heb ei dderbyn", "declined" },
	{ "in part", "partly_accepted" },
	{ "ni dderbyniwyd", "declined" },
	{ "no", "declined" },
	{ "not accept", "declined" },
	{ "not accepted", "declined" },
	{ "not agree", "declined" },
	{ "not agreed", "declined" },
	{ "not approved", "declined" },
	{ "not supported", "declined" },
	{ "not upheld", "declined" },
	{ "part", "partly_accepted" },
	{ "part accept", "partly_accepted" },
	{ "part accepted", "partly_accepted" },
	{ "part accepts", "partly_accepted" },
	{ "part agree", "partly_accepted" },
	{ "part agreed", "partly_accepted" },
	{ "part agrees", "partly_accepted" },
	{ "partial", "partly_accepted" },
	{ "partial acceptance", "partly_accepted" },
	{ "partially", "partly_accepted" },
	{ "partially accept", "partly_accepted" },
	{ "partially accepted", "partly_accepted" },
	{ "partially accepts", "partly_accepted" },
	{ "partially agree", "partly_accepted" },
	{ "partially agreed", "partly_accepted" },
	{ "partially agrees", "partly_accepted" },
	{ "partially approved", "partly_accepted" },
	{ "partially supported", "partly_accepted" },
	{ "partly", "partly_accepted" },
	{ "partly accept", "partly_accepted" },
	{ "partly accepted", "partly_accepted" },
	{ "partly accepts", "partly_accepted" },
	{ "partly agree", "partly_accepted" },
	{ "partly agreed", "partly_accepted" },
	{ "partly agrees", "partly_accepted" },
	{ "partly supported", "partly_accepted" },
	{ "refused", "declined" },
	{ "reject", "declined" },
	{ "rejected", "declined" },
	{ "rejects", "declined" },
	{ "supported", "accepted" },
	{ "yes", "accepted" },
	{ "yn rhannol", "partly_accepted" },
};

/* What may stand before it, or behind it, and adds nothing. */
static const char *const openings[] = { "this recommendation", "the recommendation",
	"recommendation", "the council", "council", "the cabinet", "cabinet", "the executive",
	"executive", "officers", "we", "is", "has been", "was" };
static const char *const endings[] = { "this recommendation", "the recommendation",
	"the recommendations", "recommendation", "by cabinet", "by the cabinet", "by the council" };

static const char *const conditions[] = { "subject to", "but", "except", "however", "in principle",
	"in part", "partially", "partly", "with amendment", "with amendments", "with modifications",
	"provided", "yn amodol" };

/* Past the words, when plain text begins with them. */
static const char *past(const char *text, const char *words)
{
	size_t length = strlen(words);
	if (strncmp(text, words, length) != 0 || (text[length] && text[length] != ' '))
		return NULL;
	return text + length + (text[length] == ' ');
}

static const char *skip_openings(const char *text)
{
	for (size_t i = 0; i < COUNT(openings); i++) {
		const char *rest = past(text, openings[i]);
		if (rest && *rest)
			return skip_openings(rest);
	}
	return text;
}

static bool is_ending(const char *text)
{
	for (size_t i = 0; i < COUNT(endings); i++) {
		if (!strcmp(text, endings[i]))
			return true;
	}
	return !*text;
}

static bool is_conditional(const char *plain)
{
	for (size_t i = 0; i < COUNT(conditions); i++) {
		if (words_contains(plain, conditions[i]))
			return true;
	}
	return false;
}

/* Up to the first sign that ends a clause. */
static size_t clause_length(const char *at)
{
	size_t length = 0;
	for (; at[length]; length++) {
		bool spaced = length && words_space(at + length - 1);
		if (strchr(".,;:(\n", at[length]) || (spaced && at[length] == '-') ||
			!strncmp(at + length, "–", 3) || !strncmp(at + length, "—", 3))
			break;
	}
	return length;
}

/* The longest one that the clause begins with; *rest is what follows it. */
static const char *find_verdict(const char *plain, const char **rest)
{
	const char *found = NULL;
	for (size_t i = 0; i < COUNT(verdicts); i++) {
		const char *after = past(plain, verdicts[i].words);
		if (!after || (found && after < *rest))
			continue;
		found = verdicts[i].name;
		*rest = after;
	}
	return found;
}

void cells_response(struct arena *arena, const char *cell, struct cells_response *out)
{
	*out = (struct cells_response){ .rest = "" };
	const char *text = words_tidy_lines(arena, cell);
	size_t length = clause_length(text);
	const char *clause = skip_openings(words_plain(arena, arena_strndup(arena, text, length)));
	const char *after = clause;
	const char *verdict = find_verdict(clause, &after);
	bool conditional = is_conditional(after);
	if (!verdict || (!is_ending(after) && !conditional))
		return;
	while (text[length] && (words_space(text + length) || strchr(".,;:-", text[length])))
		length++;
	if (!strncmp(text + length, "–", 3) || !strncmp(text + length, "—", 3))
		length += 3;
	out->rest = words_skip_space(text + length);
	out->verdict = verdict;
	out->conditional = conditional || is_conditional(words_plain(arena, out->rest));
}
