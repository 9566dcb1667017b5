/* A plan's title, from the lines above its table. Pure. */
#include "api/import/plan_title.h"

#include <stdbool.h>
#include <string.h>

#include "api/import/words.h"

#define TITLE_CHARACTERS 200

/* A note about the file, a web address or a paragraph is no title. */
static bool can_be_title(const char *line)
{
	return *line != '#' && !strstr(line, "://") && words_characters(line) <= TITLE_CHARACTERS;
}

bool plan_title_names(struct arena *arena, const char *line)
{
	const char *plain = words_plain(arena, line);
	return words_contains(plain, "plan") || words_contains(plain, "response") ||
	       words_contains(plain, "tracker");
}

/* "LGA Peer Review Revisit September 2021" above "Action Plan": the occasion, then what it is. */
const char *plan_title_choose(struct arena *arena, const char *const *lines, int count)
{
	const char *first = NULL;
	for (int i = 0; i < count; i++) {
		if (!can_be_title(lines[i]))
			continue;
		bool plan = plan_title_names(arena, lines[i]);
		if (plan && first)
			return arena_printf(arena, "%s: %s", first, lines[i]);
		if (plan)
			return lines[i];
		if (!first)
			first = lines[i];
	}
	return first;
}
