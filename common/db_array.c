/* A parameter that is an array, built one element after another in PostgreSQL's binary form:
 * nothing to quote, nothing to decode. */
#include "common/db_array.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "common/log.h"

#define COUNT_AT 12 /* where the header holds the number of elements */

/* Every number is big-endian, as array_recv and its elements' own receive functions take it. */
static void add_word(struct db_array *array, uint32_t value)
{
	uint32_t wire = htonl(value);
	text_add_bytes(&array->bytes, (const char *)&wire, sizeof(wire));
}

/* array_recv: dimensions, whether there are NULLs (it looks for itself), type, then of the one
 * dimension its size and lower bound. */
void db_array_init(struct db_array *array, struct arena *arena, enum db_array_type type)
{
	*array = (struct db_array){ .type = type };
	text_init(&array->bytes, arena);
	add_word(array, 1);
	add_word(array, 0);
	add_word(array, type);
	add_word(array, 0);
	add_word(array, 1);
}

void db_array_add_null(struct db_array *array)
{
	add_word(array, UINT32_MAX); /* a length of -1 */
	array->count++;
}

void db_array_add_int(struct db_array *array, long long value)
{
	uint64_t bits = (uint64_t)value;
	add_word(array, array->type == DB_ARRAY_INT8 ? 8 : 4);
	if (array->type == DB_ARRAY_INT8)
		add_word(array, (uint32_t)(bits >> 32));
	add_word(array, (uint32_t)bits);
	array->count++;
}

void db_array_add_bytes(struct db_array *array, const void *bytes, size_t length)
{
	if (length > INT32_MAX)
		fatal("an array element of %zu bytes", length);
	add_word(array, (uint32_t)length);
	text_add_bytes(&array->bytes, bytes, length);
	array->count++;
}

void db_array_add_text(struct db_array *array, const char *text)
{
	if (text)
		db_array_add_bytes(array, text, strlen(text));
	else
		db_array_add_null(array);
}

struct db_param db_array_param(struct db_array *array)
{
	uint32_t wire = htonl((uint32_t)array->count);
	memcpy(array->bytes.bytes + COUNT_AT, &wire, sizeof(wire));
	if (array->bytes.length > INT_MAX)
		fatal("an array of %zu bytes", array->bytes.length);
	return (struct db_param){ array->bytes.bytes, (int)array->bytes.length };
}
