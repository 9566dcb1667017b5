/* One delivery in the notifier's hands: claimed, posted or given back, and how that is told. */
#pragma once

#include "common/db.h"
#include "common/text.h"
#include "notifier/transport_webhook.h"
#include "notifier/webhook_sign.h"

struct webhook_parcel {
	struct webhook_parcel *next;
	struct arena *arena;
	struct transport_webhook_post post;
	struct webhook_secret secrets[2];
	const char *headers[6];
	const char *id;
	const char *token;
	const char *event;
	const char *attempt;
	const char *webhook_name;
	long long webhook;
	int round;
	long long claimed_ms; /* on grace_now_ms's clock */
	long long posted_ms;
};

/* From a row of N_DELIVER. */
struct webhook_parcel *webhook_parcel_create(const struct db_rows *rows, int row, long long now_ms);
void webhook_parcel_destroy(struct webhook_parcel *parcel);

/* Signs it as of now. */
void webhook_parcel_sign(struct webhook_parcel *parcel);

/* How it ended, and what the log says of that: an object more in results, JSON objects with commas
 * between. */
void webhook_parcel_tell(struct webhook_parcel *parcel, const struct transport_webhook_done *done,
	struct text *results);

/* The same of one that was claimed ahead and never posted. */
void webhook_parcel_tell_released(const struct webhook_parcel *parcel, struct text *results);
