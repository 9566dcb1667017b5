/* One line a fact, to standard error, as JSON or as key=value text. Never personal data: callers
 * name things by number, and of what they quote (a library, another server) addresses, keys and
 * URLs with a user are masked. */
#pragma once

#include <stdbool.h>
#include <stdnoreturn.h>

#include "common/arena.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_TEXT, LOG_JSON };

void log_init(const char *program, enum log_format format, enum log_level level);

/* What this thread is working on ("request" + its id); put on every line until cleared with
 * NULL. The strings must outlive their use. */
void log_context(const char *key, const char *value);

void log_error(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);

/* A fact with named values: pairs of key and text, ended by NULL. A NULL value is left out. */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* For impossible states, no memory and mistakes in settings: one line, then exit status 1. */
noreturn void fatal(const char *format, ...) PRINTF_LIKE(1, 2);
