/* Splits a cell at its bullets, whichever kind they are. */
#include "api/import/action_bullets.h"

#include <stdio.h>
#include <string.h>

#include "api/import/words.h"

#define MARKER_BYTES 16

/* Characters that are nothing but bullets, wherever a word starts with them; the first two are
 * those of the Symbol and Wingdings fonts, as PDF text has them. */
static const char *const bullets[] = { "\xef\x82\xb7", "\xef\x82\xa7", "•", "·", "‣", "▪", "■", "●",
	"○", "◦", "∙", "⁃", "➢", "►", "❖", "✓" };

/* These are bullets at the start of a line, with a space behind. */
static const char *const line_bullets[] = { "-", "–", "—", "*", "o", "+", "§" };

enum marker_kind { MARKER_NONE, MARKER_BULLET, MARKER_LINE, MARKER_NUMBER };

/* The cell's first marker: only its like split the cell, others are bullets within a bullet. */
struct marker {
	enum marker_kind kind;
	const char *sign; /* BULLET and LINE */
	char open;        /* NUMBER: '(' or 0 */
	char first;       /* '1', 'a', 'i' */
	char close;       /* ')' or '.' */
	int seen;
};

static const char *find_sign(const char *const *signs, size_t count, const char *at)
{
	for (size_t i = 0; i < count; i++) {
		if (!strncmp(signs[i], at, strlen(signs[i])))
			return signs[i];
	}
	return NULL;
}

static bool read_number_marker(const char *at, struct marker *marker)
{
	bool open = *at == '(';
	const char *letter = at + open;
	if (!*letter || !strchr("1ai", *letter) || !letter[1] || !strchr(").", letter[1]))
		return false;
	bool sound = words_space(letter + 2) && (!open || letter[1] == ')');
	*marker = (struct marker){ .kind = MARKER_NUMBER,
		.open = open ? '(' : '\0',
		.first = *letter,
		.close = letter[1] };
	return sound;
}

static struct marker first_marker(const char *at, bool line_start)
{
	struct marker marker = { .kind = MARKER_NONE };
	const char *sign = find_sign(bullets, sizeof(bullets) / sizeof(*bullets), at);
	if (sign)
		return (struct marker){ .kind = MARKER_BULLET, .sign = sign };
	if (!line_start)
		return marker;
	sign = find_sign(line_bullets, sizeof(line_bullets) / sizeof(*line_bullets), at);
	if (sign && words_space(at + strlen(sign)))
		return (struct marker){ .kind = MARKER_LINE, .sign = sign };
	return read_number_marker(at, &marker) ? marker : (struct marker){ .kind = MARKER_NONE };
}

static void number_text(const struct marker *marker, char out[MARKER_BYTES])
{
	static const char *const roman[] = { "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix",
		"x", "xi", "xii" };
	size_t length = 0;
	if (marker->open)
		out[length++] = marker->open;
	int left = MARKER_BYTES - (int)length;
	if (marker->first == '1')
		snprintf(out + length, (size_t)left, "%d%c", marker->seen + 1, marker->close);
	else if (marker->first == 'a' && marker->seen < 26)
		snprintf(out + length, (size_t)left, "%c%c", 'a' + marker->seen, marker->close);
	else if (marker->first == 'i' && marker->seen < 12)
		snprintf(out + length, (size_t)left, "%s%c", roman[marker->seen], marker->close);
	else
		out[0] = '\0';
}

/* The length of the marker's next occurrence if it stands here, else 0. */
static size_t marker_at(const struct marker *marker, const char *at, bool line_start)
{
	char number[MARKER_BYTES];
	const char *sign = marker->sign;
	if (marker->kind == MARKER_NUMBER) {
		number_text(marker, number);
		sign = number;
	}
	size_t length = strlen(sign);
	if (!length || strncmp(at, sign, length) != 0)
		return 0;
	if (marker->kind == MARKER_BULLET)
		return length;
	if (!words_space(at + length))
		return 0;
	bool inline_ok =
		marker->kind == MARKER_NUMBER || words_upper(words_skip_space(at + length));
	return line_start || inline_ok ? length : 0;
}

/* The next place where a word starts; *line_start tells whether a line does. */
static const char *next_word(const char *at, bool *line_start)
{
	at += words_length(at);
	const char *next = words_skip_space(at);
	*line_start = false;
	for (; at < next; at++)
		*line_start |= *at == '\n';
	return next;
}

static const char *find_first(const char *cell, struct marker *marker)
{
	bool line_start = true;
	const char *at = words_skip_space(cell);
	while (*at) {
		*marker = first_marker(at, line_start);
		if (marker->kind != MARKER_NONE)
			return at;
		at = next_word(at, &line_start);
	}
	return NULL;
}

static void split_at(
	struct arena *arena, const char *first, struct marker *marker, struct action_texts *list)
{
	const char *start = NULL;
	enum action_start how = ACTION_SURE;
	bool line_start = true;
	for (const char *at = first; *at; at = next_word(at, &line_start)) {
		size_t length = marker_at(marker, at, line_start);
		if (!length)
			continue;
		if (start)
			actions_add(arena, list, start, (size_t)(at - start), how);
		bool dash = marker->kind == MARKER_LINE && *marker->sign == '-' && !line_start;
		how = dash ? ACTION_AT_DASH : ACTION_SURE;
		start = at + length;
		marker->seen++;
	}
	if (start)
		actions_add(arena, list, start, strlen(start), how);
}

bool action_bullets_split(struct arena *arena, const char *cell, struct action_texts *list)
{
	struct marker marker;
	const char *first = find_first(cell, &marker);
	if (!first)
		return false;
	const char *intro = words_tidy(arena, cell, (size_t)(first - cell));
	if (*intro && intro[strlen(intro) - 1] == ':') {
		list->bullets_kept = true;
		actions_add(arena, list, cell, strlen(cell), ACTION_SURE);
		return true;
	}
	struct action_texts found = { 0 };
	actions_add(arena, &found, intro, strlen(intro), ACTION_SURE);
	split_at(arena, first, &marker, &found);
	/* A single "1." or "a)" may belong to the words. */
	if (marker.kind == MARKER_NUMBER && marker.seen < 2)
		return false;
	*list = found;
	return found.count > 0;
}
