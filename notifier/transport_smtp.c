/* Sends by SMTP with libcurl: one easy handle a session, made anew after every failure. */
#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"
#include "notifier/grace.h"
#include "notifier/transport.h"
#include "notifier/transport_smtp_verdict.h"

#define CONNECT_TIMEOUT_S 15L
#define WHOLE_TIMEOUT_MARGIN_S 60L /* beside the longest wait for one reply */
#define REPLY_BYTES 200

struct transport_session {
	const struct transport_settings *settings;
	CURL *curl; /* NULL until needed, and after a failure */
	char url[400];
	/* Of the send under way: */
	const struct transport_mail *mail;
	const struct transport_gate *gate;
	size_t offset;
	enum smtp_phase phase;
	long long heard_ms; /* when the server last answered, or the phase began */
	bool overdue;       /* its answer is, in this phase */
	bool gate_closed;
	bool quitting;
	char reply[REPLY_BYTES]; /* the last line the server said */
	char error[CURL_ERROR_SIZE];
};

static bool start(
	const struct transport_settings *settings, struct arena *arena, const char **error)
{
	(void)arena;
	if (settings->url.user && !settings->password) {
		*error = "names a user, so GT_MAIL_PASSWORD is required";
		return false;
	}
	if (settings->ca_file && access(settings->ca_file, R_OK) != 0) {
		*error = "cannot be used: GT_MAIL_CA_FILE cannot be read";
		return false;
	}
	if (settings->password && settings->url.tls == MAIL_TLS_NONE &&
		settings->url.scheme == MAIL_SMTP)
		log_warn("GT_MAIL_URL: the password will travel unencrypted");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return true;
	*error = "cannot be used: libcurl does not start";
	return false;
}

static void finish(void)
{
	curl_global_cleanup();
}

/* libcurl says EHLO with the path of the URL. */
static const char *ehlo_name(const struct transport_settings *settings, char host[256])
{
	if (gethostname(host, 255) != 0)
		return settings->ehlo_fallback;
	host[255] = '\0';
	size_t usable =
		strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
	return *host && !host[usable] ? host : settings->ehlo_fallback;
}

static struct transport_session *session_create(const struct transport_settings *settings)
{
	struct transport_session *session = xcalloc(1, sizeof(*session));
	char host[256] = "";
	session->settings = settings;
	snprintf(session->url, sizeof(session->url), "%s://%s:%d/%s",
		settings->url.scheme == MAIL_SMTPS ? "smtps" : "smtp", settings->url.host,
		settings->url.port, ehlo_name(settings, host));
	return session;
}

/* libcurl says QUIT and waits for the answer as long as for any other: ten minutes, from a server
 * that has stopped answering. Shutting the socket's reading side ends that wait at once. */
static void drop_handle(struct transport_session *session, int shut)
{
	curl_socket_t socket = CURL_SOCKET_BAD;
	if (session->curl)
		curl_easy_getinfo(session->curl, CURLINFO_ACTIVESOCKET, &socket);
	if (socket != CURL_SOCKET_BAD)
		shutdown(socket, shut);
	curl_easy_cleanup(session->curl);
	session->curl = NULL;
}

static void session_destroy(struct transport_session *session)
{
	if (!session)
		return;
	drop_handle(session, SHUT_RD);
	free(session);
}

/* The body leaves with the first byte handed over here, so this is where the gate stands. */
static size_t give_body(char *buffer, size_t size, size_t count, void *context)
{
	struct transport_session *session = context;
	const struct transport_mail *mail = session->mail;
	if (session->phase < SMTP_BODY && !session->gate->may_send_body(session->gate->context)) {
		session->gate_closed = true;
		return CURL_READFUNC_ABORT;
	}
	size_t left = mail->length - session->offset;
	size_t given = left < size * count ? left : size * count;
	memcpy(buffer, mail->bytes + session->offset, given);
	session->offset += given;
	session->phase = session->offset == mail->length ? SMTP_END : SMTP_BODY;
	session->heard_ms = grace_now_ms();
	return given;
}

static size_t take_reply(char *bytes, size_t size, size_t count, void *context)
{
	struct transport_session *session = context;
	size_t length = size * count;
	session->heard_ms = grace_now_ms();
	if (session->quitting) /* no longer about the message */
		return length;
	size_t kept = length < REPLY_BYTES - 1 ? length : REPLY_BYTES - 1;
	memcpy(session->reply, bytes, kept);
	session->reply[kept] = '\0';
	session->reply[strcspn(session->reply, "\r\n")] = '\0';
	return length;
}

/* Commands are seen here only to know how far we are; they are never kept, as one is the login. */
static int see_command(CURL *curl, curl_infotype type, char *bytes, size_t length, void *context)
{
	static const struct {
		const char *begin;
		enum smtp_phase phase;
	} table[] = {
		{ "EHLO ", SMTP_CONNECT },
		{ "STARTTLS\r", SMTP_STARTTLS },
		{ "AUTH ", SMTP_LOGIN },
		{ "MAIL ", SMTP_MAIL },
		{ "RCPT ", SMTP_RCPT },
		{ "DATA\r", SMTP_DATA },
	};
	(void)curl;
	struct transport_session *session = context;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	if (length >= 4 && memcmp(bytes, "QUIT", 4) == 0)
		session->quitting = true;
	if (session->phase >= SMTP_BODY)
		return 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t begin = strlen(table[i].begin);
		if (length >= begin && memcmp(bytes, table[i].begin, begin) == 0)
			session->phase = table[i].phase;
	}
	return 0;
}

