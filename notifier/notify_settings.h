/* What sending by GOV.UK Notify needs to know, and whether it is right. Pure. */
#pragma once

#include <stddef.h>

#include "common/arena.h"
#include "notifier/notify_jwt.h"

#define NOTIFY_SETTINGS_FAULTS 4

struct notify_settings {
	const char *api_key;
	const char *template_id;
	const char *url;         /* without a slash at its end */
	const char *reply_to_id; /* may be NULL */
	int timeout_s;

	struct notify_key key; /* made from api_key */
};

struct notify_settings_fault {
	const char *name; /* of the setting */
	const char *error;
};

/* Fills key and tidies url. Returns how many settings are wrong; each is in faults. */
size_t notify_settings_check(struct arena *arena, struct notify_settings *settings,
	struct notify_settings_fault faults[NOTIFY_SETTINGS_FAULTS]);
