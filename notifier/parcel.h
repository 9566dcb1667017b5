/* One message on its way through the notifier: leased, ready to be sent, and how that ended. */
#pragma once

#include "notifier/transport.h"

struct parcel {
	struct parcel *next; /* in the list it is on */
	struct arena *arena; /* it lives in there, with all that it points to */
	long long id;
	const char *name; /* the id, for the log */
	long long token;  /* of the lease */
	int attempt;
	int uncertain;           /* how often it was uncertain before */
	long long body_until_ms; /* till then its body may leave unasked; 0: ask first */
	struct domain *domain;   /* it is to; NULL: that does not matter */
	long long queued_ms;     /* since when it waits for a thread */
	struct transport_mail mail;
	bool unsendable; /* the result is known already: it could not be rendered */
	struct transport_result result;
	const char *outcome; /* the word of SQL for how it ended */
	int wait_s;          /* until it is tried again, or BACKOFF_GIVE_UP */
};

/* In the order of adding. Zeroed: empty. */
struct parcel_list {
	struct parcel *first;
	struct parcel *last;
	int count;
};

/* The list owns what it holds. */
void parcel_add(struct parcel_list *list, struct parcel *parcel);
/* The oldest; NULL: none is left. */
struct parcel *parcel_take(struct parcel_list *list);
/* The oldest that fits. */
struct parcel *parcel_take_where(struct parcel_list *list,
	bool (*fits)(const struct parcel *parcel, const void *context), const void *context);
/* Moves all of them to the end of another list. */
void parcel_move(struct parcel_list *to, struct parcel_list *from);

struct parcel *parcel_create(long long id, long long token);
void parcel_destroy(struct parcel *parcel);
