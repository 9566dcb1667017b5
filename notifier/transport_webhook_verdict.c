/* What the end of a webhook's POST means for the event and for its endpoint. Pure. */
#include "notifier/transport_webhook_verdict.h"

#define REST_S 60
#define REST_LIMIT_S 86400

enum {
	GONE = 410,
	TOO_MANY_REQUESTS = 429,
	BAD_GATEWAY = 502,
	UNAVAILABLE = 503,
	GATEWAY_TIMEOUT = 504
};

enum transport_outcome transport_webhook_outcome(const struct webhook_ending *ending)
{
	if (ending->reply_code >= 200 && ending->reply_code < 300)
		return TRANSPORT_SENT;
	if (ending->reply_code >= 300)
		return TRANSPORT_RETRY;
	return ending->left ? TRANSPORT_UNCERTAIN : TRANSPORT_RETRY;
}

int transport_webhook_rest_s(const struct webhook_ending *ending)
{
	int asked = ending->retry_after_s < REST_LIMIT_S ? ending->retry_after_s : REST_LIMIT_S;
	switch (ending->reply_code) {
	case UNAVAILABLE:
		return asked;
	case TOO_MANY_REQUESTS:
	case BAD_GATEWAY:
	case GATEWAY_TIMEOUT:
		return asked > REST_S ? asked : REST_S;
	default:
		return 0;
	}
}

bool transport_webhook_is_gone(const struct webhook_ending *ending)
{
	return ending->reply_code == GONE;
}
