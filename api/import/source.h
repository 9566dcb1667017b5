/* Chooses the reader for a file: by its first bytes, then its type or name, then what it looks
 * like.
 */
#pragma once

#include "api/import/table.h"

/* Ends with NULL: the media types that a file may be sent as. */
extern const char *const source_types[];

/* Whether kind, a Content-Type or a file name or NULL, says that the file is of this form. */
bool source_is(const char *kind, const char *type, const char *suffix);

/* kind: as above. False: errors says why it cannot be read; what is
 * not certain goes to table->doubts. */
bool source_read(struct import_table *table, const char *bytes, size_t length, const char *kind,
	struct findings *errors) MUSTCHECK;
