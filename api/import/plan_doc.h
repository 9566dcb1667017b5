/* A plan that was read from a file as one JSON document: what plan_import() of the database takes.
 */
#pragma once

#include "api/import/plan_build.h"

/* {"plan":{"title","organisation","slug","source_url"},"recommendations":[{"number","text","row",
 * "actions":[{"reference","description","status","rag","percent","row","timescale","leads",
 * "doubts"}]}],"doubts":[…],"errors":[…]}; a doubt or error is {"code","detail","row","column"}.
 * What only some files tell is there when it is told: "settings" of the plan, "response" of a
 * recommendation, "completed_on" and "history" of an action (sql/functions/46_import_history.sql).
 */
const char *plan_doc_json(const struct import_plan *plan);
