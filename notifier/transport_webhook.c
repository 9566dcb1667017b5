/* Posts events with libcurl: many at once from one thread, none to an address that is not allowed.
 */
#include "notifier/transport_webhook.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/log.h"

#define CONNECT_TIMEOUT_MS 5000L
#define WHOLE_TIMEOUT_MS 10000L
#define ANSWER_LIMIT 65536 /* of what an endpoint says, head and body each, is read */

struct transfer {
	struct transport_webhook *owner;
	CURL *curl; /* made anew after every failure */
	struct curl_slist *headers;
	const struct transport_webhook_post *post; /* NULL: free */
	void *context;
	size_t length;
	size_t given; /* of the body, to libcurl */
	size_t head;
	size_t read;
	bool address_refused;
	char error[CURL_ERROR_SIZE];
	char answer[TRANSPORT_WEBHOOK_ANSWER_BYTES];
};

struct transport_webhook {
	const struct transport_webhook_settings *settings;
	CURLM *multi;
	int running;
	struct transfer transfers[];
};

/* Here and not at the name: a name may have another address at every look. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	struct transfer *transfer = context;
	if (!destination_takes(
		    &transfer->owner->settings->allow, &transfer->post->to, &address->addr)) {
		transfer->address_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Given by a callback that cannot begin again, so that libcurl never repeats by itself a request
 * whose connection ended without an answer: it may have been taken. */
static size_t give_body(char *buffer, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t left = transfer->length - transfer->given;
	size_t given = left < size * count ? left : size * count;
	memcpy(buffer, transfer->post->body + transfer->given, given);
	transfer->given += given;
	return given;
}

/* libcurl's type of it. NOLINTNEXTLINE(readability-non-const-parameter) */
static size_t take_head(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	struct transfer *transfer = context;
	transfer->head += size * count;
	return transfer->head <= ANSWER_LIMIT ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t length = size * count;
	size_t kept = transfer->read < sizeof(transfer->answer)
			      ? sizeof(transfer->answer) - transfer->read
			      : 0;
	memcpy(transfer->answer + transfer->read, bytes, length < kept ? length : kept);
	transfer->read += length;
	return transfer->read <= ANSWER_LIMIT ? length : 0;
}

static void set_callbacks(CURL *curl, struct transfer *transfer)
{
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_head);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->error);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
}

/* Nothing from the surroundings (proxies, .netrc, cookies), no redirect, no other protocol: each
 * would lead elsewhere than where destination_read looked. */
static void set_security(CURL *curl, const struct transport_webhook_settings *settings)
{
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (settings->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
	/* Each connection reads its certificates anew: one file of them is enough. */
	const char *bundle = NULL;
	curl_easy_getinfo(curl, CURLINFO_CAINFO, &bundle);
	if (settings->ca_file || bundle)
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
}

static CURL *make_handle(struct transfer *transfer)
{
	CURL *curl = curl_easy_init();
	if (!curl)
		fatal("out of memory making a webhook's request");
	set_callbacks(curl, transfer);
	set_security(curl, transfer->owner->settings);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "goldenthread-notifier/" GT_VERSION);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* A resolver that hangs must not hold up the others at the end of its transfer. */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, WHOLE_TIMEOUT_MS);
	return curl;
}

struct transport_webhook *transport_webhook_create(
	const struct transport_webhook_settings *settings)
{
	size_t count = (size_t)settings->connections;
	struct transport_webhook *transport =
		xcalloc(1, sizeof(*transport) + count * sizeof(transport->transfers[0]));
	transport->settings = settings;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		fatal("libcurl does not start");
	transport->multi = curl_multi_init();
	if (!transport->multi)
		fatal("out of memory making webhooks' requests");
	curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)settings->connections);
	for (size_t i = 0; i < count; i++)
		transport->transfers[i].owner = transport;
	return transport;
}

static void drop_handle(struct transfer *transfer)
{
	curl_easy_cleanup(transfer->curl);
	transfer->curl = NULL;
}

void transport_webhook_destroy(struct transport_webhook *transport)
{
	if (!transport)
		return;
	for (int i = 0; i < transport->settings->connections; i++) {
		struct transfer *transfer = &transport->transfers[i];
		if (transfer->post)
			curl_multi_remove_handle(transport->multi, transfer->curl);
		curl_slist_free_all(transfer->headers);
		drop_handle(transfer);
	}
	curl_multi_cleanup(transport->multi);
	curl_global_cleanup();
	free(transport);
}

int transport_webhook_room(const struct transport_webhook *transport)
{
	return transport->settings->connections - transport->running;
}

