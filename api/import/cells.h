/* Short published values: a status, a colour, a percentage. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

/* The API's word for it, or NULL when the cell is blank or not understood. */
const char *cells_status(struct arena *arena, const char *cell);
const char *cells_response(struct arena *arena, const char *cell);
const char *cells_rag(struct arena *arena, const char *cell);

/* 0 to 100, or -1. "45%", "45 per cent", "45". */
int cells_percent(const char *cell);

/* A response that promises nothing of its own: "Agreed", "Accepted in full." */
bool cells_agrees(struct arena *arena, const char *cell);
