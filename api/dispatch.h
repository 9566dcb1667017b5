/* One request from its first byte to its answer: the steps, in order. */
#pragma once

#include "api/http.h"
#include "api/settings.h"
#include "common/arena.h"

/* Call once before the first request; the settings must outlive the last. */
void dispatch_init(const struct settings *settings);

/* From here on /readyz answers 503, so that a proxy sends requests elsewhere. */
void dispatch_drain(void);

/* Fills the answer; its strings live in the arena. Never fails: what goes wrong is an answer. */
void dispatch_handle(
	struct arena *arena, const struct http_request *http, struct http_answer *answer);
