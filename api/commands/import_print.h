/* Shows people what an import makes of a file: every row, reading, lead and doubt. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "api/import/finding.h"

/* json: a document of plan_doc_json() or plan_import_preview(). False: it is not one. */
bool import_print(struct arena *arena, const char *json, FILE *out) MUSTCHECK;

void import_print_errors(const struct findings *errors, FILE *out);
