/* The HTTP server: the only file with ulfius. Hands each request to dispatch_handle. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

struct server_settings {
	const char *address; /* numeric, IPv4 or IPv6 */
	int port;
	int threads;
	int connections;    /* at the most, together */
	int idle_timeout_s; /* a connection that says nothing is closed */
};

struct server;

/* NULL, with a line in the log, when the address cannot be had. */
struct server *server_start(const struct server_settings *settings) MUSTCHECK;

/* Answers what is in hand, then ends the threads. */
void server_stop(struct server *server);
