/* Settings: one table a program, read from the environment (GT_X, or a file named by GT_X_FILE). */
#include "common/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define FILE_VALUE_BYTES 65536

extern char **environ;

/* The first line of the file that NAME_FILE names: how secrets come as files. */
static const char *read_file(const char *path, struct arena *arena, const char **error)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		*error = arena_printf(arena, "cannot be read from %s: %s", path, strerror(errno));
		return NULL;
	}
	char *value = arena_alloc(arena, FILE_VALUE_BYTES);
	size_t length = fread(value, 1, FILE_VALUE_BYTES - 1, file);
	fclose(file);
	value[length] = '\0';
	value[strcspn(value, "\r\n")] = '\0';
	return value;
}

static const char *find_value(
	const struct setting *setting, struct arena *arena, const char **error)
{
	const char *file_name = arena_printf(arena, "%s_FILE", setting->name);
	const char *value = getenv(setting->name);
	const char *path = getenv(file_name);
	if (value && path) {
		*error = arena_printf(arena, "is set twice: by itself and by %s", file_name);
		return NULL;
	}
	return path ? read_file(path, arena, error) : value;
}

static bool is_choice(const char *choices, const char *value)
{
	size_t length = strlen(value);
	for (const char *at = choices; length && at && *at;) {
		size_t word = strcspn(at, " ");
		if (word == length && strncmp(at, value, length) == 0)
			return true;
		at += word;
		at += strspn(at, " ");
	}
	return false;
}

static const char *set_integer(
	const struct setting *setting, const char *value, struct arena *arena)
{
	char *end;
	errno = 0;
	long number = strtol(value, &end, 10);
	if (*end || end == value || errno || number < setting->min || number > setting->max)
		return arena_printf(arena, "must be a whole number from %d to %d, not \"%s\"",
			setting->min, setting->max, value);
	*(int *)setting->target = (int)number;
	return NULL;
}

/* NULL, or what is wrong with the value. */
static const char *set_value(const struct setting *setting, const char *value, struct arena *arena)
{
	switch (setting->kind) {
	case SETTING_INTEGER:
		return set_integer(setting, value, arena);
	case SETTING_SWITCH:
		if (!is_choice("on off", value))
			return arena_printf(arena, "must be on or off, not \"%s\"", value);
		*(bool *)setting->target = strcmp(value, "on") == 0;
		return NULL;
	case SETTING_CHOICE:
		if (!is_choice(setting->choices, value))
			return arena_printf(
				arena, "must be one of: %s; not \"%s\"", setting->choices, value);
		break;
	case SETTING_TEXT:
		break;
	}
	*(const char **)setting->target = arena_strdup(arena, value);
	return NULL;
}

static bool load_one(const struct setting *setting, struct arena *arena)
{
	const char *error = NULL;
	const char *value = find_value(setting, arena, &error);
	if (!error && (!value || !*value))
		value = setting->fallback;
	if (!error && value)
		error = set_value(setting, value, arena);
	else if (!error && !setting->optional)
		error = "is required";
	if (error)
		log_error("setting %s %s", setting->name, error);
	return !error;
}

static bool is_known(const struct setting *table, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		size_t known = strlen(table[i].name);
		if (length == known && strncmp(table[i].name, name, known) == 0)
			return true;
		if (length == known + 5 && strncmp(table[i].name, name, known) == 0 &&
			strncmp(name + known, "_FILE", 5) == 0)
			return true;
	}
	return false;
}

bool config_load(const struct setting *table, size_t count, struct arena *arena)
{
	bool fine = true;
	for (size_t i = 0; i < count; i++)
		fine = load_one(&table[i], arena) && fine;
	for (char **entry = environ; *entry; entry++) {
		size_t length = strcspn(*entry, "=");
		if (strncmp(*entry, "GT_", 3) == 0 && !is_known(table, count, *entry, length))
			log_debug("setting %.*s is not one of this program", (int)length, *entry);
	}
	return fine;
}

void config_help(const struct setting *table, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		const char *fallback = table[i].fallback;
		fprintf(out, "  %-28s %s", table[i].name, table[i].help);
		if (table[i].choices)
			fprintf(out, " (%s)", table[i].choices);
		if (fallback && *fallback)
			fprintf(out, " [%s]", fallback);
		else if (!table[i].optional && !fallback)
			fprintf(out, " [required]");
		fputc('\n', out);
	}
	fprintf(out, "Each can come from a file instead: NAME_FILE=/path.\n");
}

void config_log(const char *program, const char *format, const char *level)
{
	static const char *const levels[] = { "error", "warn", "info", "debug" };
	enum log_level chosen = LOG_INFO;
	for (int i = 0; i < 4; i++)
		if (strcmp(level, levels[i]) == 0)
			chosen = (enum log_level)i;
	log_init(program, strcmp(format, "json") == 0 ? LOG_JSON : LOG_TEXT, chosen);
}
