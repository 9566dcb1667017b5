/* goldenthread-api key create: the first key, before there is one to call the API with. */
#include <stdio.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/settings.h"
#include "api/token.h"
#include "api_queries.h"

static const char usage[] =
	"usage: goldenthread-api key create --name NAME --role reader|editor|admin [--expires RFC3339]\n"
	"Prints the key, once: it is stored only as a digest.\n";

struct options {
	const char *name;
	const char *role;
	const char *expires;
};

static bool read_options(int argc, char **argv, struct options *options)
{
	if (argc < 2 || strcmp(argv[1], "create") != 0)
		return false;
	for (int i = 2; i < argc; i += 2) {
		const char **target = strcmp(argv[i], "--name") == 0      ? &options->name
				      : strcmp(argv[i], "--role") == 0    ? &options->role
				      : strcmp(argv[i], "--expires") == 0 ? &options->expires
									  : NULL;
		if (!target || i + 1 == argc)
			return false;
		*target = argv[i + 1];
	}
	return options->name && options->role;
}

static int create(
	const struct settings *settings, struct arena *arena, const struct options *options)
{
	struct db_rows rows;
	unsigned char digest[TOKEN_DIGEST_BYTES];
	struct db_settings database = settings_database(settings);
	const char *token = token_create(arena);
	token_digest(token, digest);
	const char *params[] = { options->name, options->role, options->expires,
		db_bytea(arena, digest, sizeof(digest)), token_prefix(arena, token) };
	struct db *db = db_create(&database);
	enum db_outcome outcome = db_run(db, arena, Q_KEY_INSERT, params, &rows);
	db_destroy(db);
	if (outcome == DB_DONE) {
		puts(token);
		return 0;
	}
	fprintf(stderr, "goldenthread-api key create: %s\n",
		outcome == DB_REFUSED ? "the name, the role or the expiry cannot be used"
				      : "the database is away or refused; see the log");
	return 1;
}

int command_key(int argc, char **argv)
{
	struct settings settings;
	struct options options = { 0 };
	if (!read_options(argc, argv, &options)) {
		fputs(usage, stderr);
		return 2;
	}
	struct arena *arena = arena_create();
	int status =
		settings_load_database(&settings, arena) ? create(&settings, arena, &options) : 1;
	arena_destroy(arena);
	return status;
}
