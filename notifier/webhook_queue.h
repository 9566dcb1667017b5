/* What was claimed and is not posted yet, by webhook: how many posts each may have under way, how
 * many more it is worth to claim ahead, and what must be given back. Pure. */
#pragma once

#include <stdbool.h>

#include "common/text.h"
#include "notifier/webhook_parcel.h"

/* Posts to one endpoint; the database gives fewer while it fails, and to channels. */
#define WEBHOOK_QUEUE_AT_ONCE 4
/* Claimed ahead for one endpoint: as many as it took in so long, which a turn may well last; but
 * not more than so many. */
#define WEBHOOK_QUEUE_SPAN_MS 50
#define WEBHOOK_QUEUE_AHEAD 32
/* What was claimed ahead may leave so long after it came: later, what was true of the webhook then
 * may be so no more. */
#define WEBHOOK_QUEUE_TRUST_MS 1000

struct webhook_queue;

struct webhook_queue *webhook_queue_create(void);
void webhook_queue_destroy(struct webhook_queue *queue); /* with all that waits */

void webhook_queue_add(struct webhook_queue *queue, struct webhook_parcel *parcel);
int webhook_queue_waiting(const struct webhook_queue *queue);

/* One that may leave now, the endpoints in turn: it is under way from here on. NULL: none may. */
struct webhook_parcel *webhook_queue_next(struct webhook_queue *queue);
/* After a failure, until the database has heard of it, nothing that waits for that endpoint may
 * leave. */
void webhook_queue_ended(
	struct webhook_queue *queue, const struct webhook_parcel *parcel, bool sent);

/* One that is to be given back untried: it waits for longer than it may, or its endpoint has
 * failed. all: any. NULL: none is. */
struct webhook_parcel *webhook_queue_release(
	struct webhook_queue *queue, long long now_ms, bool all);
/* Nothing may leave for that webhook of what waits now. */
void webhook_queue_halt(struct webhook_queue *queue, long long webhook);

/* Around a turn: what has ended so far is being told. Which webhooks have more to come, and how
 * many to claim ahead of each, as two arrays that PostgreSQL reads; gives how many that are. */
int webhook_queue_tell(
	struct webhook_queue *queue, long long now_ms, struct text *webhooks, struct text *ahead);
/* told: the database has it; else it will be told again. */
void webhook_queue_heard(struct webhook_queue *queue, bool told);
