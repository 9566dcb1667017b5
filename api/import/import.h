/* Reads a published plan from the bytes of a file: the one way in for the command and the API. */
#pragma once

#include "api/import/plan_build.h"

#define IMPORT_BYTES TABLE_BYTES

struct import_doc {
	struct import_plan plan; /* plan.errors and plan.doubts say what is wrong or not certain */
	const char *json;        /* for plan_import() and plan_import_preview(), errors included */
};

/* kind: a Content-Type or a file name, or NULL; what the file is decides, then what it is called.
 * options may be NULL. False: the file cannot be stored as it is, and plan.errors is not empty.
 * *out is filled either way and lives in the arena; bytes may go. */
bool import_read(struct arena *arena, const char *bytes, size_t length, const char *kind,
	const struct import_options *options, struct import_doc *out) MUSTCHECK;
