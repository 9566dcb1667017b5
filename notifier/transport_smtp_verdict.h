/* What the end of an SMTP transfer means for the message. Pure. */
#pragma once

#include "notifier/transport.h"

/* How far the conversation had come. */
enum smtp_phase {
	SMTP_CONNECT, /* greeting, EHLO */
	SMTP_STARTTLS,
	SMTP_LOGIN,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_BODY, /* some of the body handed to the network, not all */
	SMTP_END   /* all of it: only the server's answer is missing */
};

const char *transport_smtp_phase_name(enum smtp_phase phase);

/* Whether a server's refusal of a recipient says that the address is nobody's: a permanent failure
 * with an enhanced status code about the recipient's address (RFC 3463 section 3.2, RFC 7505).
 * Without such a code nobody knows whether it is the address that is wrong. */
bool transport_smtp_is_nobody(const char *reply);

/* curl_code: a CURLcode. reply_code: the last SMTP reply as libcurl tells it; after a failed read
 * that is an older reply, so it counts only where libcurl ends because of a reply. */
enum transport_outcome transport_smtp_verdict(int curl_code, int reply_code, enum smtp_phase phase);
