/* Which servers a webhook may post to: judged by the letters of its URL, and again by each address
 * that its host's name turns out to have. Pure. */
#include "common/destination.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST_BYTES 253 /* RFC 1035 section 2.3.4, without the root's dot */
#define LABEL_BYTES 63
#define V4_BITS 96 /* where IPv4 begins in ::ffff:a.b.c.d */

#define DIGITS "0123456789"
#define HOST_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS "-."

/* Not on the public internet, or not one host there: the IANA registries of special-purpose
 * addresses (RFC 6890) and multicast. Of IPv6 only 2000::/3 is public, so that a few remain to be
 * named. */
static const struct {
	const char *network;
	int bits;
} private_networks[] = {
	{ "0.0.0.0", 8 },
	{ "10.0.0.0", 8 },
	{ "100.64.0.0", 10 },
	{ "127.0.0.0", 8 },
	{ "169.254.0.0", 16 },
	{ "172.16.0.0", 12 },
	{ "192.0.0.0", 24 },
	{ "192.0.2.0", 24 },
	{ "192.88.99.0", 24 },
	{ "192.168.0.0", 16 },
	{ "198.18.0.0", 15 },
	{ "198.51.100.0", 24 },
	{ "203.0.113.0", 24 },
	{ "224.0.0.0", 4 },
	{ "240.0.0.0", 4 },
	{ "2001::", 23 }, /* Teredo, benchmarks, ORCHID */
	{ "2001:db8::", 32 },
	{ "2002::", 16 }, /* 6to4 carries any IPv4 address */
	{ "3fff::", 20 },
};

static struct in6_addr as_v6(struct in_addr v4)
{
	struct in6_addr v6 = { .s6_addr = { [10] = 0xff, [11] = 0xff } };
	memcpy(&v6.s6_addr[12], &v4, sizeof(v4));
	return v6;
}

/* Both families, as one; only the plain ways of writing them. */
static bool read_address(const char *text, struct in6_addr *address)
{
	struct in_addr v4;
	if (inet_pton(AF_INET, text, &v4) == 1) {
		*address = as_v6(v4);
		return true;
	}
	return inet_pton(AF_INET6, text, address) == 1;
}

static bool is_v4(const struct in6_addr *address)
{
	return IN6_IS_ADDR_V4MAPPED(address);
}

static bool is_within(const struct in6_addr *address, const struct in6_addr *network, int bits)
{
	int bytes = bits / 8;
	int rest = bits % 8;
	if (memcmp(address, network, (size_t)bytes) != 0)
		return false;
	unsigned mask = 0xffU << (8 - rest) & 0xffU;
	return rest == 0 ||
	       ((unsigned)(address->s6_addr[bytes] ^ network->s6_addr[bytes]) & mask) == 0;
}

static bool is_public(const struct in6_addr *address)
{
	if (!is_v4(address) && address->s6_addr[0] >> 5 != 1)
		return false;
	for (size_t i = 0; i < sizeof(private_networks) / sizeof(*private_networks); i++) {
		struct in6_addr network;
		if (!read_address(private_networks[i].network, &network))
			return false;
		int bits = private_networks[i].bits + (is_v4(&network) ? V4_BITS : 0);
		if (is_within(address, &network, bits))
			return false;
	}
	return true;
}

static bool is_listed_host(const struct destination_allow *allow, const char *host, int port)
{
	for (size_t i = 0; i < allow->count; i++) {
		const struct destination_rule *rule = &allow->rules[i];
		if (rule->host && strcasecmp(rule->host, host) == 0 &&
			(!rule->port || rule->port == port))
			return true;
	}
	return false;
}

static bool is_listed_address(
	const struct destination_allow *allow, const struct in6_addr *address, int port)
{
	for (size_t i = 0; i < allow->count; i++) {
		const struct destination_rule *rule = &allow->rules[i];
		if (!rule->host && is_within(address, &rule->address, rule->bits) &&
			(!rule->port || rule->port == port))
			return true;
	}
	return false;
}

/* ---- the parts of a URL, and of the operator's list ---- */

/* "8443" to its number; -1: not a port. */
static int read_port(const char *text)
{
	size_t length = strlen(text);
	long port = length >= 1 && length <= 5 ? strtol(text, NULL, 10) : 0;
	return !text[strspn(text, DIGITS)] && port >= 1 && port <= 65535 ? (int)port : -1;
}

/* Cuts "[::1]:8443" or "host:8443" into host and port (0: none given). False: neither. */
static bool split_port(char *text, const char **host, int *port)
{
	bool bracket = *text == '[';
	char *end = bracket ? strchr(text, ']') : text + strcspn(text, ":");
	*port = 0;
	if (!end)
		return false;
	*host = text + bracket;
	if (bracket)
		*end++ = '\0';
	if (*end == ':') {
		*port = read_port(end + 1);
		*end = '\0';
		return *port > 0;
	}
	return !*end;
}

