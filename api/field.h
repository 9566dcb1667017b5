/* What makes one text value of a field right or wrong. Pure. */
#pragma once

#include "api/schema.h"

struct field_fault {
	const char *code; /* NULL: nothing wrong */
	const char *detail;
};

/* For every kind that is text in JSON. text is UTF-8 without NUL. */
struct field_fault field_check_text(
	struct arena *arena, const struct field *field, const char *text);

/* The address as it is kept, its domain in A-labels; NULL when it is none (RFC 5321, without quoted
 * local parts and address literals). */
const char *field_email(struct arena *arena, const char *text);
