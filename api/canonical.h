/* Input in the one form in which it is kept. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "api/schema.h"

/* Changes a body that fits its table: line ends become LF, domains of email addresses A-labels.
 * False when there was nothing to change. */
bool canonical_body(struct arena *arena, const struct field *table, json_t *body);
