/* Short published values: a status, a colour, a percentage. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

/* The API's word for it, or NULL when the cell is blank or not understood. */
const char *cells_status(struct arena *arena, const char *cell);
const char *cells_rag(struct arena *arena, const char *cell);

/* 0 to 100, or -1. "45%", "45 per cent", "45". */
int cells_percent(const char *cell);

/* "None", "n/a", "-": a cell that is filled to say that it holds nothing. */
bool cells_nothing(struct arena *arena, const char *cell);

/* How far something is, in whichever words: "Amber", "In progress - 60%", "Blue (complete)". */
struct cells_state {
	const char *status; /* NULL: not said */
	const char *rag;
	int percent;      /* -1 */
	bool unread;      /* there are further words */
	bool contradicts; /* "Amber/Green": nothing is taken */
};

/* letters: "G" is a colour, too. False when the cell says nothing of it. */
bool cells_state(struct arena *arena, const char *cell, bool letters, struct cells_state *out);

struct cells_response {
	const char *verdict; /* the API's word, or NULL when there is none that is certain */
	bool conditional;    /* "Agreed, subject to funding" */
	const char *rest;    /* what is said beyond it; "" = nothing */
};

/* "Accept in part", "Agreed. Forms will be checked.", "Not accepted – too costly". */
void cells_response(struct arena *arena, const char *cell, struct cells_response *out);
