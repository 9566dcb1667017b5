/* How points follow each other, and the years they lend each other ("Sept - November 2014"). */
#pragma once

#include "common/timescale/timescale_cell.h"

bool timescale_link_is_apart(
	const struct cell *cell, const struct point *month, const struct point *year);

/* Fills links, lends years and resolves every point that has one. */
void timescale_link(struct cell *cell);
