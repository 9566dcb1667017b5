/* Mail addresses: what may stand in an envelope or a header. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

struct address {
	const char *name;    /* display name, UTF-8; may be NULL */
	const char *mailbox; /* ASCII: local part @ A-label domain */
};

/* "Name <mailbox>" or a mailbox alone. False and *error (which quotes nothing): no address. */
bool address_read(
	struct arena *arena, const char *text, struct address *out, const char **error) MUSTCHECK;

/* A mailbox as it may be given to a mail server (RFC 5321 section 4.1.2, without quoted local
 * parts and address literals): its domain as A-labels (RFC 5890). NULL: it may not. */
const char *address_mailbox(struct arena *arena, const char *text);

const char *address_domain(const char *mailbox);
