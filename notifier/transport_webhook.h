/* Posts events with libcurl: many at once from one thread, none to an address that is not allowed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/destination.h"
#include "notifier/transport_webhook_verdict.h"

#define TRANSPORT_WEBHOOK_ANSWER_BYTES 1024

struct transport_webhook_settings {
	struct destination_allow allow;
	const char *ca_file; /* certificates to trust instead of the system's; may be NULL */
	int connections;     /* posts at once */
};

/* One event for one endpoint. All of it must live until the post has ended. */
struct transport_webhook_post {
	const char *url;
	struct destination to;      /* the URL as destination_read gave it */
	const char *const *headers; /* "name: value", ends with NULL */
	const char *body;
};

struct transport_webhook_done {
	void *context; /* as given to start */
	struct webhook_ending ending;
	int duration_ms;
	char detail[TRANSPORT_DETAIL_BYTES];
	const char *answer; /* its beginning; valid until the next call */
	size_t answer_length;
};

struct transport_webhook;

/* The settings must outlive it. */
struct transport_webhook *transport_webhook_create(
	const struct transport_webhook_settings *settings);
void transport_webhook_destroy(struct transport_webhook *transport);

/* How many more posts can be started now. */
int transport_webhook_room(const struct transport_webhook *transport);

/* There must be room. */
void transport_webhook_start(struct transport_webhook *transport,
	const struct transport_webhook_post *post, void *context);

/* Goes on with all posts; waits until something happens, that long, or until wake_fd is readable
 * (-1: none). */
void transport_webhook_wait(struct transport_webhook *transport, int timeout_ms, int wake_fd);

/* Ends the wait, this one or the next. Any thread may. */
void transport_webhook_wake(struct transport_webhook *transport);

/* One post that has ended; false: none has. */
bool transport_webhook_next(
	struct transport_webhook *transport, struct transport_webhook_done *done);
