/* Years as councils write them: 2023, '23, 2023/24, 2022 to 23, 202223, 2023-27. */
#pragma once

#include "common/timescale/timescale_lex.h"

enum year_kind { YEAR_CALENDAR, YEAR_FINANCIAL, YEAR_SPAN };

/* What stands before decides whether two digits are a year and what a dash joins. */
enum year_context { YEAR_ALONE, YEAR_AFTER_MONTH, YEAR_AFTER_NAME };

struct year {
	enum year_kind kind;
	int first;
	int last;          /* of a financial year or a span */
	int end;           /* one past its last token */
	const char *doubt; /* an assumption that was made, or NULL */
};

bool timescale_year_at(
	const struct tokens *tokens, int at, enum year_context context, struct year *out) MUSTCHECK;

/* A number that is a day, a count or part of a longer figure, not a year of two digits. */
bool timescale_year_is_claimed(const struct tokens *tokens, int at);
