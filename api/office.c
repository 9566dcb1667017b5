/* Loads the module for documents when it is first needed, and passes every call on to it. */
#include "api/office.h"

#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "common/log.h"

static const struct office *module;

bool office_find(char path[], size_t size)
{
	static const char *const places[] = { "%s/" OFFICE_MODULE,
		"%s/../lib/goldenthread/" OFFICE_MODULE };
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length <= 0)
		return false;
	program[length] = '\0';
	const char *folder = dirname(program);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int written = snprintf(path, size, places[i], folder);
		if (written > 0 && (size_t)written < size && access(path, R_OK) == 0)
			return true;
	}
	return false;
}

static void load(void)
{
	char path[PATH_MAX];
	if (!office_find(path, sizeof(path)))
		fatal(OFFICE_MODULE " is no longer where it was at start");
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		fatal("cannot load what reads documents: %s", dlerror());
	module = dlsym(handle, OFFICE_SYMBOL);
	if (!module)
		fatal("%s is of another version", path);
}

static const struct office *office(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, load);
	return module;
}

struct office_file *office_file_open(
	struct arena *arena, const char *bytes, size_t length, struct findings *errors)
{
	return office()->file_open(arena, bytes, length, errors);
}

const char *office_file_main(struct office_file *file)
{
	return office()->file_main(file);
}

const char *office_file_related(
	struct office_file *file, const char *part, const char *id, const char *type)
{
	return office()->file_related(file, part, id, type);
}

bool office_file_failed(const struct office_file *file)
{
	return office()->file_failed(file);
}

bool office_part_open(struct office_file *file, const char *name, struct office_part *out)
{
	return office()->part_open(file, name, out);
}

bool office_part_next(struct office_part *part)
{
	return office()->part_next(part);
}

const char *office_part_attribute(struct office_part *part, const char *name)
{
	return office()->part_attribute(part, name);
}

const char *office_part_text(struct office_part *part)
{
	return office()->part_text(part);
}

bool export_xlsx_write(const struct export_table *table, struct text *out)
{
	return office()->xlsx_write(table, out);
}

void export_calendar_load(
	struct arena *arena, const struct db_rows *rows, struct export_calendar *out)
{
	office()->calendar_load(arena, rows, out);
}

bool export_calendar_write(const struct export_calendar *calendar, struct text *out)
{
	return office()->calendar_write(calendar, out);
}
