/* The notifier's settings: read from the environment, checked, and what follows from them. */
#include "notifier/setup.h"

#include <string.h>
#include <unistd.h>

#include "common/config.h"
#include "common/log.h"
#include "notifier_queries.h"

#define APPLICATION "goldenthread-notifier"
#define CONNECT_TIMEOUT_S 5
#define LOCAL_FROM "Golden Thread <golden-thread@localhost>"

/* One setup a process: the table below points into it. */
static struct setup values;

/* Sorted by name. */
static const struct setting table[] = {
	{ "GT_DATABASE_PREPARED", SETTING_SWITCH, &values.db.prepare, .fallback = "on",
		.help = "off behind a pooler that lends connections by the transaction",
		.choices = "on off" },
	SETTING_DATABASE_URL(&values.db.url),
	{ "GT_LEASE_SECONDS", SETTING_INTEGER, &values.lease_s, .fallback = "120", .min = 5,
		.max = 3600, .help = "how long a message is held without a sign of life" },
	SETTING_LOG_FORMAT(&values.log_format),
	SETTING_LOG_LEVEL(&values.log_level),
	{ "GT_MAIL_CA_FILE", SETTING_TEXT, &values.mail_ca_file, .optional = true,
		.help = "certificates to trust instead of the system's, as PEM" },
	{ "GT_MAIL_FROM", SETTING_TEXT, &values.mail_from, .optional = true,
		.help = "the sender, as \"Name <address>\"; required to send by SMTP" },
	{ "GT_MAIL_PASSWORD", SETTING_TEXT, &values.mail_password, .optional = true, .secret = true,
		.help = "for the user that GT_MAIL_URL names" },
	{ "GT_MAIL_URL", SETTING_TEXT, &values.mail_url,
		.fallback = "file:///var/lib/goldenthread/mail",
		.help = "smtp://user@host:587 (encrypted, but ?tls=none), smtps://…, notify: or file:///directory" },
	{ "GT_MAIL_WORKERS", SETTING_INTEGER, &values.workers, .fallback = "8", .min = 1, .max = 64,
		.help = "how many messages are sent at once" },
	{ "GT_NOTIFY_API_KEY", SETTING_TEXT, &values.notify.api_key, .optional = true,
		.secret = true, .help = "GOV.UK Notify: the whole API key; required by notify:" },
	{ "GT_NOTIFY_REPLY_TO_ID", SETTING_TEXT, &values.notify.reply_to_id, .optional = true,
		.help = "GOV.UK Notify: the reply-to address to use instead of the service's own" },
	{ "GT_NOTIFY_TEMPLATE_ID", SETTING_TEXT, &values.notify.template_id, .optional = true,
		.help = "GOV.UK Notify: the template with ((subject)) and ((body))" },
	{ "GT_NOTIFY_TIMEOUT_SECONDS", SETTING_INTEGER, &values.notify.timeout_s, .fallback = "30",
		.min = 1, .max = 300, .help = "GOV.UK Notify: longest wait for one answer" },
	{ "GT_NOTIFY_URL", SETTING_TEXT, &values.notify.url,
		.fallback = "https://api.notifications.service.gov.uk",
		.help = "GOV.UK Notify: where its API is" },
	{ "GT_POLL_SECONDS", SETTING_INTEGER, &values.poll_s, .fallback = "30", .min = 1,
		.max = 3600, .help = "how often to look for what is due" },
	{ "GT_PUBLIC_URL", SETTING_TEXT, &values.public_url, .optional = true,
		.help = "where people reach the API's pages; for templates" },
	{ "GT_RETENTION_EVENT_DAYS", SETTING_INTEGER, &values.retention.event_days,
		.fallback = "90", .min = 0, .max = 36500,
		.help = "how long webhooks' events and deliveries are kept; 0: for ever" },
	{ "GT_RETENTION_MESSAGE_DAYS", SETTING_INTEGER, &values.retention.message_days,
		.fallback = "365", .min = 0, .max = 36500,
		.help = "how long an email's text and address are kept; 0: for ever" },
	{ "GT_RETENTION_REPLY_DAYS", SETTING_INTEGER, &values.retention.reply_days,
		.fallback = "90", .min = 0, .max = 36500,
		.help = "how long the words of mail servers' replies are kept; 0: for ever" },
	{ "GT_RETRY_SECONDS", SETTING_INTEGER, &values.backoff.retry_s, .fallback = "60", .min = 1,
		.max = 3600, .help = "first wait after a failure; later ones grow from it" },
	{ "GT_SMTP_REPLY_TIMEOUT_SECONDS", SETTING_INTEGER, &values.mail.reply_timeout_s,
		.fallback = "600", .min = 1, .max = 3600,
		.help = "longest wait for one answer; less than 600 makes duplicates likelier" },
	{ "GT_STATEMENT_TIMEOUT_MS", SETTING_INTEGER, &values.db.statement_timeout_ms,
		.fallback = "60000", .min = 100, .max = 3600000,
		.help = "longest time for one database statement" },
	{ "GT_TEMPLATE_DIR", SETTING_TEXT, &values.template_dir, .optional = true,
		.help = "Mustache files to use instead of the built-in texts" },
	{ "GT_UNCERTAIN_SECONDS", SETTING_INTEGER, &values.backoff.uncertain_s, .fallback = "900",
		.min = 1, .max = 86400,
		.help = "first wait when a message may have arrived unanswered" },
	SETTING_WEBHOOK_ALLOW(&values.webhook_allow),
	{ "GT_WEBHOOK_CA_FILE", SETTING_TEXT, &values.webhook.ca_file, .optional = true,
		.help = "certificates that webhooks' endpoints are checked with instead of the system's" },
	{ "GT_WEBHOOK_CONNECTIONS", SETTING_INTEGER, &values.webhook.connections, .fallback = "64",
		.min = 1, .max = 1000, .help = "how many events are posted at once" },
};

