/* Characters and words of UTF-8 text: what is white space, a capital, a word. Pure. */
#include "api/import/words.h"

#include <stdlib.h>
#include <string.h>

static size_t sequence_length(const unsigned char *at, size_t left)
{
	unsigned char first = at[0];
	if (first < 0x80)
		return 1;
	size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (first < 0xc2 || first > 0xf4 || left < length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	}
	bool overlong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
	bool surrogate = first == 0xed && at[1] > 0x9f;
	bool beyond = first == 0xf4 && at[1] > 0x8f;
	return overlong || surrogate || beyond ? 0 : length;
}

size_t words_valid_utf8(const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t done = 0;
	while (done < length) {
		size_t step = sequence_length(at + done, length - done);
		if (!step)
			break;
		done += step;
	}
	return done;
}

/* The text is valid UTF-8 by now, or at least ends with NUL, which is no continuation byte. */
static unsigned code_point(const char *text, size_t *length)
{
	const unsigned char *at = (const unsigned char *)text;
	*length = *text ? sequence_length(at, strnlen(text, 4)) : 1;
	switch (*length) {
	case 2:
		return (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU);
	case 3:
		return (at[0] & 0x0fU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
	case 4:
		return (at[0] & 0x07U) << 18 | (at[1] & 0x3fU) << 12 | (at[2] & 0x3fU) << 6 |
		       (at[3] & 0x3fU);
	case 1:
		return at[0];
	default: /* the middle of a character */
		*length = 1;
		return 0xfffd;
	}
}

size_t words_space(const char *at)
{
	unsigned char byte = (unsigned char)*at;
	if (byte < 0x80)
		return byte && (byte <= ' ' || byte == 0x7f) ? 1 : 0;
	size_t length;
	unsigned c = code_point(at, &length);
	bool space = (c >= 0x80 && c <= 0xa0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
		     c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 ||
		     c == 0xfeff;
	return space ? length : 0;
}

const char *words_skip_space(const char *at)
{
	for (size_t step = words_space(at); step; step = words_space(at))
		at += step;
	return at;
}

bool words_blank(const char *text)
{
	return !*words_skip_space(text);
}

char *words_tidy(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_strndup(arena, text, length);
	char *out = copy;
	const char *at = words_skip_space(copy);
	while (*at) {
		size_t word = words_length(at);
		memmove(out, at, word);
		out += word;
		at = words_skip_space(at + word);
		if (*at)
			*out++ = ' ';
	}
	*out = '\0';
	return copy;
}

char *words_tidy_lines(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, strlen(text) + 1);
	size_t used = 0;
	while (*text) {
		size_t length = strcspn(text, "\n");
		const char *line = words_tidy(arena, text, length);
		size_t kept = strlen(line);
		if (kept && used)
			out[used++] = '\n';
		for (size_t i = 0; i < kept; i++)
			out[used++] = line[i];
		text += length + (text[length] != '\0');
	}
	return out;
}

size_t words_characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* 1 = capital, -1 = small, 0 = no letter that has a case. */
static int letter_case(const char *at)
{
	size_t length;
	unsigned c = code_point(at, &length);
	if (c >= 'A' && c <= 'Z')
		return 1;
	if (c >= 'a' && c <= 'z')
		return -1;
	if (c < 0xc0 || c == 0xd7 || c == 0xf7 || c > 0x17f)
		return 0;
	if (c < 0x100)
		return c < 0xdf ? 1 : -1;
	bool odd_is_capital = (c >= 0x139 && c <= 0x148) || c >= 0x179;
	return (c % 2 != 0) == odd_is_capital ? 1 : -1;
}

bool words_lower(const char *at)
{
	return letter_case(at) < 0;
}

bool words_upper(const char *at)
{
	return letter_case(at) > 0;
}

size_t words_length(const char *at)
{
	const char *end = at;
	while (*end && !words_space(end))
		end++;
	return (size_t)(end - at);
}

struct word {
	const char *bytes;
	size_t length;
};

static int compare_word(const void *key, const void *item)
{
	const struct word *word = key;
	const char *entry = *(const char *const *)item;
	int order = strncmp(word->bytes, entry, word->length);
	return order ? order : -(int)(entry[word->length] != '\0');
}

bool words_listed(const char *const *table, size_t count, const char *word, size_t length)
{
	struct word key = { .bytes = word, .length = length };
	return length && bsearch(&key, table, count, sizeof(*table), compare_word);
}

/* Past "[iii]" and "(if required)", or the same place when no bracket opens or it never closes. */
static const char *skip_brackets(const char *at)
{
	if (*at != '[' && *at != '(')
		return at;
	const char *end = strchr(at, *at == '[' ? ']' : ')');
	return end ? end + 1 : at;
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') || byte == '%' || byte == '#';
}

char *words_plain(struct arena *arena, const char *text)
{
	char *copy = arena_strndup(arena, text, strnlen(text, WORDS_PLAIN_BYTES));
	char *out = copy;
	const char *at = copy;
	while (*at) {
		const char *past = skip_brackets(at);
		unsigned char byte = past == at ? (unsigned char)*at : ' ';
		if (is_plain(byte))
			*out++ = (char)(byte >= 'A' && byte <= 'Z' ? byte + 'a' - 'A' : byte);
		else if (out > copy && out[-1] != ' ' && byte != '\'')
			*out++ = ' ';
		at = past == at ? at + 1 : past;
	}
	while (out > copy && out[-1] == ' ')
		out--;
	*out = '\0';
	return copy;
}

bool words_cut(char *text, size_t characters)
{
	char *end = text;
	for (; *end && characters; characters--) {
		end++;
		while (((unsigned char)*end & 0xc0) == 0x80)
			end++;
	}
	bool cut = *end != '\0';
	*end = '\0';
	return cut;
}

char *words_quote(struct arena *arena, const char *text)
{
	char *tidy = words_tidy(arena, text, strnlen(text, (size_t)WORDS_QUOTE * 8));
	bool cut = words_cut(tidy, WORDS_QUOTE);
	return arena_printf(arena, "“%s%s”", tidy, cut ? "…" : "");
}

bool words_contains(const char *text, const char *words)
{
	size_t length = strlen(words);
	for (const char *at = strstr(text, words); at; at = strstr(at + 1, words)) {
		bool starts = at == text || at[-1] == ' ';
		bool ends = at[length] == '\0' || at[length] == ' ';
		if (starts && ends)
			return true;
	}
	return false;
}