/* What RFC 5321 section 4.5.3.2 asks for, in seconds; of the last answer the setting says it. */
static int patience_s(enum smtp_phase phase)
{
	switch (phase) {
	case SMTP_DATA:
		return 120;
	case SMTP_BODY:
		return 180;
	case SMTP_END:
		return INT_MAX;
	default:
		return 300;
	}
}

static int see_time(
	void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	(void)down_all, (void)down, (void)up_all, (void)up;
	struct transport_session *session = context;
	long long silent_ms = grace_now_ms() - session->heard_ms;
	session->overdue = silent_ms / 1000 >= patience_s(session->phase);
	return session->overdue || session->gate->must_stop(session->gate->context) ? 1 : 0;
}

static void set_callbacks(CURL *curl, struct transport_session *session)
{
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, session);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, session);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, see_command);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, session);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, see_time);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, session);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, session->error);
}

static void set_security(CURL *curl, const struct transport_settings *settings)
{
	bool plain = settings->url.scheme == MAIL_SMTP && settings->url.tls == MAIL_TLS_NONE;
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (settings->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
	if (settings->url.user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, settings->url.user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, settings->password);
	}
	/* Nothing from the surroundings: no proxy variables, no .netrc, no other protocol. */
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
}

/* Waits as RFC 5321 section 4.5.3.2 asks: giving up early on the last reply makes duplicates. */
static void set_timeouts(CURL *curl, const struct transport_settings *settings)
{
	long reply_s = settings->reply_timeout_s;
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, reply_s);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, reply_s + WHOLE_TIMEOUT_MARGIN_S);
}

static CURL *make_handle(struct transport_session *session)
{
	CURL *curl = curl_easy_init();
	if (!curl)
		fatal("out of memory making a mail session");
	curl_easy_setopt(curl, CURLOPT_URL, session->url);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	set_callbacks(curl, session);
	set_security(curl, session->settings);
	set_timeouts(curl, session->settings);
	return curl;
}

static void describe(struct transport_session *session, CURLcode code, int reply,
	struct transport_result *result)
{
	enum transport_outcome outcome = transport_smtp_verdict((int)code, reply, session->phase);
	if (outcome == TRANSPORT_REFUSED && session->phase == SMTP_RCPT &&
		transport_smtp_is_nobody(session->reply))
		outcome = TRANSPORT_UNDELIVERABLE;
	const char *error = *session->error ? session->error : curl_easy_strerror(code);
	result->curl_code = (int)code;
	result->reply_code = reply;
	result->content_refused = outcome == TRANSPORT_REFUSED && session->phase == SMTP_END;
	result->unreachable = outcome == TRANSPORT_RETRY && session->phase < SMTP_MAIL;
	if (outcome == TRANSPORT_SENT)
		transport_say(result, outcome, "%s", session->reply);
	else if (session->gate_closed)
		transport_say(result, outcome, "held back before the body left");
	else if (reply >= 400)
		transport_say(result, outcome, "at %s: %s",
			transport_smtp_phase_name(session->phase), session->reply);
	else
		transport_say(result, outcome, "at %s: %s",
			transport_smtp_phase_name(session->phase), error);
}

static void send_mail(struct transport_session *session, const struct transport_mail *mail,
	const struct transport_gate *gate, struct transport_result *result)
{
	struct curl_slist *recipient = curl_slist_append(NULL, mail->to);
	if (!recipient)
		fatal("out of memory addressing a message");
	if (!session->curl)
		session->curl = make_handle(session);
	session->mail = mail;
	session->gate = gate;
	session->offset = 0;
	session->phase = SMTP_CONNECT;
	session->heard_ms = grace_now_ms();
	session->overdue = false;
	session->gate_closed = session->quitting = false;
	session->reply[0] = session->error[0] = '\0';
	curl_easy_setopt(session->curl, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(session->curl, CURLOPT_MAIL_RCPT, recipient);
	curl_easy_setopt(session->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail->length);

	long reply = 0;
	CURLcode code = curl_easy_perform(session->curl);
	if (session->overdue && code == CURLE_ABORTED_BY_CALLBACK)
		code = CURLE_OPERATION_TIMEDOUT;
	curl_easy_getinfo(session->curl, CURLINFO_RESPONSE_CODE, &reply);
	*result = (struct transport_result){ 0 };
	describe(session, code, (int)reply, result);
	curl_easy_setopt(session->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipient);
	/* A handle that failed may hold a connection that is out of step: its next message would
	 * read this one's late answer. */
	if (code != CURLE_OK)
		drop_handle(session, SHUT_RDWR);
}

const struct transport transport_smtp = {
	.form = "mime",
	.by_domain = true,
	.start = start,
	.finish = finish,
	.session_create = session_create,
	.session_destroy = session_destroy,
	.send = send_mail,
};
