/* What a timescale cell says about the state of the work beside its dates. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* An action status other than "complete", or NULL. */
const char *timescale_status_hint(const struct cell *cell);

/* A "complete" anywhere in the cell that is a status. */
bool timescale_status_is_done(const struct cell *cell);

/* As above, or an event that took place ("letter sent"). */
bool timescale_status_mentions_done(const struct cell *cell);
