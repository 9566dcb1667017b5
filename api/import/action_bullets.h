/* Splits a cell at its bullets, whichever kind they are. */
#pragma once

#include "api/import/actions.h"

/* •, ·, -, *, o, 1., a), (i) … False, and nothing added: there are none. */
bool action_bullets_split(
	struct arena *arena, const char *cell, struct action_texts *list) MUSTCHECK;
