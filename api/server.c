/* The HTTP server: the only file with ulfius. Hands each request to dispatch_handle. */
#include "api/server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <ulfius.h>

#include "api/dispatch.h"
#include "api/routes.h"
#include "common/log.h"

#define CONNECTION_BYTES ((size_t)32 * 1024)
#define SEEN_PARAMETERS 64

struct server {
	struct _u_instance instance;
	struct sockaddr_in address4;
	struct sockaddr_in6 address6;
};

/* One arena a server thread, for the one request that the thread is at; it ends with the thread. */
static pthread_key_t arena_key;
static pthread_once_t arena_once = PTHREAD_ONCE_INIT;

static void end_arena(void *arena)
{
	arena_destroy(arena);
}

static void make_arena_key(void)
{
	if (pthread_key_create(&arena_key, end_arena) != 0)
		fatal("cannot make a thread key");
}

static struct arena *thread_arena(void)
{
	struct arena *arena = pthread_getspecific(arena_key);
	if (!arena) {
		arena = arena_create();
		if (pthread_setspecific(arena_key, arena) != 0)
			fatal("cannot set a thread key");
	}
	return arena;
}

static size_t copy_headers(
	struct arena *arena, const struct _u_map *map, const struct http_header **out)
{
	size_t count = (size_t)u_map_count(map);
	struct http_header *headers = arena_alloc(arena, (count + 1) * sizeof(*headers));
	for (size_t i = 0; i < count; i++)
		headers[i] =
			(struct http_header){ map->keys[i], map->values[i] ? map->values[i] : "" };
	*out = headers;
	return count;
}

static void send_answer(const struct http_answer *answer, struct _u_response *response)
{
	for (size_t i = 0; i < answer->header_count; i++)
		u_map_put(response->map_header, answer->headers[i].name, answer->headers[i].value);
	/* libmicrohttpd leaves the body of an answer to HEAD away and tells its length. */
	if (answer->body_length)
		ulfius_set_binary_body_response(
			response, (unsigned)answer->status, answer->body, answer->body_length);
	else
		ulfius_set_empty_body_response(response, (unsigned)answer->status);
}

/* True when the line ends where the address says: a NUL inside of it hides the rest from everybody
 * who reads it as text. libmicrohttpd has put a NUL for the space before the version and for each
 * of CR and LF; a line that ends with LF alone is refused as well, as RFC 9112 section 2.2 allows.
 */
static bool is_whole_line(const char *uri)
{
	const char *version = uri + strlen(uri) + 1;
	return strncmp(version, "HTTP/", 5) == 0 && strlen(version) == 8 && version[9] == '\0';
}

/* libmicrohttpd gives up on a request line with more parameters than its memory for one connection
 * holds, after ulfius has allocated its own record of the request, and then nobody frees that. We
 * read the parameters from ulfius' copy of the line, so libmicrohttpd may see few of them: the line
 * is its buffer of this connection, read on only after we return. */
static void *on_request_line(void *cls, const char *uri)
{
	/* The guard refuses an address that begins like this. */
	if (!is_whole_line(uri))
		*(char *)uri = '\1';
	void *record = ulfius_uri_logger(cls, uri);
	size_t separators = 0;
	for (char *at = (char *)uri; *at; at++)
		if (*at == '&' && ++separators > SEEN_PARAMETERS)
			*at = '+';
	return record;
}

static int on_request(
	const struct _u_request *request, struct _u_response *response, void *user_data)
{
	(void)user_data;
	struct arena *arena = thread_arena();
	struct http_answer answer;
	struct http_request http = {
		.method = request->http_verb,
		.target = request->http_url,
		.body = request->binary_body,
		.body_length = request->binary_body_length,
	};
	http.header_count = copy_headers(arena, request->map_header, &http.headers);
	dispatch_handle(arena, &http, &answer);
	send_answer(&answer, response);
	arena_reset(arena);
	return U_CALLBACK_COMPLETE;
}

static const struct sockaddr *fill_address(
	struct server *server, const struct server_settings *settings)
{
	in_port_t port = htons((uint16_t)settings->port);
	server->address4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = port };
	server->address6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = port };
	if (inet_pton(AF_INET, settings->address, &server->address4.sin_addr) == 1)
		return (const struct sockaddr *)&server->address4;
	if (inet_pton(AF_INET6, settings->address, &server->address6.sin6_addr) == 1)
		return (const struct sockaddr *)&server->address6;
	return NULL;
}

/* What the HTTP library has to say: a line of our log like any other. */
static void PRINTF_LIKE(2, 0) on_library_message(void *context, const char *format, va_list args)
{
	char message[512];
	(void)context;
	vsnprintf(message, sizeof(message), format, args);
	message[strcspn(message, "\n")] = '\0';
	log_info("http: %s", message);
}

static bool start_daemon(struct server *server, const struct server_settings *settings)
{
	const struct sockaddr *address = fill_address(server, settings);
	if (!address) {
		log_error("%s is not a numeric address", settings->address);
		return false;
	}
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_USE_ITC |
			 (address->sa_family == AF_INET6 ? MHD_USE_IPv6 : 0U);
	struct MHD_OptionItem options[] = {
		{ MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_library_message, NULL },
		{ MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)mhd_request_completed, NULL },
		{ MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_request_line, NULL },
		{ MHD_OPTION_SOCK_ADDR, 0, (void *)address },
		{ MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL },
		{ MHD_OPTION_THREAD_POOL_SIZE, settings->threads, NULL },
		{ MHD_OPTION_CONNECTION_LIMIT, settings->connections, NULL },
		{ MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_timeout_s, NULL },
		{ MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)CONNECTION_BYTES, NULL },
		{ MHD_OPTION_LISTENING_ADDRESS_REUSE, 1, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	return ulfius_start_framework_with_mhd_options(&server->instance, flags, options) == U_OK;
}

struct server *server_start(const struct server_settings *settings)
{
	struct server *server = xcalloc(1, sizeof(*server));
	pthread_once(&arena_once, make_arena_key);
	if (ulfius_init_instance(&server->instance, (unsigned)settings->port, NULL, NULL) != U_OK)
		goto fail;
	/* One byte more than is allowed: ulfius cuts a longer body silently, and this shows it. */
	server->instance.max_post_body_size = routes_body_bytes_max() + 1;
	server->instance.max_post_param_size = routes_body_bytes_max() + 1;
	server->instance.allowed_post_processor = U_POST_PROCESS_NONE;
	server->instance.check_utf8 = 0; /* it would drop what the guard must see */
	if (ulfius_add_endpoint_by_val(&server->instance, "*", NULL, "*", 0, on_request, NULL) !=
		U_OK)
		goto fail;
	if (start_daemon(server, settings))
		return server;
	ulfius_clean_instance(&server->instance);
fail:
	log_error("cannot listen on %s port %d", settings->address, settings->port);
	free(server);
	return NULL;
}

void server_stop(struct server *server)
{
	if (!server)
		return;
	ulfius_stop_framework(&server->instance);
	ulfius_clean_instance(&server->instance);
	free(server);
}
