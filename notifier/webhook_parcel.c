/* One delivery in the notifier's hands: claimed, posted or given back, and how that is told. */
#include "notifier/webhook_parcel.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "notifier/backoff.h"

/* Beside a body and the copy of it that is signed. Hundreds can wait, so none has room to spare. */
#define BESIDE_BODY_BYTES 2048

/* ---- what comes ---- */

static struct webhook_secret read_secret(struct arena *arena, const char *text)
{
	struct webhook_secret secret = { 0 };
	if (text)
		secret.bytes = db_bytes(arena, text, &secret.length);
	return secret;
}

struct webhook_parcel *webhook_parcel_create(const struct db_rows *rows, int row, long long now_ms)
{
	const char *body = db_text(rows, row, 5);
	struct arena *arena = arena_create_sized(2 * strlen(body) + BESIDE_BODY_BYTES);
	struct webhook_parcel *parcel = arena_alloc(arena, sizeof(*parcel));
	parcel->arena = arena;
	parcel->claimed_ms = now_ms;
	parcel->id = arena_strdup(arena, db_text(rows, row, 0));
	parcel->token = arena_strdup(arena, db_text(rows, row, 1));
	parcel->attempt = arena_strdup(arena, db_text(rows, row, 2));
	parcel->round = (int)db_int(rows, row, 3);
	parcel->event = arena_strdup(arena, db_text(rows, row, 4));
	parcel->post.body = arena_strdup(arena, body);
	parcel->webhook = db_int(rows, row, 6);
	parcel->webhook_name = arena_strdup(arena, db_text(rows, row, 6));
	parcel->post.url = arena_strdup(arena, db_text(rows, row, 7));
	parcel->secrets[0] = read_secret(arena, db_text(rows, row, 8));
	parcel->secrets[1] = read_secret(arena, db_text(rows, row, 9));
	return parcel;
}

void webhook_parcel_destroy(struct webhook_parcel *parcel)
{
	arena_destroy(parcel->arena);
}

void webhook_parcel_sign(struct webhook_parcel *parcel)
{
	struct arena *arena = parcel->arena;
	parcel->headers[0] = "Content-Type: application/json";
	parcel->headers[1] = "Expect:";
	parcel->post.headers = parcel->headers;
	const struct webhook_secret *secrets = parcel->secrets;
	if (!secrets->bytes) /* a channel of Teams or Slack */
		return;
	const char *timestamp = arena_printf(arena, "%lld", (long long)time(NULL));
	const char *signature =
		webhook_sign(arena, secrets, parcel->event, timestamp, parcel->post.body);
	parcel->headers[2] = arena_printf(arena, "webhook-id: %s", parcel->event);
	parcel->headers[3] = arena_printf(arena, "webhook-timestamp: %s", timestamp);
	parcel->headers[4] = arena_printf(arena, "webhook-signature: %s", signature);
}

/* ---- what is said of it ---- */

/* As in a C string: what an endpoint says may hold any bytes. */
static const char *escaped(struct arena *arena, const char *bytes, size_t length)
{
	struct text out;
	text_init(&out, arena);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte == '\n')
			text_add(&out, "\\n");
		else if (byte == '\\')
			text_add(&out, "\\\\");
		else if (byte < 0x20 || byte > 0x7e)
			text_addf(&out, "\\x%02x", byte);
		else
			text_add_bytes(&out, bytes + i, 1);
	}
	return out.bytes;
}

static void begin_result(
	const struct webhook_parcel *parcel, const char *outcome, struct text *results)
{
	text_addf(results, "%s{\"id\":%s,\"token\":%s,\"outcome\":\"%s\"",
		results->length ? "," : "", parcel->id, parcel->token, outcome);
}

static void add_result(const struct webhook_parcel *parcel,
	const struct transport_webhook_done *done, int wait_s, struct text *out)
{
	const struct webhook_ending *ending = &done->ending;
	int rest_s = transport_webhook_rest_s(ending);
	begin_result(parcel, transport_outcome_name(transport_webhook_outcome(ending)), out);
	text_addf(out, ",\"gone\":%s,\"waited_ms\":%lld,",
		transport_webhook_is_gone(ending) ? "true" : "false",
		parcel->posted_ms - parcel->claimed_ms);
	if (rest_s)
		text_addf(out, "\"rest_s\":%d,", rest_s);
	if (wait_s != BACKOFF_GIVE_UP)
		text_addf(out, "\"wait_s\":%d,", wait_s);
	if (ending->reply_code)
		text_addf(out, "\"reply_code\":%d,", ending->reply_code);
	text_addf(out, "\"duration_ms\":%d,\"curl_code\":%d,\"detail\":", done->duration_ms,
		ending->curl_code);
	text_add_json(out, done->detail);
	text_add(out, ",\"answer\":");
	text_add_json(out, done->answer_length
				   ? escaped(parcel->arena, done->answer, done->answer_length)
				   : NULL);
	text_add(out, "}");
}

void webhook_parcel_tell(struct webhook_parcel *parcel, const struct transport_webhook_done *done,
	struct text *results)
{
	const struct webhook_ending *ending = &done->ending;
	struct arena *arena = parcel->arena;
	enum transport_outcome outcome = transport_webhook_outcome(ending);
	int rest_s = transport_webhook_rest_s(ending);
	int asked_s = rest_s > ending->retry_after_s ? rest_s : ending->retry_after_s;
	int wait_s = transport_webhook_is_gone(ending) ? BACKOFF_GIVE_UP
						       : backoff_delivery(parcel->round, asked_s,
								 strtoull(parcel->id, NULL, 10));
	add_result(parcel, done, wait_s, results);
	bool sent = outcome == TRANSPORT_SENT;
	log_event(sent ? LOG_INFO : LOG_WARN, "webhook", "webhook", parcel->webhook_name, "id",
		parcel->event, "outcome", transport_outcome_name(outcome), "attempt",
		parcel->attempt, "reply", arena_printf(arena, "%d", ending->reply_code), "curl",
		arena_printf(arena, "%d", ending->curl_code), "duration_ms",
		arena_printf(arena, "%d", done->duration_ms), "wait_s",
		sent || wait_s < 0 ? NULL : arena_printf(arena, "%d", wait_s), NULL);
}

void webhook_parcel_tell_released(const struct webhook_parcel *parcel, struct text *results)
{
	begin_result(parcel, "released", results);
	text_add(results, "}");
}
