/* goldenthread-api: the REST API and the commands that go with it. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/office.h"
#include "api/settings.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "check-config", command_check_config, "checks every setting and says what is wrong" },
	{ "healthcheck", command_healthcheck,
		"[--live]: status 0 if the server on this machine is ready, or alive" },
	{ "import", command_import, "FILE [--dry-run]: reads a published plan into the database" },
	{ "key", command_key, "create --name NAME --role ROLE: makes a key and prints it" },
	{ "lead", command_lead, "TEXT|-: reads a lead cell, as JSON" },
	{ "migrate", command_migrate, "brings the database to this program's schema" },
	{ "person", command_person,
		"export|anonymise --email ADDRESS: what is held about a person, or its end" },
	{ "routes", command_routes, "prints every endpoint, as JSON" },
	{ "serve", command_serve, "serves the API until SIGTERM" },
	{ "timescale", command_timescale, "TEXT|-: reads a timescale, as JSON" },
	{ "verify-changes", command_verify_changes,
		"[--head SEQ:HASH]: recomputes the change record's chain" },
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static void help(FILE *out)
{
	fputs("usage: goldenthread-api COMMAND [ARGUMENT ...]\n\nCommands:\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-28s %s\n", commands[i].name, commands[i].help);
	fputs("\nSettings, from the environment:\n", out);
	settings_help(out);
}

int main(int argc, char **argv)
{
	char module[PATH_MAX];
	const char *word = argc > 1 ? argv[1] : "";
	if (!office_find(module, sizeof(module))) {
		fputs("goldenthread-api: " OFFICE_MODULE
		      " is missing: it belongs beside the program, or in ../lib/goldenthread\n",
			stderr);
		return 1;
	}
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, word) == 0)
			return commands[i].run(argc - 1, argv + 1);
	if (strcmp(word, "--version") == 0) {
		puts("goldenthread-api " GT_VERSION);
		return 0;
	}
	bool asked = strcmp(word, "--help") == 0 || strcmp(word, "help") == 0;
	help(asked ? stdout : stderr);
	return asked ? 0 : 2;
}
