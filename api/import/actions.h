/* Splits one published cell into the actions that it holds. Pure; no word is changed or lost. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

/* Why an action was taken to begin where it does. */
enum action_start {
	ACTION_SURE,        /* the cell's start, or a bullet */
	ACTION_AT_DASH,     /* a dash within a line */
	ACTION_AT_SENTENCE, /* the bullets are lost: a new sentence */
	ACTION_AT_WORD,     /* the bullets are lost: a capital in mid-sentence */
	ACTION_AT_PARAGRAPH /* a new line that begins a sentence */
};

struct action_text {
	const char *text; /* single spaces, without its bullet */
	enum action_start start;
};

struct action_texts {
	struct action_text *items;
	int count;
	int capacity;
	bool bullets_kept; /* "… to include:" and its bullets stay one action */
};

/* Adds the text, tidied, unless it is blank. */
void actions_add(struct arena *arena, struct action_texts *list, const char *text, size_t length,
	enum action_start start);

/* cell: as written, line breaks and leading space kept: a cell that begins with a space held
 * bullets that the extraction lost. */
void actions_split(struct arena *arena, const char *cell, struct action_texts *out);
