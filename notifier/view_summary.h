/* What a monthly summary says, as the JSON that its templates are filled from. Pure. */
#pragma once

#include <jansson.h>

#include "common/arena.h"

/* content: what SQL's message_content gave for a message of kind "summary". The view, tied to the
 * arena, holds what view_people_set adds and: subject, preheader, organisation, public_url, intro,
 * numbers [] ("2 overdue"), more, why sections [ heading, items [ reference, due, overdue, words,
 * status, led_by, updated, plan ] ] plans [ title, source_url ] "plan": the item's, where the
 * portfolio has several. NULL and *error: the content is not what SQL promises. */
json_t *view_summary_make(
	struct arena *arena, const json_t *content, const char *public_url, const char **error);
