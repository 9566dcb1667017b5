/* A plan that was read from a file as one JSON document: what plan_import() of the database takes.
 */
#pragma once

#include "api/import/plan_build.h"

/* {"plan":{"title","organisation","slug","source_url"},"recommendations":[{"number","text","row",
 * "actions":[{"reference","description","status","rag","percent","row","timescale","leads",
 * "doubts"}]}],"doubts":[…],"errors":[…]}; a doubt or error is {"code","detail","row","column"}. */
const char *plan_doc_json(const struct import_plan *plan);
