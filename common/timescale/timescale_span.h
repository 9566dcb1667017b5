/* Joins points into spans of time and settles what brackets and quarters' names add to them. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Fills spans from points that have their year; sets fault where they contradict beyond repair. */
void timescale_span(struct cell *cell);

/* Spans not dropped. */
int timescale_span_live(const struct cell *cell);

/* Whether a span not dropped has any of these roles. */
bool timescale_span_has_role(const struct cell *cell, unsigned roles);
