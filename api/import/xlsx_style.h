/* How a spreadsheet shows its numbers: which cell formats are days, and which percentages. */
#pragma once

#include "api/import/office_file.h"

enum xlsx_form {
	XLSX_GENERAL,
	XLSX_DAY,   /* 31 March 2022 */
	XLSX_MONTH, /* March 2022 */
	XLSX_YEAR,  /* 2022 */
	XLSX_TIME,  /* of a day; no date */
	XLSX_PERCENT
};

struct xlsx_styles {
	enum xlsx_form *forms; /* of each cell format (cellXfs), by its index */
	int count;
	int capacity;
};

/* part may be NULL: a file without styles. */
void xlsx_styles_read(struct office_file *file, const char *part, struct xlsx_styles *out);

/* The text that a person sees, as far as a plan needs it. value: the number as stored. */
const char *xlsx_style_number(
	struct arena *arena, enum xlsx_form form, bool since_1904, const char *value);

/* What a number format (ECMA-376 part 1, 18.8.31) shows. */
enum xlsx_form xlsx_style_form(const char *code);
