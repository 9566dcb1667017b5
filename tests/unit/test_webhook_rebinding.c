/* A name that has a public address when it is looked at and one inside the network when it is used:
 * the socket itself is guarded. This program answers libcurl's questions of names, and listens on
 * loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notifier/transport_webhook.h"

#define OUTSIDE "127.0.0.2" /* listed, so that it stands for a public address */
#define INSIDE "127.0.0.1"
#define ADDRESSES 3

/* ---- the resolver: each look-up of the name gives the next set ---- */

static const char *const (*answers)[ADDRESSES];
static atomic_int lookups;

static struct addrinfo *one_address(const char *text, const char *service)
{
	struct addrinfo *info = calloc(1, sizeof(*info) + sizeof(struct sockaddr_in));
	struct sockaddr_in *address = (struct sockaddr_in *)(void *)(info + 1);
	address->sin_family = AF_INET;
	address->sin_port = htons((uint16_t)strtol(service, NULL, 10));
	assert_int_equal(inet_pton(AF_INET, text, &address->sin_addr), 1);
	info->ai_family = AF_INET;
	info->ai_socktype = SOCK_STREAM;
	info->ai_addrlen = sizeof(*address);
	info->ai_addr = (struct sockaddr *)address;
	return info;
}

/* In place of the C library's. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
	struct addrinfo **found)
{
	(void)hints;
	assert_string_equal(name, "rebind.example.org");
	const char *const *set = answers[atomic_fetch_add(&lookups, 1)];
	struct addrinfo **end = found;
	*found = NULL;
	for (int i = 0; i < ADDRESSES && set[i]; i++) {
		*end = one_address(set[i], service);
		end = &(*end)->ai_next;
	}
	return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
	while (info) {
		struct addrinfo *next = info->ai_next;
		free(info);
		info = next;
	}
}

/* ---- two servers on one port ---- */

struct server {
	const char *address;
	int socket;
	pthread_t thread;
	atomic_int connections;
};

static void *serve(void *context)
{
	struct server *server = context;
	char request[4096];
	static const char answer[] =
		"HTTP/1.1 204 No Content\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
	for (int client; (client = accept(server->socket, NULL, NULL)) >= 0;) {
		atomic_fetch_add(&server->connections, 1);
		size_t length = 0;
		while (length < 4 || memcmp(request + length - 4, "ping", 4) != 0) {
			ssize_t got = read(client, request + length, sizeof(request) - length);
			if (got <= 0)
				break;
			length += (size_t)got;
		}
		if (write(client, answer, sizeof(answer) - 1) < 0)
			break;
		close(client);
	}
	return NULL;
}

static bool listen_at(struct server *server, const char *text, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	assert_int_equal(inet_pton(AF_INET, text, &address.sin_addr), 1);
	*server = (struct server){ .address = text };
	server->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(server->socket, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
		listen(server->socket, 8) == 0)
		return true;
	close(server->socket);
	return false;
}

static int port_of(const struct server *server)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);
	assert_int_equal(getsockname(server->socket, (struct sockaddr *)&address, &length), 0);
	return ntohs(address.sin_port);
}

struct fixture {
	struct server inside, outside;
	int port;
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	do { /* until a port is free on both */
		assert_true(listen_at(&f->inside, INSIDE, 0));
		f->port = port_of(&f->inside);
	} while (!listen_at(&f->outside, OUTSIDE, f->port) && close(f->inside.socket) == 0);
	assert_int_equal(pthread_create(&f->inside.thread, NULL, serve, &f->inside), 0);
	assert_int_equal(pthread_create(&f->outside.thread, NULL, serve, &f->outside), 0);
	atomic_store(&lookups, 0);
	*state = f;
	return 0;
}

static void stop(struct server *server)
{
	shutdown(server->socket, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->socket);
}

static int end(void **state)
{
	struct fixture *f = *state;
	stop(&f->inside);
	stop(&f->outside);
	free(f);
	return 0;
}

