/* Brings a database to this program's schema: forward only, safe to run twice and from anywhere. */
#include "api/migrate.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "schema_files.h"

#define SHA256_BYTES 32

static bool is_in(const struct embedded_file *file, const char *folder)
{
	return strncmp(file->name, folder, strlen(folder)) == 0;
}

/* "migrations/0001_plan.sql" to "0001_plan" */
static const char *migration_name(struct arena *arena, const struct embedded_file *file)
{
	const char *name = strchr(file->name, '/') + 1;
	return arena_strndup(arena, name, strlen(name) - strlen(".sql"));
}

static const char *checksum(struct arena *arena, const char *bytes, size_t length)
{
	unsigned char digest[SHA256_BYTES];
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, length, digest) != 0)
		fatal("SHA-256 is not available");
	return db_bytea(arena, digest, sizeof(digest)) + 2;
}

/* The names and checksums come from our own build: no quoting is needed. The one transaction
 * decides for itself what is new, so two programs that migrate at once do it once. */
static void add_migration(struct text *sql, struct arena *arena, const struct embedded_file *file)
{
	const char *name = migration_name(arena, file);
	const char *sum = checksum(arena, file->bytes, file->length);
	text_addf(sql,
		"DO $migration$\nBEGIN\n"
		"IF EXISTS (SELECT FROM migration WHERE name = '%s' AND sha256 <> '%s') THEN\n"
		"RAISE EXCEPTION 'migration %s was changed after it was applied';\nEND IF;\n"
		"IF NOT EXISTS (SELECT FROM migration WHERE name = '%s') THEN\n"
		"INSERT INTO migration (name, sha256) VALUES ('%s', '%s');\n"
		"EXECUTE $text$%s$text$;\nEND IF;\nEND $migration$;\n",
		name, sum, name, name, name, sum, file->bytes);
}

/* (('', ''), ('0001_plan', '5f…'), …): each migration and its checksum */
static void add_known(struct text *sql, struct arena *arena)
{
	text_add(sql, "(('', '')");
	for (size_t i = 0; i < schema_files_count; i++)
		if (is_in(&schema_files[i], "migrations/"))
			text_addf(sql, ", ('%s', '%s')", migration_name(arena, &schema_files[i]),
				checksum(arena, schema_files[i].bytes, schema_files[i].length));
	text_add(sql, ")");
}

static void add_lock(struct text *sql)
{
	for (size_t i = 0; i < schema_files_count; i++)
		if (strcmp(schema_files[i].name, "sql/lock.sql") == 0)
			text_addf(sql, "%s;\n", schema_files[i].bytes);
}

static void add_preamble(struct text *sql, struct arena *arena)
{
	text_add(sql,
		"BEGIN;\nSET LOCAL client_min_messages = warning;\nSET LOCAL lock_timeout = '60s';\n"
		"SET LOCAL statement_timeout = 0;\nSET LOCAL check_function_bodies = off;\n"
		"SET LOCAL ROLE gt_owner;\n"
		"SELECT pg_advisory_xact_lock(hashtext('goldenthread.migrate'));\n");
	add_lock(sql);
	text_add(sql,
		"CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, sha256 text NOT NULL,"
		" applied_at timestamptz NOT NULL DEFAULT now());\n"
		"CREATE TABLE IF NOT EXISTS migration_functions (sha256 text NOT NULL,"
		" applied_at timestamptz NOT NULL DEFAULT now());\n"
		"DO $known$\nDECLARE\n    unknown text := (SELECT min(name) FROM migration"
		" WHERE name NOT IN ");
	text_add(sql, "(''");
	for (size_t i = 0; i < schema_files_count; i++)
		if (is_in(&schema_files[i], "migrations/"))
			text_addf(sql, ", '%s'", migration_name(arena, &schema_files[i]));
	text_add(sql,
		"));\nBEGIN\nIF unknown IS NOT NULL THEN\n"
		"RAISE EXCEPTION 'the database knows migration %, which this program does not: it is newer',"
		" unknown;\nEND IF;\nEND $known$;\n");
}

/* Functions, views and rights: applied anew when one of them has changed. */
static void add_functions(struct text *sql)
{
	for (size_t i = 0; i < schema_files_count; i++)
		if (is_in(&schema_files[i], "functions/") ||
			strcmp(schema_files[i].name, "sql/grants.sql") == 0)
			text_addf(sql, "%s;\n", schema_files[i].bytes);
}

static const char *script(struct arena *arena, const char *functions, const char *sum)
{
	struct text sql;
	text_init(&sql, arena);
	add_preamble(&sql, arena);
	for (size_t i = 0; i < schema_files_count; i++)
		if (is_in(&schema_files[i], "migrations/"))
			add_migration(&sql, arena, &schema_files[i]);
	text_addf(&sql,
		"%sDELETE FROM migration_functions;\n"
		"INSERT INTO migration_functions (sha256) VALUES ('%s');\nCOMMIT;\n",
		functions, sum);
	return sql.bytes;
}

static bool count_applied(struct db *db, struct arena *arena, int *count)
{
	struct db_rows rows;
	if (!db_query(db, arena, "SELECT to_regclass('public.migration') IS NOT NULL", &rows))
		return false;
	*count = 0;
	if (!db_true(&rows, 0, 0))
		return true;
	if (!db_query(db, arena, "SELECT count(*) FROM migration", &rows))
		return false;
	*count = (int)db_int(&rows, 0, 0);
	return true;
}

/* So that every start of every replica may migrate: a schema that is as it should be is left alone,
 * without a lock that anybody would notice. */
static bool is_up_to_date(struct db *db, struct arena *arena, const char *sum)
{
	struct db_rows rows;
	struct text sql;
	size_t known = 0;
	if (!db_query(db, arena, "SELECT to_regclass('public.migration_functions') IS NOT NULL",
		    &rows) ||
		!db_true(&rows, 0, 0))
		return false;
	text_init(&sql, arena);
	for (size_t i = 0; i < schema_files_count; i++)
		known += is_in(&schema_files[i], "migrations/");
	text_add(&sql, "SELECT pg_has_role('gt_owner', 'MEMBER') AND count(*) = count(*)"
		       " FILTER (WHERE (name, sha256) IN ");
	add_known(&sql, arena);
	text_addf(&sql,
		") AND count(*) = %zu AND EXISTS (SELECT FROM migration_functions"
		" WHERE sha256 = '%s') FROM migration",
		known, sum);
	return db_query(db, arena, sql.bytes, &rows) && db_true(&rows, 0, 0);
}

bool migrate_run(struct db *db, struct arena *arena, bool again, int *applied, const char **error)
{
	struct text functions;
	int before = 0;
	int after = 0;
	*error = "the database cannot be reached";
	if (!db_ready(db) || !count_applied(db, arena, &before))
		return false;
	text_init(&functions, arena);
	add_functions(&functions);
	const char *sum = checksum(arena, functions.bytes, functions.length);
	*applied = 0;
	if (!again && is_up_to_date(db, arena, sum))
		return true;
	if (!db_script(db, arena, script(arena, functions.bytes, sum), error) ||
		!count_applied(db, arena, &after))
		return false;
	*applied = after - before;
	return true;
}
