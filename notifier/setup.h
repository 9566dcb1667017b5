/* The notifier's settings: read from the environment, checked, and what follows from them. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "common/arena.h"
#include "common/db.h"
#include "notifier/backoff.h"
#include "notifier/compose.h"
#include "notifier/retention.h"
#include "notifier/transport.h"
#include "notifier/transport_webhook.h"

struct setup {
	const char *mail_url;
	const char *mail_from;
	const char *mail_password;
	const char *mail_ca_file;
	const char *public_url;
	const char *template_dir;
	const char *webhook_allow;
	const char *log_format;
	const char *log_level;
	struct notify_settings notify;
	int poll_s;
	int workers;
	int lease_s;
	struct retention_settings retention;

	/* Set by the command line: */
	const char *at; /* the planner's clock, RFC 3339; NULL: the database's */

	/* Made from the above: */
	struct db_settings db;
	struct backoff_settings backoff;
	struct transport_settings mail;
	const struct transport *transport;
	struct compose_settings compose;
	struct transport_webhook_settings webhook;
};

/* Reads and checks every setting, and sets up the log. False: each mistake has been logged. */
bool setup_load(struct setup *setup, struct arena *arena) MUSTCHECK;

/* What only sending needs: starts the transport, reads the templates. False: each mistake has been
 * logged. Call once. */
bool setup_mail(struct setup *setup, struct arena *arena) MUSTCHECK;

void setup_help(FILE *out);
