/* Any bytes as a plan's file of the kind csv: no crash, no endless work, and always one valid JSON
 * document. */
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "api/import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create();
	struct import_doc doc;
	bool stored = import_read(arena, (const char *)data, size, "text/csv", NULL, &doc);
	json_t *json = json_loads(doc.json, JSON_REJECT_DUPLICATES, NULL);
	if (!json || stored != (doc.plan.errors.count == 0))
		abort();
	json_decref(json);
	arena_destroy(arena);
	return 0;
}
