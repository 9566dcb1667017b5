/* A parameter that is an array, built one element after another in PostgreSQL's binary form:
 * nothing to quote, nothing to decode. */
#pragma once

#include "common/db.h"
#include "common/text.h"

/* The elements' type, by its OID (pg_type.dat). */
enum db_array_type {
	DB_ARRAY_BYTEA = 17,
	DB_ARRAY_INT8 = 20,
	DB_ARRAY_INT4 = 23,
	DB_ARRAY_TEXT = 25
};

struct db_array {
	struct text bytes;
	enum db_array_type type;
	int count;
};

void db_array_init(struct db_array *array, struct arena *arena, enum db_array_type type);
void db_array_add_null(struct db_array *array);
/* Of INT8 and INT4, which it must fit. */
void db_array_add_int(struct db_array *array, long long value);
/* Of TEXT and BYTEA; NULL is SQL NULL. */
void db_array_add_text(struct db_array *array, const char *text);
void db_array_add_bytes(struct db_array *array, const void *bytes, size_t length);

/* The array, finished; lives in its arena. */
struct db_param db_array_param(struct db_array *array);
