/* Takes back a table of our own export (export.csv, export.xlsx), also after people worked in it.
 */
#pragma once

#include "api/import/plan_build.h"

/* Whether the first row has our headings and no others; which ones, and in what order, is free but
 * for the four that say what is recommended and done. */
bool own_table_is(const struct import_table *table);

/* Takes the rows word for word: nothing is joined, split or tidied. A row without a recommendation
 * number belongs to the row above; one without a reference gets the next free one. */
void own_table_read(struct import_plan *plan, const struct import_table *table);
