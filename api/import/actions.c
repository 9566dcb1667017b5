/* Splits one published cell into the actions that it holds. Pure; no word is changed or lost. */
#include "api/import/actions.h"

#include <string.h>

#include "api/import/action_bullets.h"
#include "api/import/action_lost.h"
#include "api/import/grow.h"
#include "api/import/words.h"

void actions_add(struct arena *arena, struct action_texts *list, const char *text, size_t length,
	enum action_start start)
{
	const char *tidy = words_tidy(arena, text, length);
	if (!*tidy)
		return;
	list->items =
		grow_array(arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = (struct action_text){ .text = tidy, .start = start };
}

/* A line break between two whole sentences parts two paragraphs; any other is just a wrapped line.
 */
static void split_paragraphs(struct arena *arena, const char *cell, struct action_texts *list)
{
	const char *start = cell;
	enum action_start how = ACTION_SURE;
	for (const char *at = strchr(cell, '\n'); at; at = strchr(at + 1, '\n')) {
		const char *before = at;
		while (before > start && words_space(before - 1))
			before--;
		bool ends = before > start && strchr(".?!", before[-1]);
		if (!ends || !words_upper(words_skip_space(at)))
			continue;
		actions_add(arena, list, start, (size_t)(at - start), how);
		how = ACTION_AT_PARAGRAPH;
		start = at;
	}
	actions_add(arena, list, start, strlen(start), how);
}

void actions_split(struct arena *arena, const char *cell, struct action_texts *out)
{
	*out = (struct action_texts){ 0 };
	if (action_bullets_split(arena, cell, out))
		return;
	if (words_space(cell))
		action_lost_split(arena, words_tidy(arena, cell, strlen(cell)), out);
	else
		split_paragraphs(arena, cell, out);
}