static struct curl_slist *header_list(const char *const *headers)
{
	struct curl_slist *list = NULL;
	for (; *headers; headers++) {
		struct curl_slist *longer = curl_slist_append(list, *headers);
		if (!longer)
			fatal("out of memory writing a webhook's headers");
		list = longer;
	}
	return list;
}

static struct transfer *free_transfer(struct transport_webhook *transport)
{
	for (int i = 0; i < transport->settings->connections; i++)
		if (!transport->transfers[i].post)
			return &transport->transfers[i];
	fatal("no room for another post");
}

void transport_webhook_start(struct transport_webhook *transport,
	const struct transport_webhook_post *post, void *context)
{
	struct transfer *transfer = free_transfer(transport);
	if (!transfer->curl)
		transfer->curl = make_handle(transfer);
	transfer->post = post;
	transfer->context = context;
	transfer->length = strlen(post->body);
	transfer->given = transfer->head = transfer->read = 0;
	transfer->address_refused = false;
	transfer->error[0] = '\0';
	transfer->headers = header_list(post->headers);
	curl_easy_setopt(transfer->curl, CURLOPT_URL, post->url);
	curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, transfer->headers);
	curl_easy_setopt(transfer->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->length);
	if (curl_multi_add_handle(transport->multi, transfer->curl) != CURLM_OK)
		fatal("libcurl does not take another request");
	transport->running++;
}

void transport_webhook_wait(struct transport_webhook *transport, int timeout_ms, int wake_fd)
{
	int running;
	struct curl_waitfd wake = { .fd = wake_fd, .events = CURL_WAIT_POLLIN };
	CURLMcode code = curl_multi_perform(transport->multi, &running);
	/* Only when all that were started are still at it is there anything to wait for. */
	if (code == CURLM_OK && running == transport->running)
		code = curl_multi_poll(
			transport->multi, &wake, wake_fd >= 0 ? 1 : 0, timeout_ms, NULL);
	if (code != CURLM_OK)
		fatal("libcurl: %s", curl_multi_strerror(code));
}

void transport_webhook_wake(struct transport_webhook *transport)
{
	curl_multi_wakeup(transport->multi);
}

static const char *what_happened(const struct transfer *transfer, CURLcode code, int reply)
{
	if (transfer->address_refused && !reply)
		return "the host's address is inside a private network";
	if (transfer->head > ANSWER_LIMIT || transfer->read > ANSWER_LIMIT)
		return "the answer was too long and was cut";
	return *transfer->error ? transfer->error : curl_easy_strerror(code);
}

static void describe(
	const struct transfer *transfer, CURLcode code, struct transport_webhook_done *done)
{
	struct transport_result result = { 0 };
	int reply = done->ending.reply_code;
	if (reply && code == CURLE_OK)
		transport_say(&result, TRANSPORT_SENT, "answered %d", reply);
	else if (reply)
		transport_say(&result, TRANSPORT_SENT, "answered %d, then: %s", reply,
			what_happened(transfer, code, reply));
	else
		transport_say(&result, TRANSPORT_SENT, "%s", what_happened(transfer, code, reply));
	memcpy(done->detail, result.detail, sizeof(done->detail));
}

static void read_ending(
	const struct transfer *transfer, CURLcode code, struct transport_webhook_done *done)
{
	long reply = 0;
	curl_off_t took_us = 0;
	curl_off_t retry_after_s = 0;
	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &reply);
	curl_easy_getinfo(transfer->curl, CURLINFO_TOTAL_TIME_T, &took_us);
	curl_easy_getinfo(transfer->curl, CURLINFO_RETRY_AFTER, &retry_after_s);
	done->ending = (struct webhook_ending){ .curl_code = (int)code,
		.reply_code = reply >= 200 && reply <= 999 ? (int)reply : 0,
		.left = transfer->given > 0,
		.retry_after_s = retry_after_s > INT_MAX ? INT_MAX : (int)retry_after_s };
	done->duration_ms = (int)(took_us / 1000);
	done->context = transfer->context;
	done->answer = transfer->answer;
	done->answer_length = transfer->read < sizeof(transfer->answer) ? transfer->read
									: sizeof(transfer->answer);
	describe(transfer, code, done);
}

bool transport_webhook_next(
	struct transport_webhook *transport, struct transport_webhook_done *done)
{
	int left;
	struct transfer *transfer;
	CURLMsg *message = curl_multi_info_read(transport->multi, &left);
	if (!message)
		return false;
	CURLcode code = message->data.result;
	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
	read_ending(transfer, code, done);
	curl_multi_remove_handle(transport->multi, transfer->curl);
	curl_easy_setopt(transfer->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(transfer->headers);
	transfer->headers = NULL;
	transfer->post = NULL;
	transport->running--;
	if (code != CURLE_OK)
		drop_handle(transfer);
	return true;
}
