/* What sending by GOV.UK Notify needs to know, and whether it is right. Pure. */
#include "notifier/notify_settings.h"

#include <string.h>

#include "notifier/mail_url.h"

static const char *key_error(struct arena *arena, struct notify_settings *settings)
{
	if (!settings->api_key)
		return "is required to send by GOV.UK Notify";
	if (!notify_key_read(arena, settings->api_key, &settings->key))
		return "must be a whole API key of GOV.UK Notify: its name and two UUIDs";
	return NULL;
}

static const char *template_error(const struct notify_settings *settings)
{
	if (!settings->template_id)
		return "is required to send by GOV.UK Notify";
	return notify_is_uuid(settings->template_id) ? NULL : "must be a UUID";
}

/* The key's bearer tokens travel there, so it is encrypted unless it stays on this machine. */
static const char *url_error(struct arena *arena, struct notify_settings *settings)
{
	const char *url = settings->url;
	bool encrypted = strncmp(url, "https://", 8) == 0;
	if (!encrypted && strncmp(url, "http://", 7) != 0)
		return "must begin with https://";
	const char *authority = url + (encrypted ? 8 : 7);
	size_t length = strcspn(authority, "/");
	size_t host = *authority == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");
	if (!length || host > length || strpbrk(url, " ?#@\"\\<>"))
		return "must name a host, and nothing else than a path after it";
	if (!encrypted && !mail_url_is_loopback(arena_strndup(arena, authority, host)))
		return "must begin with https:// unless it is on this machine";
	size_t end = strlen(url);
	while (url[end - 1] == '/')
		end--;
	settings->url = arena_strndup(arena, url, end);
	return NULL;
}

static const char *reply_to_error(const struct notify_settings *settings)
{
	const char *id = settings->reply_to_id;
	return !id || notify_is_uuid(id) ? NULL : "must be the UUID of a reply-to address";
}

size_t notify_settings_check(struct arena *arena, struct notify_settings *settings,
	struct notify_settings_fault faults[NOTIFY_SETTINGS_FAULTS])
{
	const struct notify_settings_fault all[NOTIFY_SETTINGS_FAULTS] = {
		{ "GT_NOTIFY_API_KEY", key_error(arena, settings) },
		{ "GT_NOTIFY_TEMPLATE_ID", template_error(settings) },
		{ "GT_NOTIFY_URL", url_error(arena, settings) },
		{ "GT_NOTIFY_REPLY_TO_ID", reply_to_error(settings) },
	};
	size_t count = 0;
	for (size_t i = 0; i < NOTIFY_SETTINGS_FAULTS; i++)
		if (all[i].error)
			faults[count++] = all[i];
	return count;
}
