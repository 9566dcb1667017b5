/* The texts of emails: compiled in, each of them replaceable by a file of the same name. */
#include "notifier/templates.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "template_files.h"

#define SUFFIX ".mustache"
#define FILE_BYTES ((size_t)256 * 1024)

struct template
{
	struct template *next;
	const char *name; /* without the suffix */
	struct mustache_template content;
};

struct templates {
	struct template *first; /* files of the directory before what is compiled in */
};

/* The name of a template from its file's, or NULL. */
static const char *name_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *file = slash ? slash + 1 : path;
	size_t length = strlen(file);
	size_t suffix = strlen(SUFFIX);
	if (length <= suffix || strcmp(file + length - suffix, SUFFIX) != 0)
		return NULL;
	return arena_strndup(arena, file, length - suffix);
}

static bool add(struct arena *arena, struct templates *templates, const char *name,
	const char *text, const char **error)
{
	struct mustache_template content;
	const char *fault;
	if (!mustache_read(arena, text, &content, &fault)) {
		*error = arena_printf(arena, "%s" SUFFIX ": %s", name, fault);
		return false;
	}
	struct template *template = arena_alloc(arena, sizeof(*template));
	*template = (struct template){ .next = templates->first, .name = name, .content = content };
	templates->first = template;
	return true;
}

static const char *read_file(struct arena *arena, const char *path, const char **error)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		*error = arena_printf(arena, "%s: %s", path, strerror(errno));
		return NULL;
	}
	char *text = arena_alloc(arena, FILE_BYTES + 1);
	size_t length = fread(text, 1, FILE_BYTES, file);
	bool whole = feof(file) && !ferror(file) && !memchr(text, '\0', length);
	fclose(file);
	if (whole)
		return text;
	*error = arena_printf(arena, "%s: longer than %zu bytes, or not a text", path, FILE_BYTES);
	return NULL;
}

static bool add_directory(
	struct arena *arena, struct templates *templates, const char *path, const char **error)
{
	DIR *directory = opendir(path);
	if (!directory) {
		*error = arena_printf(arena, "%s: %s", path, strerror(errno));
		return false;
	}
	bool fine = true;
	const struct dirent *entry;
	while (fine && (entry = readdir(directory))) {
		const char *name = name_of(arena, entry->d_name);
		if (!name)
			continue;
		const char *file = arena_printf(arena, "%s/%s", path, entry->d_name);
		const char *text = read_file(arena, file, error);
		fine = text && add(arena, templates, name, text, error);
	}
	closedir(directory);
	return fine;
}

struct templates *templates_load(struct arena *arena, const char *directory, const char **error)
{
	struct templates *templates = arena_alloc(arena, sizeof(*templates));
	for (size_t i = 0; i < template_files_count; i++) {
		const char *name = name_of(arena, template_files[i].name);
		if (name && !add(arena, templates, name, template_files[i].bytes, error))
			return NULL;
	}
	if (directory && !add_directory(arena, templates, directory, error))
		return NULL;
	return templates;
}

const struct mustache_template *templates_find(const struct templates *templates, const char *name)
{
	for (const struct template *at = templates->first; at; at = at->next)
		if (strcmp(at->name, name) == 0)
			return &at->content;
	return NULL;
}