/* Posts with a transport of its own: libcurl remembers names for a while. */
static struct transport_webhook_done post(const struct fixture *f, bool listed)
{
	struct arena *arena = arena_create();
	struct transport_webhook_settings settings = { .connections = 1 };
	const char *error;
	static const char *const headers[] = { "webhook-id: evt_1", NULL };
	const struct transport_webhook_post one = {
		.url = arena_printf(arena, "http://rebind.example.org:%d/", f->port),
		.to = { .host = "rebind.example.org", .port = f->port, .listed = listed },
		.headers = headers,
		.body = "ping"
	};
	struct transport_webhook_done done;
	assert_true(destination_read_allow(arena, OUTSIDE, &settings.allow, &error));
	struct transport_webhook *transport = transport_webhook_create(&settings);
	transport_webhook_start(transport, &one, NULL);
	while (!transport_webhook_next(transport, &done))
		transport_webhook_wait(transport, 1000, -1);
	transport_webhook_destroy(transport);
	arena_destroy(arena);
	return done;
}

static void test_public_then_private(void **state)
{
	struct fixture *f = *state;
	static const char *const sets[][ADDRESSES] = { { OUTSIDE }, { INSIDE }, { OUTSIDE } };
	answers = sets;
	assert_int_equal(post(f, false).ending.reply_code, 204);
	struct transport_webhook_done refused = post(f, false);
	assert_int_equal(refused.ending.reply_code, 0);
	assert_false(refused.ending.left);
	assert_string_equal(refused.detail, "the host's address is inside a private network");
	assert_int_equal(post(f, false).ending.reply_code, 204);
	assert_int_equal(atomic_load(&lookups), 3);
	assert_int_equal(atomic_load(&f->outside.connections), 2);
	assert_int_equal(atomic_load(&f->inside.connections), 0);
}

static void test_private_among_public_ones_is_passed_over(void **state)
{
	struct fixture *f = *state;
	static const char *const sets[][ADDRESSES] = { { INSIDE, "10.0.0.1", OUTSIDE } };
	answers = sets;
	assert_int_equal(post(f, false).ending.reply_code, 204);
	assert_int_equal(atomic_load(&f->outside.connections), 1);
	assert_int_equal(atomic_load(&f->inside.connections), 0);
}

static void test_nothing_but_private_ones(void **state)
{
	struct fixture *f = *state;
	static const char *const sets[][ADDRESSES] = { { "10.0.0.1", "169.254.169.254", INSIDE } };
	answers = sets;
	assert_string_equal(
		post(f, false).detail, "the host's address is inside a private network");
	assert_int_equal(atomic_load(&f->inside.connections), 0);
}

/* HTTP proxies of the surroundings would hide the address from the guard. */
static void test_a_proxy_of_the_surroundings_changes_nothing(void **state)
{
	struct fixture *f = *state;
	static const char *const sets[][ADDRESSES] = { { INSIDE } };
	char proxy[64];
	answers = sets;
	snprintf(proxy, sizeof(proxy), "http://" INSIDE ":%d", f->port);
	setenv("http_proxy", proxy, 1);
	setenv("all_proxy", proxy, 1);
	assert_string_equal(
		post(f, false).detail, "the host's address is inside a private network");
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	assert_int_equal(atomic_load(&f->inside.connections), 0);
}

static void test_the_operators_host_may_be_inside(void **state)
{
	struct fixture *f = *state;
	static const char *const sets[][ADDRESSES] = { { INSIDE } };
	answers = sets;
	assert_int_equal(post(f, true).ending.reply_code, 204);
	assert_int_equal(atomic_load(&f->inside.connections), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_public_then_private, begin, end),
		cmocka_unit_test_setup_teardown(
			test_private_among_public_ones_is_passed_over, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_but_private_ones, begin, end),
		cmocka_unit_test_setup_teardown(
			test_a_proxy_of_the_surroundings_changes_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_the_operators_host_may_be_inside, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
