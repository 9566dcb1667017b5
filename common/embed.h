/* A file that the build compiled in. */
#pragma once

#include <stddef.h>

struct embedded_file {
	const char *name;  /* folder and file: "migrations/0001_plan.sql" */
	const char *bytes; /* followed by a NUL that length does not count */
	size_t length;
};
