/* The rows that one recommendation spans: which cells go on from the row above. */
#pragma once

#include "api/import/rows.h"

/* Adds a row to its item, or puts it together with the row before when its action goes on there. */
void part_add(struct arena *arena, struct import_item *item, const struct import_part *part);

/* Gives each part the whole of a lead or timescale cell that runs over several rows. A blank cell
 * has what the one above has, unless the file would say that they are merged. */
void part_share(struct arena *arena, struct import_item *item, bool blank_is_blank);

/* Whether a line break between these two just wraps: "Director of" and "Place", "& Skills". */
bool part_wraps(const char *before, const char *after);

/* Whether the text ends as a sentence does. */
bool part_ends_sentence(const char *text);
