/* Reads the JSON objects that SQL gives. A key that is not there, or of another type, is nothing.
 */
#include "notifier/facts.h"

#include "common/log.h"

const char *facts_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int facts_int(const json_t *object, const char *key, int fallback)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? (int)json_integer_value(value) : fallback;
}

struct date facts_date(const json_t *object, const char *key)
{
	const char *text = facts_text(object, key);
	struct date date;
	return text && date_parse_iso(text, &date) ? date : DATE_NONE;
}

void facts_set(json_t *object, const char *key, const char *text)
{
	if (json_object_set_new_nocheck(object, key, text ? json_string(text) : json_null()) != 0)
		fatal("out of memory, or a text that is not UTF-8, at %s", key);
}
