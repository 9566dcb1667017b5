/* From what SQL says of a message to the finished bytes that are sent: an email, or the request
 * that asks GOV.UK Notify for one. */
#include "notifier/compose.h"

#include <gnutls/crypto.h>
#include <jansson.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "notifier/facts.h"
#include "notifier/mime.h"
#include "notifier/notify_request.h"
#include "notifier/render.h"
#include "notifier/view.h"
#include "notifier/view_summary.h"
#include "notifier/view_webhook.h"

static void free_json(void *json)
{
	json_decref(json);
}

static json_t *read_content(struct arena *arena, const char *text)
{
	json_t *content = json_loads(text, 0, NULL);
	if (content)
		arena_defer(arena, free_json, content);
	return content;
}

/* An answer goes to the plan's owner, unless that is who the email is to. */
static struct address reply_to(struct arena *arena, const json_t *content, const char *to)
{
	const json_t *owner = json_object_get(content, "owner");
	const char *email = facts_text(owner, "email");
	const char *holder = facts_text(owner, "holder");
	struct address address = { .name = holder ? holder : facts_text(owner, "name") };
	if (email && strcmp(email, to) != 0)
		address.mailbox = address_mailbox(arena, email);
	return address;
}

static bool write_mime(struct arena *arena, const struct mime_message *message,
	struct composed *out, const char **error)
{
	struct text mime;
	text_init(&mime, arena);
	if (!mime_write(arena, message, &mime, error))
		return false;
	out->mime = mime.bytes;
	out->mime_length = mime.length;
	return true;
}

static bool read_recipient(
	struct arena *arena, const json_t *content, struct composed *out, const char **address)
{
	const json_t *to = json_object_get(content, "to");
	const char *day = facts_text(content, "day");
	*address = facts_text(to, "address");
	out->to_name = facts_text(to, "name");
	out->via = json_integer_value(json_object_get(to, "via"));
	out->message_id = arena_printf(arena, "gt-%lld.%s",
		(long long)json_integer_value(json_object_get(content, "id")), day ? day : "");
	return *address && out->to_name && day;
}

/* A message's kind is the name of its templates too. */
static const char *kind_of(const json_t *content)
{
	const char *kind = facts_text(content, "kind");
	return kind ? kind : "reminder";
}

static enum compose_outcome compose_mime(struct arena *arena,
	const struct compose_settings *settings, const json_t *content, const json_t *view,
	time_t now, struct composed *out, const char **error)
{
	struct rendering rendering;
	if (!render_view(arena, settings->templates, kind_of(content), view, &rendering, error))
		return COMPOSE_FAILED;
	out->subject = rendering.subject;
	out->message_id = arena_printf(
		arena, "<%s@%s>", out->message_id, address_domain(settings->from.mailbox));
	const struct mime_message message = {
		.from = settings->from,
		.to = { .name = out->to_name, .mailbox = out->to_address },
		.reply_to = reply_to(
			arena, content, facts_text(json_object_get(content, "to"), "address")),
		.message_id = out->message_id,
		.date = now,
		.subject = rendering.subject,
		.language = "en",
		.text = rendering.text,
		.html = rendering.html,
	};
	return write_mime(arena, &message, out, error) ? COMPOSE_DONE : COMPOSE_FAILED;
}

/* Two databases may use one service of Notify, say in production and on trial: their messages have
 * the same numbers, and one must not be taken for the other. */
static const char *unique(struct arena *arena, const char *name)
{
	unsigned char random[8];
	struct text out;
	text_init(&out, arena);
	text_addf(&out, "%s.", name);
	if (gnutls_rnd(GNUTLS_RND_NONCE, random, sizeof(random)) != 0)
		fatal("the system gives no random numbers");
	for (size_t i = 0; i < sizeof(random); i++)
		text_addf(&out, "%02x", random[i]);
	return out.bytes;
}

static enum compose_outcome compose_notify(struct arena *arena,
	const struct compose_settings *settings, const json_t *content, json_t *view,
	struct composed *out, const char **error)
{
	struct rendering_notify rendering;
	struct text request;
	text_init(&request, arena);
	/* They go to the address that the council chose there, not to the plan's owner. */
	json_object_set_new(view, "replies", json_false());
	if (!render_notify(arena, settings->templates, kind_of(content), view, &rendering, error))
		return COMPOSE_FAILED;
	out->subject = rendering.subject;
	out->message_id = unique(arena, out->message_id);
	const struct notify_email email = { .address = out->to_address,
		.reference = out->message_id,
		.subject = rendering.subject,
		.body = rendering.body };
	*error = "a text is not UTF-8";
	if (!notify_request_write(&request, settings->notify, &email))
		return COMPOSE_FAILED;
	out->mime = request.bytes;
	out->mime_length = request.length;
	return COMPOSE_DONE;
}

static json_t *make_view(struct arena *arena, const struct compose_settings *settings,
	const json_t *content, const char **error)
{
	const char *kind = kind_of(content);
	if (strcmp(kind, "summary") == 0)
		return view_summary_make(arena, content, settings->public_url, error);
	if (strcmp(kind, "webhook") == 0)
		return view_webhook_make(arena, content, settings->public_url, error);
	return view_make(arena, content, settings->public_url, error);
}

enum compose_outcome compose_message(struct arena *arena, const struct compose_settings *settings,
	const char *text, time_t now, struct composed *out, const char **error)
{
	const char *address;
	*out = (struct composed){ 0 };
	json_t *content = read_content(arena, text);
	json_t *view = content ? make_view(arena, settings, content, error) : NULL;
	if (!view || !read_recipient(arena, content, out, &address)) {
		*error = "the message's content is not what the database promises";
		return COMPOSE_FAILED;
	}
	out->to_address = address_mailbox(arena, address);
	if (!out->to_address) {
		*error = "the recipient's address is not one that mail can be sent to";
		return COMPOSE_BAD_ADDRESS;
	}
	if (settings->notify)
		return compose_notify(arena, settings, content, view, out, error);
	return compose_mime(arena, settings, content, view, now, out, error);
}
