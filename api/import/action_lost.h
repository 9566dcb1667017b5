/* Splits a cell whose bullets the extraction lost: at sentences, and at capitals that start one. */
#pragma once

#include "api/import/actions.h"

/* text: tidy. Every action but the first one says why it starts there. */
void action_lost_split(struct arena *arena, const char *text, struct action_texts *list);
