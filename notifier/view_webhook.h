/* What the email about a webhook that was turned off says, as the JSON that its templates are
 * filled from. Pure. */
#pragma once

#include <jansson.h>

#include "common/arena.h"

/* content: what SQL's message_content gave for a message of kind "webhook". The view, tied to the
 * arena, holds what view_people_set adds and: subject, preheader, organisation, webhook ("3, …"),
 * server, cause, last (how the last try ended), waiting, address (of the webhook in the API),
 * since, why. NULL and *error: the content is not what SQL promises. */
json_t *view_webhook_make(
	struct arena *arena, const json_t *content, const char *public_url, const char **error);
