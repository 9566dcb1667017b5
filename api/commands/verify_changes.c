/* goldenthread-api verify-changes: recomputes the chain of the change record from its rows. */
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/settings.h"
#include "api_queries.h"
#include "common/log.h"

#define SHA256_BYTES ((size_t)32)
#define PAGE "500" /* changes in memory at a time */
#define IDS_PAGE "10000"

static const char usage[] =
	"usage: goldenthread-api verify-changes [--head SEQ:HASH]\n"
	"Recomputes every hash of the change record, in its order, and prints its head. Status 1 names the\n"
	"first change that was altered, removed, put in or moved; what was redacted (person anonymise) is listed.\n"
	"  --head   a head that was written down before: the record must still hold it\n";

struct place {
	long long seq;
	unsigned char hash[SHA256_BYTES];
};

struct verifier {
	struct db *db;
	struct arena *arena; /* of one page */
	gnutls_hash_hd_t sha256;
	struct place head;  /* of what is verified so far */
	long long redacted; /* of these */
	const char *wanted; /* "SEQ:HASH", or NULL */
	long long wanted_seq;
};

static bool read_options(int argc, char **argv, struct verifier *verifier)
{
	char *end = NULL;
	if (argc == 1)
		return true;
	if (argc != 3 || strcmp(argv[1], "--head") != 0)
		return false;
	verifier->wanted = argv[2];
	verifier->wanted_seq = strtoll(argv[2], &end, 10);
	return verifier->wanted_seq >= 0 && *end == ':' &&
	       strspn(end + 1, "0123456789abcdef") == 2 * SHA256_BYTES &&
	       strlen(end + 1) == 2 * SHA256_BYTES;
}

static const char *hex(struct arena *arena, const unsigned char *hash)
{
	return db_bytea(arena, hash, SHA256_BYTES) + 2;
}

static const char *head_text(const struct verifier *verifier)
{
	return arena_printf(verifier->arena, "%lld:%s", verifier->head.seq,
		hex(verifier->arena, verifier->head.hash));
}

static bool complain(const char *what)
{
	fprintf(stderr, "goldenthread-api verify-changes: %s\n", what);
	return false;
}

static bool ask(
	struct verifier *verifier, size_t query, const char *const *params, struct db_rows *rows)
{
	return db_run(verifier->db, verifier->arena, query, params, rows) == DB_DONE ||
	       complain("the database is away or failed; see the log");
}

static void add_bytes(const struct verifier *verifier, const void *bytes, size_t length)
{
	if (gnutls_hash(verifier->sha256, bytes, length) != 0)
		fatal("SHA-256 is not available");
}

static void add_link(struct verifier *verifier, const char *line)
{
	struct place *head = &verifier->head;
	add_bytes(verifier, head->hash, sizeof(head->hash));
	add_bytes(verifier, line, strlen(line));
	gnutls_hash_output(verifier->sha256, head->hash);
}

static bool is_digest_of(const struct verifier *verifier, const char *digest, const char *text)
{
	unsigned char hash[SHA256_BYTES];
	add_bytes(verifier, text, strlen(text));
	gnutls_hash_output(verifier->sha256, hash);
	return strcmp(hex(verifier->arena, hash), digest) == 0;
}

/* The chain goes on from the hash that a redacted change was sealed with: the next link, and the
 * seal of the redaction itself, vouch for that. */
static bool take_hash(struct verifier *verifier, const char *hash)
{
	size_t length = 0;
	const unsigned char *bytes =
		db_bytes(verifier->arena, arena_printf(verifier->arena, "\\x%s", hash), &length);
	if (length == SHA256_BYTES)
		memcpy(verifier->head.hash, bytes, SHA256_BYTES);
	verifier->redacted++;
	return length == SHA256_BYTES;
}

static bool holds_wanted(const struct verifier *verifier)
{
	if (!verifier->wanted || verifier->wanted_seq != verifier->head.seq ||
		strcmp(verifier->wanted, head_text(verifier)) == 0)
		return true;
	return complain(arena_printf(verifier->arena,
		"seq %lld has another hash than the head that was written down: this is another record",
		verifier->head.seq));
}

static bool verify_content(struct verifier *verifier, const struct db_rows *rows, int row)
{
	const char *hash = db_field(rows, row, "hash");
	const char *line = db_field(rows, row, "line");
	const char *redacted = db_field(rows, row, "redacted");
	if (redacted)
		return is_digest_of(verifier, redacted, line) && take_hash(verifier, hash);
	add_link(verifier, line);
	return strcmp(hex(verifier->arena, verifier->head.hash), hash) == 0;
}

