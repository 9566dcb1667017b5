/* Reads a plan from a JSON document of our own export (GET /v1/plans/{plan}/export.json). */
#pragma once

#include "api/import/plan_build.h"

#define EXPORT_DOC_TYPE "application/json"
#define EXPORT_DOC_SUFFIX ".json"

/* Takes the document word for word, with its history; timescales are read again from their words.
 * What cannot be taken goes to the plan's errors, each with the JSON pointer of its place in
 * "column". */
void export_doc_read(struct import_plan *plan, const char *bytes, size_t length);