#define TABLE_COUNT (sizeof(table) / sizeof(*table))

void setup_help(FILE *out)
{
	config_help(table, TABLE_COUNT, out);
}

static bool mistake(const char *name, const char *error)
{
	log_error("setting %s %s", name, error);
	return false;
}

static const struct transport *transport_of(enum mail_scheme scheme)
{
	switch (scheme) {
	case MAIL_FILE:
		return &transport_file;
	case MAIL_NOTIFY:
		return &transport_notify;
	default:
		return &transport_smtp;
	}
}

static bool read_notify(struct setup *setup, struct arena *arena)
{
	struct notify_settings_fault faults[NOTIFY_SETTINGS_FAULTS];
	size_t count = notify_settings_check(arena, &setup->notify, faults);
	for (size_t i = 0; i < count; i++)
		log_error("setting %s %s", faults[i].name, faults[i].error);
	return count == 0;
}

static bool read_mail_url(struct setup *setup, struct arena *arena)
{
	const char *error;
	if (!mail_url_read(arena, setup->mail_url, &setup->mail.url, &error))
		return mistake("GT_MAIL_URL", error);
	setup->transport = transport_of(setup->mail.url.scheme);
	setup->mail.password = setup->mail_password;
	setup->mail.ca_file = setup->mail_ca_file;
	return setup->mail.url.scheme != MAIL_NOTIFY || read_notify(setup, arena);
}

static bool read_mail_from(struct setup *setup, struct arena *arena)
{
	const char *error;
	if (!setup->mail_from && setup->transport == &transport_smtp)
		return mistake("GT_MAIL_FROM", "is required to send by SMTP");
	const char *from = setup->mail_from ? setup->mail_from : LOCAL_FROM;
	if (!address_read(arena, from, &setup->compose.from, &error))
		return mistake("GT_MAIL_FROM", error);
	setup->mail.ehlo_fallback = address_domain(setup->compose.from.mailbox);
	return true;
}

static bool read_public_url(const struct setup *setup)
{
	const char *url = setup->public_url;
	if (url && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		return mistake("GT_PUBLIC_URL", "must begin with https:// or http://");
	return true;
}

static bool read_retention(const struct setup *setup)
{
	const char *message = retention_check(setup->retention.message_days);
	const char *reply = retention_check(setup->retention.reply_days);
	const char *event = retention_check(setup->retention.event_days);
	bool fine = !event || mistake("GT_RETENTION_EVENT_DAYS", event);
	fine = (!message || mistake("GT_RETENTION_MESSAGE_DAYS", message)) && fine;
	return (!reply || mistake("GT_RETENTION_REPLY_DAYS", reply)) && fine;
}

static bool read_webhook(struct setup *setup, struct arena *arena)
{
	const char *error;
	const char *ca_file = setup->webhook.ca_file;
	if (!destination_read_allow(arena, setup->webhook_allow, &setup->webhook.allow, &error))
		return mistake("GT_WEBHOOK_ALLOW", error);
	if (ca_file && access(ca_file, R_OK) != 0)
		return mistake("GT_WEBHOOK_CA_FILE", "names a file that cannot be read");
	return true;
}

bool setup_load(struct setup *setup, struct arena *arena)
{
	log_init(APPLICATION, LOG_TEXT, LOG_INFO);
	bool fine = config_load(table, TABLE_COUNT, arena);
	config_log(APPLICATION, values.log_format ? values.log_format : "json",
		values.log_level ? values.log_level : "info");
	if (values.mail_url)
		fine = read_mail_url(&values, arena) && fine;
	fine = read_mail_from(&values, arena) && fine;
	fine = read_public_url(&values) && fine;
	fine = read_webhook(&values, arena) && fine;
	fine = read_retention(&values) && fine;
	values.db.application_name = APPLICATION;
	values.db.connect_timeout_s = CONNECT_TIMEOUT_S;
	values.db.queries = notifier_queries;
	values.db.query_count = N_COUNT;
	values.db.schema_version = GT_SCHEMA_VERSION;
	values.compose.public_url = values.public_url;
	values.mail.notify = values.notify;
	*setup = values;
	return fine;
}

bool setup_mail(struct setup *setup, struct arena *arena)
{
	const char *error;
	bool fine = true;
	setup->mail.backoff = &setup->backoff;
	setup->compose.notify = setup->transport == &transport_notify ? &setup->notify : NULL;
	if (!setup->transport->start(&setup->mail, arena, &error))
		fine = mistake("GT_MAIL_URL", error);
	setup->compose.templates = templates_load(arena, setup->template_dir, &error);
	if (!setup->compose.templates)
		fine = mistake("GT_TEMPLATE_DIR", arena_printf(arena, "cannot be used: %s", error));
	return fine;
}
