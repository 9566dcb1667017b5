/* How often a timescale says that the work comes round. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* An RFC 5545 RRULE value, or NULL when the words give none. */
const char *timescale_recur(struct cell *cell);
