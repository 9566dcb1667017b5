/* Which servers a webhook may post to: judged by the letters of its URL, and again by each address
 * that its host's name turns out to have. Pure. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "common/arena.h"

/* What an operator allows beyond the public internet: a host by its name, or a range of addresses.
 */
struct destination_rule {
	const char *host;        /* NULL: a range */
	struct in6_addr address; /* IPv4 as ::ffff:a.b.c.d */
	int bits;                /* of 128 that count */
	int port;                /* 0: every port */
};

struct destination_allow {
	struct destination_rule *rules;
	size_t count;
};

/* Reads "intranet.example.org, 10.1.0.0/16, [fd00::1]:8443". False and *error: not one of those. */
bool destination_read_allow(struct arena *arena, const char *text, struct destination_allow *allow,
	const char **error) MUSTCHECK;

struct destination {
	const char *host; /* without brackets */
	int port;
	bool listed; /* the operator vouches for this host and port, whatever its address */
};

/* NULL and *out: the URL may be tried. Otherwise what is wrong with it, in a sentence. */
const char *destination_read(struct arena *arena, const struct destination_allow *allow,
	const char *url, struct destination *out) MUSTCHECK;

/* Whether a connection to that address may be made. */
bool destination_takes(const struct destination_allow *allow, const struct destination *destination,
	const struct sockaddr *address);