static bool verify_link(struct verifier *verifier, const struct db_rows *rows, int row)
{
	struct arena *arena = verifier->arena;
	const char *what = db_field(rows, row, "what");
	const char *id = db_field(rows, row, "change_id");
	long long seq = strtoll(db_field(rows, row, "seq"), NULL, 10);
	if (seq != verifier->head.seq + 1)
		return complain(
			arena_printf(arena, "seq %lld was removed; seq %lld follows seq %lld",
				verifier->head.seq + 1, seq, verifier->head.seq));
	if (!what)
		return complain(arena_printf(arena, "seq %lld: change %s was removed", seq, id));
	if (!verify_content(verifier, rows, row))
		return complain(arena_printf(arena,
			"seq %lld: change %s (%s) is not the one that was sealed there: it was altered, put "
			"in or moved",
			seq, id, what));
	verifier->head.seq = seq;
	return holds_wanted(verifier);
}

static bool verify_chain(struct verifier *verifier)
{
	struct db_rows rows = { .count = 1 };
	while (rows.count) {
		arena_reset(verifier->arena);
		const char *const params[] = {
			arena_printf(verifier->arena, "%lld", verifier->head.seq), PAGE
		};
		if (!ask(verifier, Q_CHANGE_LINKS, params, &rows))
			return false;
		for (int i = 0; i < rows.count; i++)
			if (!verify_link(verifier, &rows, i))
				return false;
	}
	if (verifier->wanted_seq > verifier->head.seq)
		return complain(arena_printf(verifier->arena,
			"the record ends at seq %lld: what followed up to seq %lld was removed",
			verifier->head.seq, verifier->wanted_seq));
	return true;
}

/* What has no place yet is sealed soon, or was put in where sealing does not look any more. */
static bool count_unsealed(struct verifier *verifier, long long *unsealed)
{
	struct db_rows rows;
	const char *last = "0";
	char after[24];
	while (last) {
		snprintf(after, sizeof(after), "%s", last);
		arena_reset(verifier->arena);
		const char *const params[] = { after, IDS_PAGE };
		if (!ask(verifier, Q_CHANGE_UNSEALED, params, &rows))
			return false;
		last = db_field(&rows, 0, "last");
		*unsealed += last ? strtoll(db_field(&rows, 0, "unsealed"), NULL, 10) : 0;
		const char *stray = last ? db_field(&rows, 0, "stray") : NULL;
		if (stray)
			return complain(arena_printf(verifier->arena,
				"change %s has no place in the order and never will: it was put in by "
				"hand",
				stray));
	}
	return true;
}

/* Each redaction is a change itself, sealed like any other: it says what it left of those that it
 * altered. */
static bool verify_redactions(struct verifier *verifier, struct db_rows *rows)
{
	arena_reset(verifier->arena);
	if (!ask(verifier, Q_CHANGE_REDACTIONS, NULL, rows))
		return false;
	for (int i = 0; i < rows->count; i++) {
		const char *stated = db_field(rows, i, "stated");
		if (stated && is_digest_of(verifier, stated, db_field(rows, i, "lines")))
			continue;
		return complain(arena_printf(verifier->arena,
			"redaction %s: what was redacted under it is not what its record says",
			db_field(rows, i, "id")));
	}
	return true;
}

static void print_redactions(const struct db_rows *rows)
{
	for (int i = 0; i < rows->count; i++)
		printf("%s redacted on %s under redaction %s: %s\n", db_field(rows, i, "changes"),
			db_field(rows, i, "day"), db_field(rows, i, "id"),
			db_field(rows, i, "pseudonym"));
}

static int verify(struct verifier *verifier)
{
	long long unsealed = 0;
	struct db_rows redactions;
	if (!holds_wanted(verifier) || !verify_chain(verifier) ||
		!verify_redactions(verifier, &redactions))
		return 1;
	printf("%lld change%s as sealed", verifier->head.seq, verifier->head.seq == 1 ? "" : "s");
	if (verifier->redacted)
		printf(", %lld of them redacted since", verifier->redacted);
	printf(".\nhead %s\n", head_text(verifier));
	print_redactions(&redactions);
	bool fine = count_unsealed(verifier, &unsealed);
	if (unsealed)
		printf("%lld more not sealed yet.\n", unsealed);
	return fine ? 0 : 1;
}

int command_verify_changes(int argc, char **argv)
{
	struct settings settings;
	struct verifier verifier = { 0 };
	int status = 1;
	if (!read_options(argc, argv, &verifier)) {
		fputs(usage, stderr);
		return 2;
	}
	struct arena *arena = arena_create();
	if (settings_load_database(&settings, arena)) {
		struct db_settings database = settings_database(&settings);
		if (gnutls_hash_init(&verifier.sha256, GNUTLS_DIG_SHA256) != 0)
			fatal("SHA-256 is not available");
		verifier.arena = arena_create();
		verifier.db = db_create(&database);
		status = verify(&verifier);
		db_destroy(verifier.db);
		arena_destroy(verifier.arena);
		gnutls_hash_deinit(verifier.sha256, NULL);
	}
	arena_destroy(arena);
	return status;
}
