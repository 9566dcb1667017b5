/* Sends by GOV.UK Notify's API with libcurl: a request that may have arrived is looked up by its
 * reference before it is sent again. */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "common/text.h"
#include "notifier/grace.h"
#include "notifier/notify_answer.h"
#include "notifier/notify_rate.h"
#include "notifier/notify_refusals.h"
#include "notifier/transport.h"

#define CONNECT_TIMEOUT_S 15L
#define ANSWER_BYTES ((size_t)4 * 1024 * 1024)
#define RATE_REST_S 60
#define WAIT_STEP_MS 200

struct transport_session {
	const struct transport_settings *settings;
	struct arena *arena; /* of the request in hand */
	CURL *curl;          /* NULL until needed, and after a failure */
	/* Of the request under way: */
	const struct transport_mail *mail;
	const struct transport_gate *gate;
	size_t offset;
	bool gate_closed;
	struct text answer;
	char error[CURL_ERROR_SIZE];
};

/* What all sessions of the process share. */
static struct {
	pthread_mutex_t lock;
	struct notify_rate rate;
	struct notify_refusals refusals;
} shared = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool start(
	const struct transport_settings *settings, struct arena *arena, const char **error)
{
	(void)settings, (void)arena;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return true;
	*error = "cannot be used: libcurl does not start";
	return false;
}

static void finish(void)
{
	curl_global_cleanup();
}

static struct transport_session *session_create(const struct transport_settings *settings)
{
	struct transport_session *session = xcalloc(1, sizeof(*session));
	session->settings = settings;
	session->arena = arena_create();
	return session;
}

static void session_destroy(struct transport_session *session)
{
	if (!session)
		return;
	curl_easy_cleanup(session->curl);
	arena_destroy(session->arena);
	free(session);
}

/* The body leaves with the first byte handed over here, so this is where the gate stands. There is
 * no way to rewind it: libcurl cannot send it a second time of its own accord. */
static size_t give_body(char *buffer, size_t size, size_t count, void *context)
{
	struct transport_session *session = context;
	const struct transport_mail *mail = session->mail;
	if (!session->offset && !session->gate->may_send_body(session->gate->context)) {
		session->gate_closed = true;
		return CURL_READFUNC_ABORT;
	}
	size_t left = mail->length - session->offset;
	size_t given = left < size * count ? left : size * count;
	memcpy(buffer, mail->bytes + session->offset, given);
	session->offset += given;
	return given;
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
	struct transport_session *session = context;
	size_t length = size * count;
	if (session->answer.length + length > ANSWER_BYTES)
		return 0;
	text_add_bytes(&session->answer, bytes, length);
	return length;
}

static int see_time(
	void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	(void)down_all, (void)down, (void)up_all, (void)up;
	struct transport_session *session = context;
	return session->gate->must_stop(session->gate->context) ? 1 : 0;
}

static CURL *make_handle(struct transport_session *session)
{
	const struct transport_settings *settings = session->settings;
	CURL *curl = curl_easy_init();
	if (!curl)
		fatal("out of memory making a session");
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, session);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, session);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, see_time);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, session);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, session->error);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)settings->notify.timeout_s);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "goldenthread-notifier/" GT_VERSION);
	if (settings->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
	/* Nothing from the surroundings: no proxy variables, no .netrc, no other protocol or host.
	 */
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	return curl;
}

static CURL *handle_of(struct transport_session *session)
{
	if (!session->curl)
		session->curl = make_handle(session);
	return session->curl;
}

