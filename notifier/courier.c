/* Sends parcels, one after another, and hands each with its result to the ledger. */
#include "notifier/courier.h"

#include <stdlib.h>

#include "common/log.h"
#include "notifier/grace.h"

struct courier {
	const struct setup *setup;
	struct channel *channel;
	struct ledger *ledger;
	struct transport_session *session;
};

struct courier *courier_create(
	const struct setup *setup, struct channel *channel, struct ledger *ledger)
{
	struct courier *courier = xcalloc(1, sizeof(*courier));
	courier->setup = setup;
	courier->channel = channel;
	courier->ledger = ledger;
	courier->session = setup->transport->session_create(&setup->mail);
	return courier;
}

void courier_destroy(struct courier *courier)
{
	if (!courier)
		return;
	courier->setup->transport->session_destroy(courier->session);
	free(courier);
}

static int wait_after(const struct courier *courier, const struct parcel *parcel)
{
	const struct backoff_settings *settings = &courier->setup->backoff;
	unsigned long long seed = (unsigned long long)parcel->id;
	int rest_s;
	if (parcel->result.wait_s)
		return parcel->result.wait_s;
	switch (parcel->result.outcome) {
	case TRANSPORT_SENT:
		return 0;
	case TRANSPORT_REFUSED:
	case TRANSPORT_UNDELIVERABLE: /* this address; the database knows whether there is another
				       */
		return BACKOFF_GIVE_UP;
	case TRANSPORT_UNCERTAIN:
		return backoff_uncertain(settings, parcel->uncertain + 1, seed);
	case TRANSPORT_CHANNEL: /* not the message's fault: as often as it takes */
		rest_s = channel_rest_s(courier->channel);
		return rest_s > 0 ? rest_s : backoff_channel(settings, 1);
	case TRANSPORT_RETRY:
		break;
	}
	return backoff_retry(settings, parcel->attempt, seed);
}

/* What the gate's questions are about. */
struct sending {
	struct courier *courier;
	const struct parcel *parcel;
	bool lease_lost;
};

/* Silence after this means "unknown", so the database must know before the body leaves: it does for
 * a while after the lease, or is told now. */
static bool may_send_body(void *context)
{
	struct sending *sending = context;
	if (grace_now_ms() < sending->parcel->body_until_ms)
		return true;
	enum ledger_answer answer = ledger_body(sending->courier->ledger, sending->parcel);
	sending->lease_lost = answer == LEDGER_LOST;
	return answer == LEDGER_GO;
}

static bool must_stop(void *context)
{
	(void)context;
	return grace_is_over();
}

static void send_parcel(struct courier *courier, struct parcel *parcel)
{
	struct sending sending = { .courier = courier, .parcel = parcel };
	struct transport_gate gate = { may_send_body, must_stop, &sending };
	courier->setup->transport->send(courier->session, &parcel->mail, &gate, &parcel->result);
	if (sending.lease_lost)
		log_warn("delivery: the lease was lost before the body left: nothing was sent");
	else
		channel_note(courier->channel, &parcel->result);
}

bool courier_deliver(struct courier *courier, struct parcel *parcel)
{
	log_context("mail", parcel->name);
	if (!parcel->unsendable)
		send_parcel(courier, parcel);
	parcel->outcome = transport_outcome_name(parcel->result.outcome);
	parcel->wait_s = wait_after(courier, parcel);
	bool answered =
		parcel->result.outcome == TRANSPORT_SENT || parcel->result.reply_code >= 400;
	log_context("mail", NULL);
	ledger_record(courier->ledger, parcel);
	return answered;
}

void courier_release(struct ledger *ledger, struct parcel *parcel, int wait_s)
{
	parcel->result = (struct transport_result){ 0 };
	parcel->outcome = "released";
	parcel->wait_s = wait_s;
	ledger_record(ledger, parcel);
}
