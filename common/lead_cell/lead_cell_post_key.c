/* The normal form of a post's name, under which two spellings of one post are equal. */
#include <ctype.h>
#include <string.h>

#include "common/cell_text.h"
#include "common/lead_cell.h"

static void add_word(char *out, size_t *used, const char *word, size_t length)
{
	if (*used)
		out[(*used)++] = ' ';
	memcpy(out + *used, word, length);
	*used += length;
}

static bool is_kept(char byte)
{
	return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c + 'a' - 'A');
	return c;
}

/* The letters of the word at `from` without apostrophes, lower case, into word. */
static size_t fold_word(const char *from, char *word, size_t *length)
{
	size_t at = 0;
	*length = 0;
	for (; is_kept(from[at]) || (from[at] == '\'' && at); at++)
		if (from[at] != '\'')
			word[(*length)++] = lower(from[at]);
	return at;
}

const char *lead_cell_post_key(struct arena *arena, const char *name)
{
	const char *plain = cell_text_plain(arena, cell_text_utf8(arena, name));
	size_t size = strlen(plain);
	/* The worst case is "&&&…", each of which becomes "and ". */
	char *out = arena_alloc(arena, 4 * size + 1);
	char *word = arena_alloc(arena, size + 1);
	size_t used = 0;
	while (*plain) {
		size_t length;
		size_t taken = fold_word(plain, word, &length);
		if (length)
			add_word(out, &used, word, length);
		if (*plain == '&' || *plain == '+')
			add_word(out, &used, "and", 3);
		plain += taken ? taken : 1;
	}
	out[used] = '\0';
	return out;
}