static bool wait_turn(struct transport_session *session)
{
	for (;;) {
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		pthread_mutex_lock(&shared.lock);
		long long wait_us = notify_rate_take(
			&shared.rate, (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
		pthread_mutex_unlock(&shared.lock);
		if (!wait_us)
			return true;
		if (session->gate->must_stop(session->gate->context))
			return false;
		long long wait_ms = wait_us / 1000 + 1;
		grace_wait_ms(wait_ms < WAIT_STEP_MS ? (int)wait_ms : WAIT_STEP_MS);
	}
}

static struct curl_slist *make_headers(struct transport_session *session)
{
	const char *const lines[] = {
		arena_printf(session->arena, "Authorization: Bearer %s",
			notify_jwt(session->arena, &session->settings->notify.key, time(NULL))),
		"Content-Type: application/json", "Accept: application/json",
		"Expect:", /* no waiting for leave to send the body */
	};
	struct curl_slist *headers = NULL;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct curl_slist *longer = curl_slist_append(headers, lines[i]);
		if (!longer)
			fatal("out of memory making a request");
		headers = longer;
	}
	return headers;
}

/* One request; mail is its body, or NULL for GET. The answer is in session->answer. */
static CURLcode perform(struct transport_session *session, const char *path,
	const struct transport_mail *mail, int *status)
{
	*status = 0;
	session->mail = mail;
	session->offset = 0;
	session->gate_closed = false;
	session->error[0] = '\0';
	text_init(&session->answer, session->arena);
	if (!wait_turn(session))
		return CURLE_ABORTED_BY_CALLBACK;
	CURL *curl = handle_of(session);
	struct curl_slist *headers = make_headers(session);
	curl_easy_setopt(curl, CURLOPT_URL,
		arena_printf(session->arena, "%s%s", session->settings->notify.url, path));
	curl_easy_setopt(curl, mail ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
	if (mail)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)mail->length);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);

	long answered = 0;
	CURLcode code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answered);
	*status = (int)answered;
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	if (code != CURLE_OK) {
		curl_easy_cleanup(curl);
		session->curl = NULL;
	}
	return code;
}

/* Faults of ours or of the way there, which would meet every other message too. */
static bool is_channel_fault(CURLcode code)
{
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
	       code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CIPHER ||
	       code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
}

/* There was no answer. sent: a part of the body had left. */
static void describe_failure(struct transport_session *session, CURLcode code, bool sent,
	struct transport_result *result)
{
	enum transport_outcome outcome = sent ? TRANSPORT_UNCERTAIN : TRANSPORT_RETRY;
	if (!sent && is_channel_fault(code))
		outcome = TRANSPORT_CHANNEL;
	result->unreachable = outcome == TRANSPORT_RETRY && !session->gate_closed;
	transport_say(result, outcome, "%s",
		session->gate_closed ? "held back before the body left"
		: *session->error    ? session->error
				     : curl_easy_strerror(code));
}

/* Tokens are good for thirty seconds, so a wrong clock looks like a wrong key. */
static const char *clock_remark(struct transport_session *session)
{
	struct curl_header *date;
	if (!session->curl ||
		curl_easy_header(session->curl, "Date", 0, CURLH_HEADER, -1, &date) != CURLHE_OK)
		return "";
	time_t theirs = curl_getdate(date->value, NULL);
	long long apart = theirs < 0 ? 0 : (long long)(time(NULL) - theirs);
	if (apart >= -15 && apart <= 15)
		return "";
	return arena_printf(session->arena, " (the clocks are %lld s apart)", apart);
}

/* The answer says nothing about this message: whatever it was asked, others would hear the same. */
static bool describe_channel(struct transport_session *session, const struct notify_answer *answer,
	struct transport_result *result)
{
	const char *remark = "";
	switch (answer->meaning) {
	case NOTIFY_KEY:
		remark = clock_remark(session);
		break;
	case NOTIFY_RATE:
		result->rest_s = RATE_REST_S;
		break;
	case NOTIFY_DAILY:
		result->rest_s = notify_answer_to_midnight_s(time(NULL));
		break;
	case NOTIFY_STRANGER:
		remark = ": not an answer of GOV.UK Notify";
		break;
	default:
		return false;
	}
	transport_say(result, TRANSPORT_CHANNEL, "%s%s", answer->words, remark);
	return true;
}

static void accept_message(
	const struct notify_answer *answer, const char *how, struct transport_result *result)
{
	pthread_mutex_lock(&shared.lock);
	notify_refusals_end(&shared.refusals);
	pthread_mutex_unlock(&shared.lock);
	snprintf(result->provider_id, sizeof(result->provider_id), "%s", answer->id);
	transport_say(result, TRANSPORT_SENT, "%s%s", how, answer->id);
}

/* A refusal may be Notify's own trouble: it is believed the third time, and never while others are
 * refused too. What this process has not seen itself, the database knows. */
