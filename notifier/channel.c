/* Whether the way of sending works; it rests after faults that would meet every message. */
#include "notifier/channel.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/arena.h"
#include "common/log.h"
#include "notifier/grace.h"

/* So many messages in a row, each alone the message's or the recipient's own trouble, are not. */
#define SUSPICIOUS 5

struct channel {
	pthread_mutex_t lock;
	const struct backoff_settings *settings;
	long long rests_until_ms;
	int failures;   /* rests in a row */
	int suspicions; /* results in a row that look like the channel's fault */
};

struct channel *channel_create(const struct backoff_settings *settings)
{
	struct channel *channel = xcalloc(1, sizeof(*channel));
	channel->settings = settings;
	pthread_mutex_init(&channel->lock, NULL);
	return channel;
}

void channel_destroy(struct channel *channel)
{
	if (!channel)
		return;
	pthread_mutex_destroy(&channel->lock);
	free(channel);
}

/* What was already on its way when a rest began says nothing new. */
static void rest(struct channel *channel, const struct transport_result *result)
{
	long long now = grace_now_ms();
	if (now < channel->rests_until_ms)
		return;
	channel->failures++;
	channel->suspicions = 0;
	int seconds = result->rest_s > 0 ? result->rest_s
					 : backoff_channel(channel->settings, channel->failures);
	channel->rests_until_ms = now + (long long)seconds * 1000;
	log_error("mail: no sending for %d s: curl %d, reply %d", seconds, result->curl_code,
		result->reply_code);
}

void channel_note(struct channel *channel, const struct transport_result *result)
{
	bool suspicious = result->content_refused || result->unreachable ||
			  result->outcome == TRANSPORT_UNDELIVERABLE;
	pthread_mutex_lock(&channel->lock);
	if (result->outcome == TRANSPORT_SENT)
		channel->failures = channel->suspicions = 0;
	else if (suspicious)
		channel->suspicions++;
	if (result->outcome == TRANSPORT_CHANNEL || channel->suspicions >= SUSPICIOUS)
		rest(channel, result);
	pthread_mutex_unlock(&channel->lock);
}

int channel_rest_s(struct channel *channel)
{
	pthread_mutex_lock(&channel->lock);
	long long left = channel->rests_until_ms - grace_now_ms();
	pthread_mutex_unlock(&channel->lock);
	return left > 0 ? (int)((left + 999) / 1000) : 0;
}
