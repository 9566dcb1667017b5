/* Tells why a name that was read as one lead may be several, or none. Pure. */
#include "common/lead_cell/lead_cell_doubt.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "common/lead_cell/lead_cell_kind.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NAME_BYTES 200

static const char several[] = "It may name several: nothing certain parts them";
static const char sentence[] = "It reads like a sentence, not like a post";

/* The last word of most posts. */
static const char *const post_ends[] = { "manager", "officer", "director", "coordinator",
	"co-ordinator", "adviser", "advisor", "engineer", "surveyor", "solicitor", "accountant",
	"clerk" };

/* Small words that no post's name has. */
static const char *const sentence_words[] = { "following", "taken", "subject", "may", "will", "be",
	"who", "which", "choose", "if", "when", "should", "recommendation", "has", "have" };

static bool is_one_of(const char *const *words, size_t count, const char *word, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == length && strncasecmp(words[i], word, length) == 0)
			return true;
	return false;
}

static size_t word_length(const char *at)
{
	return strcspn(at, " ,;()");
}

static const char *next_word(const char *at)
{
	at += word_length(at);
	return at + strspn(at, " ,;()");
}

/* "Arboriculture Manager Communications Officer": the line break between them was lost. */
static bool runs_on(const char *name)
{
	bool ended = false;
	for (const char *at = name; *at; at = next_word(at)) {
		size_t length = word_length(at);
		bool end = is_one_of(post_ends, COUNT(post_ends), at, length);
		if (end && ended)
			return true;
		/* "Finance Director, Chief Officer" is for the splitter. */
		ended = (ended || end) && at[length] == ' ' &&
			isupper((unsigned char)at[length + 1]);
	}
	return false;
}

static bool is_sentence(const char *name)
{
	for (const char *at = name; *at; at = next_word(at)) {
		bool lower = islower((unsigned char)*at);
		if (lower && is_one_of(sentence_words, COUNT(sentence_words), at, word_length(at)))
			return true;
	}
	return false;
}

/* The part before the first comma or "and". */
static size_t first_length(const char *name)
{
	for (size_t at = 0; name[at]; at++)
		if (name[at] == ',' || strncasecmp(name + at, " and ", 5) == 0 ||
			strncmp(name + at, " & ", 3) == 0)
			return at;
	return 0;
}

/* "Police, Health and the Council": the first of them is a body by itself. */
static bool lists_bodies(const char *name)
{
	char first[NAME_BYTES];
	bool sure;
	size_t length = first_length(name);
	if (!length || length >= sizeof(first))
		return false;
	memcpy(first, name, length);
	first[length] = '\0';
	bool listed = name[length] == ',' && lead_cell_kind_of(first, &sure) == LEAD_PARTNER;
	return listed || lead_cell_kind_ends_in_body(first, length);
}

static bool has_two_brackets(const char *name)
{
	const char *first = strchr(name, '(');
	return first && strchr(first + 1, '(');
}

const char *lead_cell_doubt(const char *name, enum lead_cell_kind kind)
{
	bool body = kind == LEAD_TEAM || kind == LEAD_PARTNER;
	size_t length = strlen(name);
	bool post_and_team = kind == LEAD_OFFICER && strcasestr(name, " and ") && length > 5 &&
			     strcasecmp(name + length - 5, " team") == 0;
	if (runs_on(name) || has_two_brackets(name) || post_and_team ||
		(body && lists_bodies(name)))
		return several;
	return is_sentence(name) ? sentence : NULL;
}
