/* What every way of sending a message has in common; the scheme of GT_MAIL_URL chooses one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "notifier/backoff.h"
#include "notifier/mail_url.h"
#include "notifier/notify_settings.h"

enum transport_outcome {
	TRANSPORT_SENT,          /* accepted */
	TRANSPORT_RETRY,         /* surely not accepted; try this message again */
	TRANSPORT_UNCERTAIN,     /* the body has left and no answer came */
	TRANSPORT_REFUSED,       /* this message or this recipient: trying again is pointless */
	TRANSPORT_UNDELIVERABLE, /* the address is nobody's: neither this nor another message */
	TRANSPORT_CHANNEL        /* the way of sending is at fault, not the message: pause it */
};

#define TRANSPORT_DETAIL_BYTES 300
#define TRANSPORT_ID_BYTES 64

struct transport_result {
	enum transport_outcome outcome;
	int curl_code;        /* 0 where there is none */
	int reply_code;       /* SMTP reply; 0 = none */
	bool content_refused; /* TRANSPORT_REFUSED: what it says, not whom it is to */
	bool unreachable;     /* TRANSPORT_RETRY: the server never came to this message */
	int wait_s; /* before this message's next try, or BACKOFF_GIVE_UP; 0: as the backoff says */
	int rest_s; /* TRANSPORT_CHANNEL: how long to rest; 0: as the backoff says */
	char provider_id[TRANSPORT_ID_BYTES]; /* TRANSPORT_SENT: what the provider calls it, or ""
					       */
	char detail[TRANSPORT_DETAIL_BYTES];
};

/* One finished message to one recipient. */
struct transport_mail {
	const char *from;      /* envelope sender */
	const char *to;        /* the one recipient */
	const char *file_name; /* stable identity as a file name, without its ending */
	const char *identity;  /* what it is called for ever: Message-ID or reference */
	long long id;
	int uncertain;       /* how often an earlier try may have arrived */
	int refused;         /* how often it was refused before */
	bool others_refused; /* other messages were too, and none was accepted since */
	const unsigned char *bytes;
	size_t length;
};

/* The caller's say during a send. */
struct transport_gate {
	bool (*may_send_body)(void *context); /* asked once, before the first byte of the body */
	bool (*must_stop)(void *context);     /* asked about once a second */
	void *context;
};

struct transport_settings {
	struct mail_url url;
	const char *password;      /* may be NULL */
	const char *ca_file;       /* certificates to trust instead of the system's; may be NULL */
	const char *ehlo_fallback; /* what to call ourselves when the host has no usable name */
	int reply_timeout_s;
	const struct backoff_settings *backoff;
	struct notify_settings notify; /* MAIL_NOTIFY only */
};

/* What the provider says of a message that it took. */
struct transport_delivery {
	char state[TRANSPORT_ID_BYTES]; /* a word of SQL: message.delivery */
	char at[TRANSPORT_ID_BYTES];    /* RFC 3339; "": not said */
};

struct transport_session;

struct transport {
	const char *form; /* of the bytes it sends: SQL's message.form */
	bool by_domain;   /* it may hang for one domain of recipients and not for others */
	/* Once, before any thread starts. False and *error: these settings cannot work. */
	bool (*start)(
		const struct transport_settings *settings, struct arena *arena, const char **error);
	void (*finish)(void);
	/* A session belongs to one thread. The settings must outlive it. */
	struct transport_session *(*session_create)(const struct transport_settings *settings);
	void (*session_destroy)(struct transport_session *session);
	/* Fills *result; never says "sent" unless it is. */
	void (*send)(struct transport_session *session, const struct transport_mail *mail,
		const struct transport_gate *gate, struct transport_result *result);
	/* Asks what became of a message that was sent. False: not known now. NULL: there is nobody
	 * to ask. */
	bool (*follow)(struct transport_session *session, const char *provider_id,
		const struct transport_gate *gate, struct transport_delivery *delivery) MUSTCHECK;
};

extern const struct transport transport_smtp;
extern const struct transport transport_file;
extern const struct transport transport_notify;

/* The word of SQL for an outcome (attempt.outcome). */
const char *transport_outcome_name(enum transport_outcome outcome);

/* Sets the outcome and a detail of one printable line. */
void transport_say(struct transport_result *result, enum transport_outcome outcome,
	const char *format, ...) PRINTF_LIKE(3, 4);
