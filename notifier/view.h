/* What a reminder says, as the JSON that its templates are filled from. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/arena.h"

#define VIEW_ITEMS 50 /* more are counted, not shown */

/* content: what SQL's message_content gave. The view, tied to the arena, holds:
 *   subject, preheader, to_name, post, organisation, public_url, single, leading, intro, passed_on,
 *   why, more, replies, ask {name, address}
 *   plans [ title, several, source_url, sections [ heading, items [ single, reference, due,
 * overdue, milestone, words [], recommendation {number, text}, timescale, assumed, status, update
 * {when, author, note}, led_by, others, why ] ] ] "single": there is one item only. "leading": the
 * reader's post leads all of them. "replies": an answer reaches ask. "assumed": the date that
 * doubtful words were read as. NULL and *error: the content is not what SQL promises. */
json_t *view_make(
	struct arena *arena, const json_t *content, const char *public_url, const char **error);
