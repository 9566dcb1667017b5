/* What reads and writes documents of other programs: a module of its own, loaded when the first
 * document comes. A council's server reads a plan once a year, and its libraries (XML with all of
 * Unicode, ZIP, spreadsheets, calendars) take a quarter of the memory of one that is at rest. */
#pragma once

#include "api/export/export_calendar.h"
#include "api/export/export_xlsx.h"
#include "api/import/office_file.h"

#define OFFICE_MODULE "goldenthread-office.so"
#define OFFICE_SYMBOL "goldenthread_office"

/* The functions of those three headers, as the module has them. */
struct office {
	struct office_file *(*file_open)(
		struct arena *arena, const char *bytes, size_t length, struct findings *errors);
	const char *(*file_main)(struct office_file *file);
	const char *(*file_related)(
		struct office_file *file, const char *part, const char *id, const char *type);
	bool (*file_failed)(const struct office_file *file);
	bool (*part_open)(struct office_file *file, const char *name, struct office_part *out);
	bool (*part_next)(struct office_part *part);
	const char *(*part_attribute)(struct office_part *part, const char *name);
	const char *(*part_text)(struct office_part *part);
	bool (*xlsx_write)(const struct export_table *table, struct text *out);
	void (*calendar_load)(
		struct arena *arena, const struct db_rows *rows, struct export_calendar *out);
	bool (*calendar_write)(const struct export_calendar *calendar, struct text *out);
};

/* Where the module is: beside the program, or in ../lib/goldenthread. False: in neither place. */
bool office_find(char path[], size_t size) MUSTCHECK;
