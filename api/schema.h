/* Input against a table of fields: every fault at once, nothing coerced. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

enum field_kind {
	FIELD_LINE,  /* one line of text, trimmed, no control characters; min, max in code points */
	FIELD_PROSE, /* text with line breaks */
	FIELD_INTEGER, /* min, max */
	FIELD_ID,      /* a positive integer */
	FIELD_BOOLEAN,
	FIELD_DATE,    /* YYYY-MM-DD, years 1900 to 2200 */
	FIELD_INSTANT, /* RFC 3339 */
	FIELD_MOMENT,  /* a day, an instant, or the id of a snapshot */
	FIELD_TIME,    /* HH:MM */
	FIELD_ENUM,    /* one_of */
	FIELD_EMAIL,
	FIELD_URL, /* http or https */
	FIELD_SLUG,
	FIELD_PLAN,    /* an id or a slug */
	FIELD_CURSOR,  /* of a list; becomes the id in it */
	FIELD_PLACE,   /* in the change record: 57:<64 hexadecimal digits>, or "latest" */
	FIELD_OBJECTS, /* array of objects of "items"; min, max elements */
	FIELD_ENUMS,   /* array of one_of */
	FIELD_IDS      /* array of ids */
};

struct field {
	const char *name; /* NULL ends a table */
	enum field_kind kind;
	long min, max;
	const char *const *one_of; /* ends with NULL */
	const struct field *items;
	bool required;
	bool nullable;
};

struct fault {
	const char *pointer; /* JSON pointer into the body, or "?name" for a query parameter */
	const char *code;
	const char *detail;
};

#define FAULTS_MAX 100

struct faults {
	struct arena *arena;
	struct fault list[FAULTS_MAX];
	size_t count; /* faults past the maximum are not kept */
};

void faults_add(struct faults *faults, const char *pointer, const char *code, const char *detail);

/* Checks a body that was parsed from JSON. With partial (PATCH), required fields may be absent. */
void schema_check_body(
	const struct field *table, const json_t *body, bool partial, struct faults *faults);

/* Checks one query parameter. Returns the value to hand on (a cursor becomes its id), or NULL
 * with a fault. */
const char *schema_check_parameter(
	const struct field *table, const char *name, const char *value, struct faults *faults);

/* An opaque place in a list, and back; NULL if it is not one of ours. */
const char *schema_cursor_id(struct arena *arena, const char *cursor);
