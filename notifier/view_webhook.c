/* What the email about a webhook that was turned off says, as the JSON that its templates are
 * filled from. Pure. */
#include "notifier/view_webhook.h"

#include "notifier/facts.h"
#include "notifier/view_people.h"
#include "notifier/wording.h"

#define LAST_CHARACTERS 300

/* Webhook 3, “Performance dashboard” */
static const char *name_of(struct arena *arena, const json_t *webhook)
{
	const char *description = facts_text(webhook, "description");
	int id = facts_int(webhook, "id", 0);
	if (!description)
		return arena_printf(arena, "Webhook %d", id);
	return arena_printf(arena, "Webhook %d, “%s”", id, description);
}

static const char *cause(struct arena *arena, const json_t *webhook)
{
	const char *since = arena_printf(arena, "since %s at %s",
		wording_date(arena, facts_date(webhook, "since_on")),
		facts_text(webhook, "since_at"));
	if (json_is_true(json_object_get(webhook, "gone")))
		return arena_printf(arena,
			"Its endpoint answered 410, which means that it is gone for good. "
			"It has failed %s.",
			since);
	return arena_printf(arena, "Every delivery has failed %s.", since);
}

/* "answered 500: out of order"; NULL: nothing is known of it. */
static const char *last(struct arena *arena, const json_t *webhook)
{
	const char *detail = facts_text(webhook, "detail");
	const char *answer = facts_text(webhook, "answer");
	if (!detail || !answer)
		return detail;
	return wording_shortened(
		arena, arena_printf(arena, "%s: %s", detail, answer), LAST_CHARACTERS);
}

static const char *waiting(struct arena *arena, const json_t *webhook)
{
	int count = facts_int(webhook, "waiting", 0);
	if (count == 0)
		return NULL;
	return arena_printf(arena, "%d event%s that wait%s", count, count == 1 ? "" : "s",
		count == 1 ? "s" : "");
}

static const char *why(const json_t *webhook)
{
	if (json_is_true(json_object_get(webhook, "named")))
		return "You got this because you are named as the owner of this webhook. It is sent once.";
	return "You got this because the webhook has no owner of its own and you own a plan that it "
	       "hears of. It is sent once.";
}

static bool is_whole(const json_t *content, const json_t *webhook)
{
	return view_people_known(content) && facts_int(webhook, "id", 0) > 0 &&
	       facts_text(webhook, "server") && facts_text(webhook, "since") &&
	       facts_text(webhook, "since_at") && date_is_set(facts_date(webhook, "since_on"));
}

static void free_json(void *json)
{
	json_decref(json);
}

json_t *view_webhook_make(
	struct arena *arena, const json_t *content, const char *public_url, const char **error)
{
	const json_t *webhook = json_object_get(content, "webhook");
	*error = "what is said of the webhook is not what the database promises";
	if (!is_whole(content, webhook))
		return NULL;
	json_t *out = json_object();
	arena_defer(arena, free_json, out);
	const char *name = name_of(arena, webhook);
	view_people_set(arena, content, out);
	facts_set(out, "organisation", facts_text(content, "organisation"));
	facts_set(out, "subject", arena_printf(arena, "%s has been turned off", name));
	facts_set(out, "webhook", name);
	facts_set(out, "server", facts_text(webhook, "server"));
	facts_set(out, "cause", cause(arena, webhook));
	facts_set(out, "preheader", cause(arena, webhook));
	facts_set(out, "last", last(arena, webhook));
	facts_set(out, "waiting", waiting(arena, webhook));
	facts_set(out, "address",
		arena_printf(arena, "%s/v1/webhooks/%d", public_url ? public_url : "",
			facts_int(webhook, "id", 0)));
	facts_set(out, "since", facts_text(webhook, "since"));
	facts_set(out, "why", why(webhook));
	return out;
}
