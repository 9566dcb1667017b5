/* Splits a cell whose bullets the extraction lost: at sentences, and at capitals that start one. */
#include "api/import/action_lost.h"

#include <string.h>

#include "api/import/words.h"

#define LISTED(table, word, length)                                                                \
	words_listed(table, sizeof(table) / sizeof(*(table)), word, length)
#define WORDS_BEFORE_TO_BE 4

/* Sorted. Verbs that begin an action. */
static const char *const imperatives[] = { "Agree", "Align", "Appoint", "Assess", "Build", "Carry",
	"Clarify", "Commission", "Conduct", "Consider", "Continue", "Create", "Define", "Deliver",
	"Design", "Determine", "Develop", "Embed", "Encourage", "Engage", "Enhance", "Ensure",
	"Establish", "Evaluate", "Explore", "Identify", "Implement", "Improve", "Increase",
	"Introduce", "Invest", "Launch", "Maintain", "Maximise", "Monitor", "Prepare", "Produce",
	"Promote", "Provide", "Publish", "Raise", "Recruit", "Reduce", "Refresh", "Review",
	"Schedule", "Secure", "Strengthen", "Undertake", "Update" };

/* Sorted. Words after which a capital is a name, not a new action. */
static const char *const leading_words[] = { "a", "across", "an", "and", "as", "at", "between",
	"by", "for", "from", "in", "into", "its", "of", "on", "or", "our", "per", "that", "the",
	"their", "this", "through", "to", "under", "via", "with", "within" };

/* Sorted. Their full stop ends no sentence. */
static const char *const abbreviations[] = { "Cllr.", "Co.", "Dr.", "Ltd.", "Mr.", "Mrs.", "Ms.",
	"No.", "Nos.", "St.", "approx.", "cf.", "e.g.", "eg.", "i.e.", "ie.", "incl.", "no.",
	"para.", "vs." };

/* Sorted. A sentence that begins so goes on with what was said before. */
static const char *const back_references[] = { "It", "These", "They", "This", "Those", "Which" };

struct cursor {
	const char *at;     /* the start of a word */
	const char *before; /* the start of the word before it */
	size_t before_length;
	int depth;  /* open brackets */
	int closes; /* closing brackets from here on */
	bool list;  /* a colon stands before, in this sentence */
};

static bool is_initial(const char *word, size_t length)
{
	bool letter =
		length >= 2 && (words_upper(word + length - 2) || words_lower(word + length - 2));
	return letter && word[length - 1] == '.' && (length == 2 || word[length - 3] == '.');
}

static bool ends_sentence(const char *word, size_t length)
{
	while (length && strchr("\"')]", word[length - 1]))
		length--;
	if (!length || !strchr(".?!", word[length - 1]))
		return false;
	size_t skip = strspn(word, "(\"'");
	if (skip >= length)
		return true;
	return !LISTED(abbreviations, word + skip, length - skip) &&
	       !is_initial(word + skip, length - skip);
}

static bool starts_sentence(const char *word)
{
	const char *letter = word + strspn(word, "\"'(");
	if (!strncmp(letter, "“", 3) || !strncmp(letter, "‘", 3))
		letter += 3;
	size_t length = words_length(letter);
	return words_upper(letter) && !LISTED(back_references, letter, length);
}

/* "Localities agenda to be …": a noun of a few words that something is to be done with. */
static bool is_to_be(const char *word)
{
	if (!words_upper(word))
		return false;
	for (int i = 0; i < WORDS_BEFORE_TO_BE; i++) {
		size_t length = words_length(word);
		if (!word[length] || strchr(".,;:)", word[length - 1]))
			return false;
		word += length + 1;
		if (!strncmp(word, "to be ", 6))
			return true;
	}
	return false;
}

static bool is_imperative(const char *word)
{
	size_t length = words_length(word);
	while (length && strchr(",;:", word[length - 1]))
		length--;
	return LISTED(imperatives, word, length);
}

/* A capital in mid-sentence, where no name is expected, that starts as actions do. */
static bool starts_at_capital(const struct cursor *cursor)
{
	const char *before = cursor->before;
	size_t length = cursor->before_length;
	if (cursor->list || !words_lower(before) || !words_lower(before + length - 1) ||
		LISTED(leading_words, before, length))
		return false;
	if (is_imperative(cursor->at))
		return true;
	bool verb = length > 3 && !strncmp(before + length - 3, "ing", 3);
	return !verb && is_to_be(cursor->at);
}

static enum action_start start_of(const struct cursor *cursor)
{
	if (cursor->depth > 0)
		return ACTION_SURE;
	if (ends_sentence(cursor->before, cursor->before_length))
		return starts_sentence(cursor->at) ? ACTION_AT_SENTENCE : ACTION_SURE;
	return starts_at_capital(cursor) ? ACTION_AT_WORD : ACTION_SURE;
}

/* Counts brackets; one that never closes opens nothing. */
static void pass_word(struct cursor *cursor, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char byte = cursor->at[i];
		if (byte == '(' && cursor->closes > cursor->depth)
			cursor->depth++;
		if (byte != ')')
			continue;
		cursor->closes--;
		cursor->depth -= cursor->depth > 0;
	}
	if (cursor->at[length - 1] == ':')
		cursor->list = true;
	cursor->before = cursor->at;
	cursor->before_length = length;
	cursor->at += length + (cursor->at[length] == ' ');
}

static int count_closes(const char *text)
{
	int count = 0;
	for (const char *at = strchr(text, ')'); at; at = strchr(at + 1, ')'))
		count++;
	return count;
}

void action_lost_split(struct arena *arena, const char *text, struct action_texts *list)
{
	struct cursor cursor = { .at = text, .closes = count_closes(text) };
	const char *start = text;
	enum action_start how = ACTION_SURE;
	while (*cursor.at) {
		enum action_start found = cursor.before ? start_of(&cursor) : ACTION_SURE;
		if (found != ACTION_SURE) {
			actions_add(arena, list, start, (size_t)(cursor.at - start), how);
			start = cursor.at;
			how = found;
			cursor.list = false;
		}
		pass_word(&cursor, words_length(cursor.at));
	}
	actions_add(arena, list, start, strlen(start), how);
}
