/* Input against a table of fields: every fault at once, nothing coerced. Pure. */
#include "api/schema.h"

#include <stdlib.h>
#include <string.h>

#include "api/field.h"
#include "common/text.h"

#define CURSOR_PREFIX "v1:"
#define CURSOR_BYTES 64
#define ID_MAX 999999999999999999 /* 18 digits, as in addresses and parameters */

void faults_add(struct faults *faults, const char *pointer, const char *code, const char *detail)
{
	if (faults->count < FAULTS_MAX)
		faults->list[faults->count++] = (struct fault){ pointer, code, detail };
}

static const struct field *find_field(const struct field *table, const char *name)
{
	for (const struct field *field = table; field->name; field++)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}

static void wrong_type(struct faults *faults, const char *pointer, const char *wanted)
{
	faults_add(
		faults, pointer, "wrong_type", arena_printf(faults->arena, "Must be %s", wanted));
}

static void check_integer(
	const struct field *field, const json_t *value, const char *pointer, struct faults *faults)
{
	if (!json_is_integer(value)) {
		wrong_type(faults, pointer, "a whole number");
		return;
	}
	json_int_t number = json_integer_value(value);
	if (field->kind == FIELD_INTEGER && (number < field->min || number > field->max))
		faults_add(faults, pointer, "out_of_range",
			arena_printf(
				faults->arena, "Must be from %ld to %ld", field->min, field->max));
	if (field->kind == FIELD_ID && (number < 1 || number > ID_MAX))
		faults_add(faults, pointer, "out_of_range", "Must be an id, from 1");
}

static void check_value(
	const struct field *field, const json_t *value, const char *pointer, struct faults *faults);

static void check_element(
	const struct field *field, const json_t *value, const char *pointer, struct faults *faults)
{
	struct field element = *field;
	if (field->kind == FIELD_OBJECTS) {
		struct faults inner = { .arena = faults->arena };
		if (!json_is_object(value)) {
			wrong_type(faults, pointer, "an object");
			return;
		}
		schema_check_body(field->items, value, false, &inner);
		for (size_t i = 0; i < inner.count; i++)
			faults_add(faults,
				arena_printf(faults->arena, "%s%s", pointer, inner.list[i].pointer),
				inner.list[i].code, inner.list[i].detail);
		return;
	}
	element.kind = field->kind == FIELD_IDS ? FIELD_ID : FIELD_ENUM;
	element.nullable = false;
	check_value(&element, value, pointer, faults);
}

static void check_array(
	const struct field *field, const json_t *value, const char *pointer, struct faults *faults)
{
	size_t i;
	json_t *element;
	if (!json_is_array(value)) {
		wrong_type(faults, pointer, "a list");
		return;
	}
	size_t max = field->max ? (size_t)field->max : 100;
	if (json_array_size(value) > max || json_array_size(value) < (size_t)field->min)
		faults_add(faults, pointer, "wrong_count",
			arena_printf(
				faults->arena, "Must hold from %ld to %zu items", field->min, max));
	json_array_foreach((json_t *)value, i, element) check_element(
		field, element, arena_printf(faults->arena, "%s/%zu", pointer, i), faults);
}

static void check_text(
	const struct field *field, const json_t *value, const char *pointer, struct faults *faults)
{
	if (!json_is_string(value)) {
		wrong_type(faults, pointer, "text");
		return;
	}
	struct field_fault found = field_check_text(faults->arena, field, json_string_value(value));
	if (found.code)
		faults_add(faults, pointer, found.code, found.detail);
}

static void check_value(
	const struct field *field, const json_t *value, const char *pointer, struct faults *faults)
{
	if (json_is_null(value)) {
		if (!field->nullable)
			faults_add(faults, pointer, "not_nullable", "Must not be null");
		return;
	}
	switch (field->kind) {
	case FIELD_INTEGER:
	case FIELD_ID:
		check_integer(field, value, pointer, faults);
		return;
	case FIELD_BOOLEAN:
		if (!json_is_boolean(value))
			wrong_type(faults, pointer, "true or false");
		return;
	case FIELD_OBJECTS:
	case FIELD_ENUMS:
	case FIELD_IDS:
		check_array(field, value, pointer, faults);
		return;
	default:
		check_text(field, value, pointer, faults);
	}
}

