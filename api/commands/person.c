/* goldenthread-api person: what is held about one person, and their data replaced by a pseudonym.
 */
#include <stdio.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/settings.h"
#include "api_queries.h"
#include "common/db_array.h"

static const char usage[] =
	"usage: goldenthread-api person export    --email ADDRESS|--name NAME|--lead ID ...\n"
	"       goldenthread-api person anonymise --email ADDRESS|--name NAME|--lead ID ... [--force]\n"
	"Needs the login that may migrate (gt_migrate). What is said may come several times, but --lead.\n"
	"  export     prints everything held about the person, as one JSON document\n"
	"  anonymise  replaces the person's names and addresses by \"Former holder N\" everywhere, in the\n"
	"             record of changes too, which stays verifiable; cannot be undone\n"
	"  --email    an address of theirs; names recorded with it are theirs too\n"
	"  --name     another form of their name, as authors of updates write it\n"
	"  --lead     whoever holds this post now\n"
	"  --force    although they still hold a post, which is then held by nobody, or have a namesake\n";

struct command {
	struct arena *arena;
	struct db_array emails;
	struct db_array names;
	const char *lead;
	bool anonymise;
	bool force;
	int said;
};

static bool read_option(struct command *command, const char *option, const char *value)
{
	command->said++;
	if (strcmp(option, "--email") == 0)
		db_array_add_text(&command->emails, value);
	else if (strcmp(option, "--name") == 0)
		db_array_add_text(&command->names, value);
	else if (strcmp(option, "--lead") == 0 && !command->lead && *value && strlen(value) <= 18 &&
		 !value[strspn(value, "0123456789")])
		command->lead = value;
	else
		return false;
	return true;
}

static bool read_options(int argc, char **argv, struct command *command)
{
	if (argc < 2)
		return false;
	command->anonymise = strcmp(argv[1], "anonymise") == 0;
	if (!command->anonymise && strcmp(argv[1], "export") != 0)
		return false;
	for (int i = 2; i < argc; i++) {
		if (command->anonymise && strcmp(argv[i], "--force") == 0) {
			command->force = true;
			continue;
		}
		if (i + 1 == argc || !read_option(command, argv[i], argv[i + 1]))
			return false;
		i++;
	}
	return command->said > 0;
}

static int perform(const struct settings *settings, struct command *command)
{
	struct db_rows rows;
	struct db_settings database = settings_database(settings);
	const struct db_param params[] = {
		db_array_param(&command->emails),
		db_array_param(&command->names),
		{ command->lead, 0 },
		{ command->force ? "true" : "false", 0 },
	};
	struct db *db = db_create(&database);
	size_t query = command->anonymise ? Q_PERSON_ANONYMISE : Q_PERSON_EXPORT;
	enum db_outcome outcome = db_run_params(db, command->arena, query, params, &rows);
	db_destroy(db);
	if (outcome == DB_DONE)
		return puts(db_field(&rows, 0, "body")) < 0 || fflush(stdout) != 0;
	const char *why = outcome == DB_REFUSED ? rows.detail : NULL;
	if (outcome == DB_BUSY)
		why = "somebody is writing and did not end; nothing was done, try again";
	fprintf(stderr, "goldenthread-api person: %s\n",
		why && *why ? why : "the database is away or refused; see the log");
	return 1;
}

int command_person(int argc, char **argv)
{
	struct settings settings;
	struct command command = { .arena = arena_create() };
	int status = 2;
	db_array_init(&command.emails, command.arena, DB_ARRAY_TEXT);
	db_array_init(&command.names, command.arena, DB_ARRAY_TEXT);
	if (!read_options(argc, argv, &command))
		fputs(usage, stderr);
	else
		status = settings_load_database(&settings, command.arena)
				 ? perform(&settings, &command)
				 : 1;
	arena_destroy(command.arena);
	return status;
}
