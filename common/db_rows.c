/* What a statement gave, read as texts, numbers and bytes. */
#include <stdlib.h>

#include "common/db_connection.h"
#include "common/log.h"

const char *db_text(const struct db_rows *rows, int row, int column)
{
	const PGresult *result = rows->result;
	if (column < 0 || column >= PQnfields(result) || row < 0 || row >= rows->count)
		return NULL;
	return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

const char *db_field(const struct db_rows *rows, int row, const char *column)
{
	return db_text(rows, row, PQfnumber(rows->result, column));
}

long long db_int(const struct db_rows *rows, int row, int column)
{
	const char *text = db_text(rows, row, column);
	return text ? strtoll(text, NULL, 10) : 0;
}

bool db_true(const struct db_rows *rows, int row, int column)
{
	const char *text = db_text(rows, row, column);
	return text && *text == 't';
}

const char *db_bytea(struct arena *arena, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(arena, length * 2 + 3);
	const unsigned char *from = bytes;
	text[0] = '\\';
	text[1] = 'x';
	for (size_t i = 0; i < length; i++) {
		text[2 + i * 2] = digits[from[i] >> 4];
		text[3 + i * 2] = digits[from[i] & 15];
	}
	return text;
}

static void free_bytes(void *bytes)
{
	PQfreemem(bytes);
}

const unsigned char *db_bytes(struct arena *arena, const char *text, size_t *length)
{
	unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, length);
	if (!bytes)
		fatal("out of memory reading bytes of the database");
	arena_defer(arena, free_bytes, bytes);
	return bytes;
}
