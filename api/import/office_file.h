/* An Office document (ECMA-376): a ZIP file of XML parts, read one node at a time, nothing trusted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "api/import/finding.h"

#define OFFICE_PART_BYTES ((size_t)64 * 1024 * 1024) /* of one part, unpacked */
#define OFFICE_BYTES ((size_t)128 * 1024 * 1024)     /* of all parts that are read */
#define OFFICE_DEPTH 200                             /* of elements in elements */

struct office_file;

/* NULL: it cannot be opened; errors says why. bytes must outlive the file, which ends with the
 * arena. */
struct office_file *office_file_open(
	struct arena *arena, const char *bytes, size_t length, struct findings *errors) MUSTCHECK;

/* The name of the main part ("word/document.xml"), or NULL when there is none. */
const char *office_file_main(struct office_file *file);

/* The part that a part refers to by a relation's id, or by the end of the relation's type
 * ("/styles"); the one that is not asked for is NULL. NULL: there is none. */
const char *office_file_related(
	struct office_file *file, const char *part, const char *id, const char *type);

/* One part while it is read. */
struct office_part {
	struct office_file *file;
	struct arena *arena;
	const char *name; /* the element's, without its prefix */
	bool end;         /* its closing tag; elements without content have one, too */
	bool empty;
	const char *path; /* of the part in the file */
	struct _xmlTextReader *reader;
	struct zip_file *bytes;
	size_t left; /* that may still be unpacked */
	const char *fault;
};

/* False: there is no such part. Ends with the arena. */
bool office_part_open(
	struct office_file *file, const char *name, struct office_part *out) MUSTCHECK;

/* Steps to the next start or end of an element, or to text, of which name is NULL. False at the
 * end, and when something is wrong: then errors got it. */
bool office_part_next(struct office_part *part) MUSTCHECK;

/* Of the start of an element; NULL when it has none. Name without its prefix. */
const char *office_part_attribute(struct office_part *part, const char *name);

/* Of a step to text. */
const char *office_part_text(struct office_part *part);

/* Whether anything was wrong so far, in any part. */
bool office_file_failed(const struct office_file *file);
