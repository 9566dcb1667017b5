/* What the end of an SMTP transfer means for the message. Pure. */
#include "notifier/transport_smtp_verdict.h"

#include <curl/curl.h>
#include <string.h>

const char *transport_smtp_phase_name(enum smtp_phase phase)
{
	static const char *const names[] = { [SMTP_CONNECT] = "connecting",
		[SMTP_STARTTLS] = "STARTTLS",
		[SMTP_LOGIN] = "the login",
		[SMTP_MAIL] = "MAIL",
		[SMTP_RCPT] = "RCPT",
		[SMTP_DATA] = "DATA",
		[SMTP_BODY] = "the body",
		[SMTP_END] = "the end of the body" };
	return names[phase];
}

/* libcurl ended the transfer because of what the server answered, or so it says: CURLE_SEND_ERROR
 * also stands for a broken connection, then with an older, positive reply. */
static bool is_reply(int curl_code)
{
	return curl_code == CURLE_SEND_ERROR || curl_code == CURLE_WEIRD_SERVER_REPLY;
}

/* Faults of ours or of the way there, which would meet every other message too. */
static bool is_channel_fault(int curl_code)
{
	switch (curl_code) {
	case CURLE_LOGIN_DENIED:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_REMOTE_ACCESS_DENIED: /* 5xx to the greeting or EHLO */
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_NOT_BUILT_IN:
		return true;
	default:
		return false;
	}
}

/* RFC 5321 section 4.2.1: the first digit decides. */
static enum transport_outcome reply_verdict(int reply_code, enum smtp_phase phase)
{
	if (reply_code == 421) /* "service not available, closing": whoever the message is to */
		return TRANSPORT_CHANNEL;
	if (reply_code < 500 || reply_code > 599)
		return TRANSPORT_RETRY;
	return phase == SMTP_RCPT || phase == SMTP_END ? TRANSPORT_REFUSED : TRANSPORT_CHANNEL;
}

bool transport_smtp_is_nobody(const char *reply)
{
	/* The others of 5.1 are about the sender. */
	static const char *const details[] = { "0", "1", "2", "3", "4", "6", "10" };
	static const char prefix[] = "5.1.";
	if (strlen(reply) < 4 || *reply != '5' || strncmp(reply + 4, prefix, strlen(prefix)) != 0)
		return false;
	const char *detail = reply + 4 + strlen(prefix);
	size_t length = strspn(detail, "0123456789");
	for (size_t i = 0; i < sizeof(details) / sizeof(*details); i++)
		if (strlen(details[i]) == length && strncmp(details[i], detail, length) == 0)
			return true;
	return false;
}

enum transport_outcome transport_smtp_verdict(int curl_code, int reply_code, enum smtp_phase phase)
{
	if (curl_code == CURLE_OK)
		return TRANSPORT_SENT;
	if (is_channel_fault(curl_code) && phase < SMTP_BODY)
		return TRANSPORT_CHANNEL;
	if (phase < SMTP_END)
		return is_reply(curl_code) ? reply_verdict(reply_code, phase) : TRANSPORT_RETRY;
	if (!is_reply(curl_code) || reply_code == 354 || reply_code < 200)
		return TRANSPORT_UNCERTAIN;
	if (reply_code >= 300)
		return reply_verdict(reply_code, phase);
	/* libcurl takes only 250 for an answer to the body; any other 2xx has accepted it too. */
	return curl_code == CURLE_WEIRD_SERVER_REPLY ? TRANSPORT_SENT : TRANSPORT_UNCERTAIN;
}
