/* What was claimed and is not posted yet, by webhook: how many posts each may have under way, how
 * many more it is worth to claim ahead, and what must be given back. Pure. */
#include "notifier/webhook_queue.h"

#include <stdlib.h>

struct endpoint {
	struct endpoint *next;
	long long webhook;
	struct webhook_parcel *first; /* waiting, as claimed */
	struct webhook_parcel *last;
	int under_way;
	int taken; /* in the last span of time */
	int sent;  /* since its end */
	long long since_ms;
	bool failed;  /* since the last turn began */
	bool telling; /* it had failed before, and the turn under way tells it */
	bool halted;  /* what waits now is to be given back */
};

struct webhook_queue {
	struct endpoint *first; /* whose turn it is to have one leave */
	struct endpoint *last;
	int waiting;
};

struct webhook_queue *webhook_queue_create(void)
{
	return xcalloc(1, sizeof(struct webhook_queue));
}

static void append(struct webhook_queue *queue, struct endpoint *endpoint)
{
	endpoint->next = NULL;
	if (queue->last)
		queue->last->next = endpoint;
	else
		queue->first = endpoint;
	queue->last = endpoint;
}

static struct endpoint *take_first(struct webhook_queue *queue)
{
	struct endpoint *endpoint = queue->first;
	queue->first = endpoint->next;
	if (!queue->first)
		queue->last = NULL;
	return endpoint;
}

static struct endpoint *find(const struct webhook_queue *queue, long long webhook)
{
	struct endpoint *endpoint = queue->first;
	while (endpoint && endpoint->webhook != webhook)
		endpoint = endpoint->next;
	return endpoint;
}

void webhook_queue_add(struct webhook_queue *queue, struct webhook_parcel *parcel)
{
	struct endpoint *endpoint = find(queue, parcel->webhook);
	if (!endpoint) {
		endpoint = xcalloc(1, sizeof(*endpoint));
		endpoint->webhook = parcel->webhook;
		endpoint->since_ms = parcel->claimed_ms;
		append(queue, endpoint);
	}
	parcel->next = NULL;
	if (endpoint->first)
		endpoint->last->next = parcel;
	else
		endpoint->first = parcel;
	endpoint->last = parcel;
	queue->waiting++;
}

int webhook_queue_waiting(const struct webhook_queue *queue)
{
	return queue->waiting;
}

static struct webhook_parcel *take(struct webhook_queue *queue, struct endpoint *endpoint)
{
	struct webhook_parcel *parcel = endpoint->first;
	endpoint->first = parcel->next;
	queue->waiting--;
	return parcel;
}

static bool is_closed(const struct endpoint *endpoint)
{
	return endpoint->failed || endpoint->telling || endpoint->halted;
}

static bool may_begin(const struct endpoint *endpoint)
{
	return endpoint->first && endpoint->under_way < WEBHOOK_QUEUE_AT_ONCE &&
	       !is_closed(endpoint);
}

/* Whoever has one leave goes to the end of the line, and so do those before it that may not. */
struct webhook_parcel *webhook_queue_next(struct webhook_queue *queue)
{
	const struct endpoint *end = queue->last;
	bool all_seen = !end;
	while (!all_seen) {
		struct endpoint *endpoint = take_first(queue);
		all_seen = endpoint == end;
		append(queue, endpoint);
		if (may_begin(endpoint)) {
			endpoint->under_way++;
			return take(queue, endpoint);
		}
	}
	return NULL;
}

void webhook_queue_ended(
	struct webhook_queue *queue, const struct webhook_parcel *parcel, bool sent)
{
	struct endpoint *endpoint = find(queue, parcel->webhook);
	endpoint->under_way--;
	endpoint->sent += sent;
	endpoint->failed = endpoint->failed || !sent;
}

struct webhook_parcel *webhook_queue_release(
	struct webhook_queue *queue, long long now_ms, bool all)
{
	if (queue->waiting == 0)
		return NULL;
	for (struct endpoint *endpoint = queue->first; endpoint; endpoint = endpoint->next) {
		const struct webhook_parcel *parcel = endpoint->first;
		if (!parcel)
			continue;
		bool old = now_ms - parcel->claimed_ms > WEBHOOK_QUEUE_TRUST_MS;
		if (all || old || is_closed(endpoint))
			return take(queue, endpoint);
	}
	return NULL;
}

void webhook_queue_halt(struct webhook_queue *queue, long long webhook)
{
	struct endpoint *endpoint = find(queue, webhook);
	if (endpoint)
		endpoint->halted = true;
}

static int worth_claiming(struct endpoint *endpoint, long long now_ms)
{
	long long span_ms = now_ms - endpoint->since_ms;
	if (span_ms >= WEBHOOK_QUEUE_SPAN_MS) {
		endpoint->taken =
			(int)((long long)endpoint->sent * WEBHOOK_QUEUE_SPAN_MS / span_ms);
		endpoint->sent = 0;
		endpoint->since_ms = now_ms;
	}
	int count = endpoint->taken > endpoint->sent ? endpoint->taken : endpoint->sent;
	if (is_closed(endpoint))
		return 0;
	return count < WEBHOOK_QUEUE_AHEAD ? count : WEBHOOK_QUEUE_AHEAD;
}

int webhook_queue_tell(
	struct webhook_queue *queue, long long now_ms, struct text *webhooks, struct text *ahead)
{
	const char *separator = "{";
	int all = 0;
	for (struct endpoint *endpoint = queue->first; endpoint; endpoint = endpoint->next) {
		int worth = worth_claiming(endpoint, now_ms);
		text_addf(webhooks, "%s%lld", separator, endpoint->webhook);
		text_addf(ahead, "%s%d", separator, worth);
		all += worth;
		separator = ",";
		endpoint->telling = endpoint->failed;
		endpoint->failed = false;
	}
	text_add(webhooks, queue->first ? "}" : "{}");
	text_add(ahead, queue->first ? "}" : "{}");
	return all;
}

static bool is_over(const struct endpoint *endpoint)
{
	return !endpoint->first && endpoint->under_way == 0 && endpoint->sent == 0 &&
	       endpoint->taken == 0 && !is_closed(endpoint);
}

void webhook_queue_heard(struct webhook_queue *queue, bool told)
{
	struct endpoint *left = queue->first;
	queue->first = queue->last = NULL;
	while (left) {
		struct endpoint *endpoint = left;
		left = endpoint->next;
		endpoint->failed = endpoint->failed || (endpoint->telling && !told);
		endpoint->telling = endpoint->halted = false;
		if (is_over(endpoint))
			free(endpoint);
		else
			append(queue, endpoint);
	}
}

void webhook_queue_destroy(struct webhook_queue *queue)
{
	while (queue->first) {
		struct endpoint *endpoint = take_first(queue);
		while (endpoint->first)
			webhook_parcel_destroy(take(queue, endpoint));
		free(endpoint);
	}
	free(queue);
}
