/* What GOV.UK Notify's answers mean. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "notifier/transport.h"

enum notify_meaning {
	NOTIFY_ACCEPTED, /* id is its name there */
	NOTIFY_ABSENT,   /* a look-up: there is no such message */
	NOTIFY_UNKNOWN,  /* it may have been accepted, or not */
	NOTIFY_REFUSED,  /* this request; perhaps by mistake */
	NOTIFY_KEY,      /* the API key, or the clock of this machine */
	NOTIFY_RATE,     /* too many requests this minute */
	NOTIFY_DAILY,    /* too many messages today */
	NOTIFY_STRANGER  /* who answered is not GOV.UK Notify */
};

struct notify_answer {
	enum notify_meaning meaning;
	char id[TRANSPORT_ID_BYTES];
	char words[200]; /* "403 AuthError: Invalid token" */
};

/* The answer to a POST of a message, and to a look-up by reference. status: 0 for none. */
void notify_answer_post(int status, const char *body, size_t length, struct notify_answer *out);
void notify_answer_look_up(int status, const char *body, size_t length, struct notify_answer *out);

/* The answer to a look-up by id. False: it says nothing of the delivery. */
bool notify_answer_delivery(
	int status, const char *body, size_t length, struct transport_delivery *out) MUSTCHECK;

/* Daily limits end at midnight UTC. */
int notify_answer_to_midnight_s(time_t now);
