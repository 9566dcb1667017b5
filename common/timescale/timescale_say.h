/* The one plain English sentence that says how a timescale was read. */
#pragma once

#include "common/timescale.h"

const char *timescale_say(struct arena *arena, const struct timescale *timescale);
