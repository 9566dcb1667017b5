/* Writes one finished message: RFC 5322 headers, RFC 2045 to 2047 encodings. Pure: the same input
 * always gives the same bytes. */
#pragma once

#include <stdbool.h>
#include <time.h>

#include "common/arena.h"
#include "common/text.h"
#include "notifier/address.h"

struct mime_message {
	struct address from;
	struct address to;
	struct address reply_to; /* mailbox NULL: none */
	const char *message_id;  /* with its angle brackets */
	time_t date;
	const char *subject;
	const char *language; /* "en" */
	const char *text;     /* both parts: UTF-8, lines ended by LF or CRLF */
	const char *html;
};

/* Adds the message to out, every line ended by CRLF. False and *error: a header's value holds a
 * control character or bytes that are not UTF-8; nothing was refused silently or cut. */
bool mime_write(struct arena *arena, const struct mime_message *message, struct text *out,
	const char **error) MUSTCHECK;
