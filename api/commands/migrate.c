/* goldenthread-api migrate: brings the database to this program's schema. */
#include <stdio.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/migrate.h"
#include "api/settings.h"

static int migrate(const struct settings *settings, struct arena *arena, bool again)
{
	struct db_settings database = settings_database(settings);
	database.schema_version = NULL;
	struct db *db = db_create(&database);
	const char *error = NULL;
	int applied = 0;
	bool fine = migrate_run(db, arena, again, &applied, &error);
	db_destroy(db);
	if (!fine) {
		fprintf(stderr, "goldenthread-api migrate: %s\nNothing was changed.\n", error);
		return 1;
	}
	printf("The schema is at %s; %d new migration%s applied.\n", GT_SCHEMA_VERSION, applied,
		applied == 1 ? "" : "s");
	return 0;
}

int command_migrate(int argc, char **argv)
{
	struct settings settings;
	bool again = argc == 2 && strcmp(argv[1], "--again") == 0;
	if (argc != 1 && !again) {
		fputs("usage: goldenthread-api migrate [--again]\n", stderr);
		return 2;
	}
	struct arena *arena = arena_create();
	int status =
		settings_load_database(&settings, arena) ? migrate(&settings, arena, again) : 1;
	arena_destroy(arena);
	return status;
}
