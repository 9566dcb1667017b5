/* Settings: one table a program, read from the environment (GT_X, or a file named by GT_X_FILE). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "common/arena.h"

enum setting_kind { SETTING_TEXT, SETTING_INTEGER, SETTING_CHOICE, SETTING_SWITCH };

struct setting {
	const char *name; /* "GT_DATABASE_URL" */
	enum setting_kind kind;
	void *target; /* const char * for TEXT and CHOICE, int for INTEGER, bool for SWITCH */
	const char *fallback; /* NULL: required, unless optional */
	bool optional;
	bool secret;
	int min, max;        /* INTEGER */
	const char *choices; /* CHOICE: "json text" */
	const char *help;
};

/* The settings that both programs share are made by these, so that they read alike. */
#define SETTING_DATABASE_URL(at)                                                                   \
	{                                                                                          \
		"GT_DATABASE_URL", SETTING_TEXT, at,                                               \
			.secret = true, .help = "PostgreSQL: a libpq URL, several hosts allowed"   \
	}
#define SETTING_LOG_FORMAT(at)                                                                     \
	{                                                                                          \
		"GT_LOG_FORMAT", SETTING_CHOICE, at, .fallback = "json", .choices = "json text",   \
						     .help = "one line a fact, to standard error"  \
	}
#define SETTING_LOG_LEVEL(at)                                                                      \
	{                                                                                          \
		"GT_LOG_LEVEL", SETTING_CHOICE, at, .fallback = "info",                            \
						    .choices = "error warn info debug",            \
						    .help = "what is worth a line"                 \
	}
#define SETTING_WEBHOOK_ALLOW(at)                                                                  \
	{                                                                                          \
		"GT_WEBHOOK_ALLOW", SETTING_TEXT, at,                                              \
			.optional = true,                                                          \
			.help = "hosts and ranges inside the network that webhooks may go to"      \
	}

/* Fills every target. All mistakes are named at once on standard error; false if there was any.
 * Values live in the arena. A GT_ name that is in no table gets a warning: the two programs share
 * one environment file, so it may be the other's. */
bool config_load(const struct setting *table, size_t count, struct arena *arena) MUSTCHECK;

/* Prints the table for --help: name, default, help. */
void config_help(const struct setting *table, size_t count, FILE *out);

/* Sets up the log from the values of SETTING_LOG_FORMAT and SETTING_LOG_LEVEL. */
void config_log(const char *program, const char *format, const char *level);
