/* GT_MAIL_URL: where messages go. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

enum mail_scheme { MAIL_SMTP, MAIL_SMTPS, MAIL_FILE, MAIL_NOTIFY };

/* MAIL_SMTP only; MAIL_SMTPS is encrypted from the first byte. */
enum mail_tls { MAIL_TLS_STARTTLS, MAIL_TLS_NONE };

struct mail_url {
	enum mail_scheme scheme;
	enum mail_tls tls;
	const char *user; /* NULL: no login */
	const char *host; /* as in the URL: IPv6 addresses in brackets */
	int port;
	const char *directory; /* MAIL_FILE */
};

/* smtp://user@host:587 (STARTTLS unless the host is this machine or ?tls=none), smtps://…,
 * file:///directory, notify: (GOV.UK Notify). False and *error: anything else. */
bool mail_url_read(
	struct arena *arena, const char *url, struct mail_url *out, const char **error) MUSTCHECK;

/* Whether a host, written as in a URL, is surely this machine. */
bool mail_url_is_loopback(const char *host);