/* Letters, digits and hyphens in labels (RFC 1123 section 2.1). */
static bool is_name(const char *host)
{
	size_t length = strlen(host);
	if (length < 1 || length > HOST_BYTES || host[strspn(host, HOST_LETTERS)])
		return false;
	for (const char *at = host;;) {
		size_t label = strcspn(at, ".");
		if (label < 1 || label > LABEL_BYTES || at[0] == '-' || at[label - 1] == '-')
			return false;
		if (!at[label])
			return true;
		at += label + 1;
	}
}

/* What some program somewhere reads as an address though it is none of the plain forms: "127.1",
 * "0x7f.1", "2130706433" (WHATWG URL, "ends in a number"). */
static bool ends_in_a_number(const char *host)
{
	const char *dot = strrchr(host, '.');
	const char *last = dot ? dot + 1 : host;
	if (strncasecmp(last, "0x", 2) == 0)
		return true;
	return !last[strspn(last, DIGITS)];
}

static bool is_local_name(const char *host)
{
	const char *dot = strrchr(host, '.');
	return !dot || strcasecmp(dot, ".localhost") == 0;
}

static bool read_range(char *text, struct destination_rule *rule)
{
	char *slash = strchr(text, '/');
	char *end;
	*slash = '\0';
	if (!read_address(text, &rule->address))
		return false;
	int most = is_v4(&rule->address) ? 32 : 128;
	long bits = strtol(slash + 1, &end, 10);
	if (end == slash + 1 || *end || bits < 0 || bits > most)
		return false;
	rule->bits = (int)bits + 128 - most;
	return true;
}

static bool read_rule(char *text, struct destination_rule *rule)
{
	const char *host;
	if (strchr(text, '/'))
		return read_range(text, rule);
	rule->bits = 128;
	if (read_address(text, &rule->address))
		return true;
	if (!split_port(text, &host, &rule->port))
		return false;
	if (read_address(host, &rule->address))
		return true;
	rule->host = host;
	return is_name(host) && !ends_in_a_number(host);
}

bool destination_read_allow(
	struct arena *arena, const char *text, struct destination_allow *allow, const char **error)
{
	char *rest = arena_strdup(arena, text ? text : "");
	allow->rules = arena_alloc(arena, (strlen(rest) / 2 + 1) * sizeof(*allow->rules));
	allow->count = 0;
	for (char *word; (word = strsep(&rest, ", "));) {
		if (!*word)
			continue;
		*error = arena_printf(arena,
			"must list hosts, addresses and ranges such as intranet.example.org, "
			"10.1.2.3:8443 or 10.1.0.0/16; \"%s\" is none",
			word);
		if (!read_rule(word, &allow->rules[allow->count]))
			return false;
		allow->count++;
	}
	return true;
}

static const char *check_host(const struct destination_allow *allow, struct destination *out)
{
	struct in6_addr address;
	if (read_address(out->host, &address)) {
		out->listed = is_listed_address(allow, &address, out->port);
		return out->listed || is_public(&address)
			       ? NULL
			       : "Must not be an address inside a private network";
	}
	out->listed = is_listed_host(allow, out->host, out->port);
	if (!is_name(out->host) || ends_in_a_number(out->host))
		return "Must name a host such as hooks.example.org, or an address in its plain form";
	if (!out->listed && is_local_name(out->host))
		return "Must name a host by its full name, not one of this machine or network";
	return NULL;
}

static const char *check_way(const struct destination *to, bool tls)
{
	if (to->listed)
		return NULL;
	if (!tls)
		return "Must begin with https://";
	return to->port == 443 || to->port == 8443 ? NULL : "Must use port 443 or 8443";
}

const char *destination_read(struct arena *arena, const struct destination_allow *allow,
	const char *url, struct destination *out)
{
	bool tls = strncmp(url, "https://", 8) == 0;
	*out = (struct destination){ 0 };
	if (!tls && strncmp(url, "http://", 7) != 0)
		return "Must begin with https://";
	const char *rest = strstr(url, "//") + 2;
	size_t length = strcspn(rest, "/?#");
	if (memchr(rest, '@', length))
		return "Must not hold a user name or a password";
	if (strchr(rest, '#'))
		return "Must not have a fragment";
	if (!split_port(arena_strndup(arena, rest, length), &out->host, &out->port) ||
		(*rest == '[') != (strchr(out->host, ':') != NULL))
		return "Must name a host, and a port only as a number";
	if (!out->port)
		out->port = tls ? 443 : 80;
	const char *fault = check_host(allow, out);
	return fault ? fault : check_way(out, tls);
}

bool destination_takes(const struct destination_allow *allow, const struct destination *destination,
	const struct sockaddr *address)
{
	struct in6_addr to;
	if (address->sa_family == AF_INET)
		to = as_v6(((const struct sockaddr_in *)(const void *)address)->sin_addr);
	else if (address->sa_family == AF_INET6)
		to = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	else
		return false;
	return destination->listed || is_public(&to) ||
	       is_listed_address(allow, &to, destination->port);
}