/* RFC 6901 section 3. */
static const char *pointer_to(struct arena *arena, const char *name)
{
	struct text pointer;
	text_init(&pointer, arena);
	text_add(&pointer, "/");
	for (const char *at = name; *at; at++) {
		if (*at == '~')
			text_add(&pointer, "~0");
		else if (*at == '/')
			text_add(&pointer, "~1");
		else
			text_add_bytes(&pointer, at, 1);
	}
	return pointer.bytes;
}

void schema_check_body(
	const struct field *table, const json_t *body, bool partial, struct faults *faults)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)body, name, value)
	{
		const struct field *field = find_field(table, name);
		const char *pointer = pointer_to(faults->arena, name);
		if (field)
			check_value(field, value, pointer, faults);
		else
			faults_add(faults, pointer, "unknown_field",
				"There is no such field, or it cannot be set");
	}
	for (const struct field *field = table; field->name && !partial; field++)
		if (field->required && !json_object_get(body, field->name))
			faults_add(faults, pointer_to(faults->arena, field->name), "required",
				"Must be given");
}

static int base64_value(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *found = c ? strchr(alphabet, c) : NULL;
	return found ? (int)(found - alphabet) : -1;
}

const char *schema_cursor_id(struct arena *arena, const char *cursor)
{
	char decoded[CURSOR_BYTES] = { 0 };
	unsigned bits = 0;
	int held = 0;
	size_t used = 0;
	for (const char *at = cursor; *at; at++) {
		int value = base64_value(*at);
		if (value < 0 || used == CURSOR_BYTES - 1)
			return NULL;
		bits = (bits << 6 | (unsigned)value) & 0xffffU;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		decoded[used++] = (char)(bits >> held & 0xffU);
	}
	size_t prefix = strlen(CURSOR_PREFIX);
	const char *id = decoded + prefix;
	if (strncmp(decoded, CURSOR_PREFIX, prefix) != 0 || strlen(decoded) != used ||
		strlen(id) < 1 || strlen(id) > 18 || id[strspn(id, "0123456789")])
		return NULL;
	return arena_strdup(arena, id);
}

static const char *check_number(
	const struct field *field, const char *value, const char *pointer, struct faults *faults)
{
	size_t length = strlen(value);
	bool digits = length >= 1 && length <= 18 && !value[strspn(value, "0123456789")];
	long number = digits ? strtol(value, NULL, 10) : -1;
	long min = field->kind == FIELD_ID ? 1 : field->min;
	if (digits && number >= min && (field->kind == FIELD_ID || number <= field->max))
		return value;
	faults_add(faults, pointer, "out_of_range",
		field->kind == FIELD_ID
			? "Must be an id"
			: arena_printf(faults->arena, "Must be a whole number from %ld to %ld",
				  field->min, field->max));
	return NULL;
}

const char *schema_check_parameter(
	const struct field *table, const char *name, const char *value, struct faults *faults)
{
	const struct field *field = table ? find_field(table, name) : NULL;
	const char *pointer = arena_printf(faults->arena, "?%s", name);
	if (!field) {
		faults_add(faults, pointer, "unknown_parameter", "There is no such parameter here");
		return NULL;
	}
	if (field->kind == FIELD_INTEGER || field->kind == FIELD_ID)
		return check_number(field, value, pointer, faults);
	if (field->kind == FIELD_CURSOR) {
		const char *id = schema_cursor_id(faults->arena, value);
		if (!id)
			faults_add(faults, pointer, "bad_cursor",
				"Must be a next_cursor of this list");
		return id;
	}
	if (field->kind == FIELD_BOOLEAN) {
		if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
			return value;
		faults_add(faults, pointer, "wrong_type", "Must be true or false");
		return NULL;
	}
	struct field_fault found = field_check_text(faults->arena, field, value);
	if (found.code)
		faults_add(faults, pointer, found.code, found.detail);
	return found.code ? NULL : value;
}
