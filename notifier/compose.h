/* From what SQL says of a message to the finished bytes that are sent: an email, or the request
 * that asks GOV.UK Notify for one. */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "common/arena.h"
#include "notifier/address.h"
#include "notifier/notify_settings.h"
#include "notifier/templates.h"

struct compose_settings {
	const struct templates *templates;
	struct address from;
	const char *public_url;               /* may be NULL */
	const struct notify_settings *notify; /* NULL: emails of our own */
};

struct composed {
	/* The same for ever: Message-ID <gt-12.2022-03-24@example.org>, or Notify's reference. */
	const char *message_id;
	long long via; /* id of the lead that it goes to */
	const char *to_name;
	const char *to_address;
	const char *subject;
	const char *mime;
	size_t mime_length;
};

enum compose_outcome {
	COMPOSE_DONE,
	COMPOSE_BAD_ADDRESS, /* no mail can be sent to the recipient's address */
	COMPOSE_FAILED       /* a template or the content is broken: a fault of ours */
};

/* content: the JSON text of SQL's message_content. now: becomes the message's Date. Everything
 * lives in the arena. *error, when not done, holds no personal data. */
enum compose_outcome compose_message(struct arena *arena, const struct compose_settings *settings,
	const char *content, time_t now, struct composed *out, const char **error) MUSTCHECK;
