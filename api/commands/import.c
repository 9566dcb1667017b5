/* goldenthread-api import: reads a published plan, shows what it makes of it, and stores it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/commands/import_print.h"
#include "api/import/import.h"
#include "api/reading.h"
#include "api/settings.h"
#include "api_queries.h"
#include "common/text.h"

#define CHUNK_BYTES 65536

static const char usage[] =
	"usage: goldenthread-api import FILE [--dry-run] [--plan SLUG] [--title TITLE]\n"
	"                              [--organisation NAME] [--slug SLUG] [--source-url URL]\n"
	"FILE is a spreadsheet (.csv, .xlsx), a Word document (.docx), text with a table, or an export of\n"
	"Golden Thread (.json, .csv, .xlsx); - reads standard input. --plan imports into that plan again,\n"
	"otherwise a new one is made. --dry-run shows the same and stores nothing.\n";

struct command {
	const char *file;
	const char *plan;
	bool dry_run;
	struct import_options options;
	struct arena *arena;
	struct db *db; /* NULL: no database is set, which only a dry run can do without */
	struct import_doc doc;
};

static bool read_options(int argc, char **argv, struct command *command)
{
	struct import_options *options = &command->options;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		const char **target = strcmp(word, "--plan") == 0           ? &command->plan
				      : strcmp(word, "--title") == 0        ? &options->title
				      : strcmp(word, "--organisation") == 0 ? &options->organisation
				      : strcmp(word, "--slug") == 0         ? &options->slug
				      : strcmp(word, "--source-url") == 0   ? &options->source_url
									    : NULL;
		if (strcmp(word, "--dry-run") == 0) {
			command->dry_run = true;
			continue;
		}
		if (!target && (command->file || (*word == '-' && word[1])))
			return false;
		if (target && i + 1 == argc)
			return false;
		*(target ? target : &command->file) = target ? argv[++i] : word;
	}
	return command->file != NULL;
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "goldenthread-api import: %s%s%s\n", what, why ? ": " : "", why ? why : "");
	return 1;
}

/* One byte beyond the limit is enough for the reader to refuse the file. */
static bool read_file(const struct command *command, struct text *out)
{
	FILE *file = strcmp(command->file, "-") == 0 ? stdin : fopen(command->file, "rb");
	text_init(out, command->arena);
	if (!file)
		return false;
	char *chunk = arena_alloc(command->arena, CHUNK_BYTES);
	size_t got = 1;
	while (got && out->length <= IMPORT_BYTES) {
		got = fread(chunk, 1, CHUNK_BYTES, file);
		text_add_bytes(out, chunk, got);
	}
	bool fine = !ferror(file);
	int error = errno;
	if (file != stdin)
		fclose(file);
	errno = error;
	return fine;
}

static bool database_is_set(void)
{
	return getenv("GT_DATABASE_URL") || getenv("GT_DATABASE_URL_FILE");
}

static int refused(
	const struct command *command, enum db_outcome outcome, const struct db_rows *rows)
{
	if (outcome != DB_REFUSED)
		return complain("the database is away or failed; see the log", NULL);
	const char *detail = rows->detail && *rows->detail ? rows->detail : rows->code;
	return complain(
		command->dry_run ? "this would be refused" : "refused, nothing is stored", detail);
}

/* How the plan reads its quarters and what its periods count from. */
static int load_plan(struct command *command)
{
	struct db_rows rows;
	const char *params[] = { command->plan };
	enum db_outcome outcome = db_run(command->db, command->arena, Q_IMPORT_PLAN, params, &rows);
	if (outcome != DB_DONE || rows.count != 1)
		return refused(command, outcome, &rows);
	command->options.plan_decides = true;
	command->options.timescales = reading_settings(&rows);
	return 0;
}

static int print_preview(struct command *command)
{
	const char *json = command->doc.json;
	struct db_rows rows;
	if (command->db) {
		const char *params[] = { json, command->plan };
		enum db_outcome outcome =
			db_run(command->db, command->arena, Q_IMPORT_PREVIEW, params, &rows);
		if (outcome != DB_DONE || rows.count != 1)
			return refused(command, outcome, &rows);
		json = db_text(&rows, 0, 0);
	}
	if (!import_print(command->arena, json, stdout))
		return complain("the preview cannot be read", NULL);
	return 0;
}

static int store(struct command *command)
{
	struct db_rows rows;
	const char *params[] = { command->doc.json, command->plan };
	enum db_outcome outcome =
		db_run(command->db, command->arena, Q_IMPORT_CREATE, params, &rows);
	if (outcome != DB_DONE || rows.count != 1)
		return refused(command, outcome, &rows);
	const char *id = db_field(&rows, 0, "id");
	outcome = db_run(command->db, command->arena, Q_IMPORT_PLAN, &id, &rows);
	if (outcome != DB_DONE || rows.count != 1)
		return refused(command, outcome, &rows);
	printf("\nImported as plan %s (id %s).\n", db_field(&rows, 0, "slug"), id);
	return 0;
}

static int import(struct command *command)
{
	struct text bytes;
	if (!read_file(command, &bytes))
		return complain(command->file, strerror(errno));
	if (command->plan && command->db && load_plan(command) != 0)
		return 1;
	if (!import_read(command->arena, bytes.bytes, bytes.length, command->file,
		    &command->options, &command->doc)) {
		import_print_errors(&command->doc.plan.errors, stderr);
		return complain("refused, nothing is stored", NULL);
	}
	int status = print_preview(command);
	return status || command->dry_run ? status : store(command);
}

int command_import(int argc, char **argv)
{
	struct command command = { 0 };
	if (!read_options(argc, argv, &command)) {
		fputs(usage, stderr);
		return 2;
	}
	command.arena = arena_create();
	struct settings settings;
	struct db_settings database;
	int status = 1;
	if (command.dry_run && !database_is_set()) {
		status = import(&command);
	} else if (settings_load_database(&settings, command.arena)) {
		database = settings_database(&settings);
		command.db = db_create(&database);
		status = import(&command);
		db_destroy(command.db);
	}
	arena_destroy(command.arena);
	return status;
}
