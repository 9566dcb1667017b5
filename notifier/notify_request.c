/* The request that asks GOV.UK Notify to send one email. Pure: the same input gives the same bytes.
 */
#include "notifier/notify_request.h"

#include <jansson.h>
#include <stdlib.h>

bool notify_request_write(
	struct text *out, const struct notify_settings *settings, const struct notify_email *email)
{
	json_t *json = json_pack("{s:s, s:s, s:{s:s, s:s}, s:s, s:s*}", "email_address",
		email->address, "template_id", settings->template_id, "personalisation", "subject",
		email->subject, "body", email->body, "reference", email->reference,
		"email_reply_to_id", settings->reply_to_id);
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	bool written = text != NULL;
	if (written)
		text_add(out, text);
	free(text);
	json_decref(json);
	return written;
}
