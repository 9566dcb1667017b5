/* Reads the tables of a Word document (.docx, ECMA-376 part 1, section 17.4). */
#pragma once

#include "api/import/office_file.h"
#include "api/import/table.h"

/* A paragraph outside tables is a row of one cell; within a cell each is a line, with the bullet or
 * number that Word shows. A row's line counts table rows and such paragraphs. main: the document
 * part. False: errors says why. */
bool table_docx_read(struct import_table *table, struct office_file *file, const char *main,
	struct findings *errors) MUSTCHECK;