static void refuse_message(struct transport_session *session, const struct transport_mail *mail,
	const struct notify_answer *answer, struct transport_result *result)
{
	int wait_s = backoff_refused(
		session->settings->backoff, mail->refused + 1, (unsigned long long)mail->id);
	pthread_mutex_lock(&shared.lock);
	bool many = notify_refusals_note(&shared.refusals, mail->id, grace_now_ms());
	pthread_mutex_unlock(&shared.lock);
	many = many || (wait_s == BACKOFF_GIVE_UP && mail->others_refused);
	if (!many)
		result->wait_s = wait_s;
	transport_say(result, many ? TRANSPORT_CHANNEL : TRANSPORT_REFUSED, "%s%s", answer->words,
		many ? ": several messages were refused" : "");
}

static void post(struct transport_session *session, const struct transport_mail *mail,
	struct transport_result *result)
{
	int status;
	struct notify_answer answer;
	CURLcode code = perform(session, "/v2/notifications/email", mail, &status);
	*result = (struct transport_result){ .curl_code = (int)code, .reply_code = status };
	if (code != CURLE_OK) {
		describe_failure(session, code, session->offset > 0, result);
		return;
	}
	notify_answer_post(status, session->answer.bytes, session->answer.length, &answer);
	if (describe_channel(session, &answer, result))
		return;
	if (answer.meaning == NOTIFY_ACCEPTED)
		accept_message(&answer, "", result);
	else if (answer.meaning == NOTIFY_REFUSED)
		refuse_message(session, mail, &answer, result);
	else
		transport_say(result, TRANSPORT_UNCERTAIN, "%s", answer.words);
}

/* Asks whether the message is there. Fills *result unless it says that it is not. */
static bool is_absent(struct transport_session *session, const struct transport_mail *mail,
	struct transport_result *result)
{
	int status;
	struct notify_answer answer;
	CURL *curl = handle_of(session);
	char *reference = curl_easy_escape(curl, mail->identity, 0);
	if (!reference)
		fatal("out of memory making a request");
	const char *path =
		arena_printf(session->arena, "/v2/notifications?reference=%s", reference);
	curl_free(reference);
	CURLcode code = perform(session, path, NULL, &status);
	*result = (struct transport_result){ .curl_code = (int)code, .reply_code = status };
	if (code != CURLE_OK) {
		describe_failure(session, code, false, result);
		return false;
	}
	notify_answer_look_up(status, session->answer.bytes, session->answer.length, &answer);
	if (describe_channel(session, &answer, result))
		return false;
	if (answer.meaning == NOTIFY_ACCEPTED) {
		accept_message(&answer, "found by its reference: ", result);
	} else {
		transport_say(result, TRANSPORT_RETRY, "looking it up: %s", answer.words);
	}
	return answer.meaning == NOTIFY_ABSENT;
}

static void send_mail(struct transport_session *session, const struct transport_mail *mail,
	const struct transport_gate *gate, struct transport_result *result)
{
	session->gate = gate;
	if (!mail->uncertain || is_absent(session, mail, result))
		post(session, mail, result);
	if (result->outcome == TRANSPORT_UNCERTAIN) {
		/* Not found yet does not mean that it was not accepted: that counts after a while.
		 */
		struct transport_result found;
		result->wait_s = backoff_askable(mail->uncertain + 1, (unsigned long long)mail->id);
		if (!is_absent(session, mail, &found) && found.outcome == TRANSPORT_SENT)
			*result = found;
	}
	if (result->outcome == TRANSPORT_CHANNEL)
		log_error("GOV.UK Notify: %s", result->detail);
	arena_reset(session->arena);
}

static bool follow(struct transport_session *session, const char *provider_id,
	const struct transport_gate *gate, struct transport_delivery *delivery)
{
	int status;
	session->gate = gate;
	const char *path = arena_printf(session->arena, "/v2/notifications/%s", provider_id);
	CURLcode code = perform(session, path, NULL, &status);
	bool known = code == CURLE_OK && notify_answer_delivery(status, session->answer.bytes,
						 session->answer.length, delivery);
	arena_reset(session->arena);
	return known;
}

const struct transport transport_notify = {
	.form = "notify",
	.start = start,
	.finish = finish,
	.session_create = session_create,
	.session_destroy = session_destroy,
	.send = send_mail,
	.follow = follow,
};
