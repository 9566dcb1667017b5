/* Reads the JSON objects that SQL gives. A key that is not there, or of another type, is nothing.
 */
#pragma once

#include <jansson.h>

#include "common/date.h"

const char *facts_text(const json_t *object, const char *key); /* NULL: none */
int facts_int(const json_t *object, const char *key, int fallback);
struct date facts_date(const json_t *object, const char *key); /* DATE_NONE: none */

/* Sets a text, or null for NULL. A text that is not UTF-8 cannot come from the database. */
void facts_set(json_t *object, const char *key, const char *text);
