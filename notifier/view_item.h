/* What a reminder says about one action, as JSON for its templates. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/arena.h"
#include "common/date.h"

/* Whose reminder it is. */
struct view_reader {
	const char *post;
	bool stands_in; /* somebody else reads it: the post is "it", not "you" */
};

/* One item of SQL's message_content, read. */
struct view_item {
	const json_t *json;
	const char *reference;
	const char *title; /* of its plan */
	const char *audience;
	struct date due_on; /* not set: no date is near, but an update is asked for */
	int days_left;
	struct date silent_since;
	int silent_days;
	bool answered; /* there was an update once */
	int offset_days;
};

/* What is said of its date or of its silence: "due tomorrow, Friday 25 March 2022" */
const char *view_item_when(struct arena *arena, const struct view_item *item);

/* What the reminder is set for: "7 days before the due date" */
const char *view_item_setting(struct arena *arena, const struct view_item *item);

/* False: something is not there that SQL promises. */
bool view_item_read(const json_t *json, struct view_item *out) MUSTCHECK;

/* Why the reader hears of it: "you lead action 1.2". what: "action 1.2" or "this action". */
const char *view_item_role(struct arena *arena, const struct view_item *item,
	const struct view_reader *reader, const char *what);

/* A new JSON object; words_limit: how many characters of the action's own wording. */
json_t *view_item_make(struct arena *arena, const struct view_item *item,
	const struct view_reader *reader, size_t words_limit);
