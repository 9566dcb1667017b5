/* What any email says of the people around it: to whom, for whom, and whom to ask. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/arena.h"

/* content: what SQL's message_content gave. False: it does not say for whom it is and who gets it.
 */
bool view_people_known(const json_t *content);

/* Whether somebody else reads it than who holds the post. */
bool view_people_stand_in(const json_t *content);

/* Adds to_name, post, passed_on (why it comes to somebody else; or null), replies (an answer
 * reaches the plan's owner) and ask {name, address} to a view. */
void view_people_set(struct arena *arena, const json_t *content, json_t *out);
