/* The catalogue: what each code of an error means and what to do about it. */
#pragma once

#include <stddef.h>

struct error {
	const char *code;
	int status; /* of the answer; 0: it comes inside of one, in errors[] or doubts[] */
	const char *title;
	const char *meaning;
	const char *remedy;
};

struct error_group {
	const char *name;
	const char *intro;
	const struct error *errors; /* sorted by code; the last one's code is NULL */
};

#define ERROR_GROUPS 3

extern const struct error_group error_groups[ERROR_GROUPS];
extern const struct error errors_of_import[]; /* one of the groups */

/* NULL: nobody gives such a code. */
const struct error *errors_find(const char *code);
