/* An Office document around one fuzzed part: a fuzzer that must find out how ZIP files are packed
 * never gets to the XML. */
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <zip.h>

#include "api/import/import.h"

struct fuzz_part {
	const char *name;
	const char *text;
};

static inline void fuzz_add(zip_t *zip, const char *name, const void *bytes, size_t length)
{
	zip_source_t *source = zip_source_buffer(zip, bytes, length, 0);
	if (!source || zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) < 0)
		abort();
}

static inline void fuzz_read(const char *bytes, size_t length)
{
	struct arena *arena = arena_create();
	struct import_doc doc;
	bool stored = import_read(arena, bytes, length, NULL, NULL, &doc);
	json_t *json = json_loads(doc.json, JSON_REJECT_DUPLICATES, NULL);
	if (!json || stored != (doc.plan.errors.count == 0))
		abort();
	json_decref(json);
	arena_destroy(arena);
}

/* The input is read as the file itself when it looks like one, else as the part of that name. */
static inline int fuzz_office(
	const uint8_t *data, size_t size, const char *name, const struct fuzz_part *parts)
{
	zip_error_t error;
	if (size >= 4 && !memcmp(data, "PK\x03\x04", 4)) {
		fuzz_read((const char *)data, size);
		return 0;
	}
	zip_error_init(&error);
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
	if (!zip)
		abort();
	zip_source_keep(target);
	for (; parts->name; parts++)
		fuzz_add(zip, parts->name, parts->text, strlen(parts->text));
	fuzz_add(zip, name, data, size);
	if (zip_close(zip) != 0 || zip_source_open(target) != 0)
		abort();
	zip_source_seek(target, 0, SEEK_END);
	size_t length = (size_t)zip_source_tell(target);
	zip_source_seek(target, 0, SEEK_SET);
	char *bytes = malloc(length);
	if (!bytes || zip_source_read(target, bytes, length) != (zip_int64_t)length)
		abort();
	zip_source_close(target);
	zip_source_free(target);
	fuzz_read(bytes, length);
	free(bytes);
	return 0;
}
