/* Points that have a name: months, quarters, halves, seasons, terms, feasts, kinds of year. */
#include "common/timescale/timescale_name.h"

#include "common/timescale/timescale_year.h"

#define UNCLEAR_FINANCIAL_YEAR "One year named as a financial year could mean either of two"

static enum tag tag_at(const struct tokens *tokens, int at)
{
	return (enum tag)tokens->at[at].tag;
}

static bool is_year_word(enum tag tag)
{
	return tag == T_FY || tag == T_FINANCIAL || tag == T_ACADEMIC || tag == T_MUNICIPAL ||
	       tag == T_CALENDAR;
}

static void set_year(const struct year *year, struct point *out)
{
	out->year = year->first;
	out->financial = year->kind == YEAR_FINANCIAL;
	out->end = year->end;
	if (year->doubt)
		out->doubt = year->doubt;
}

struct gap { /* what stands between a name and its year */
	int end;
	bool bracket;
	bool loose;
	bool financial; /* "FY": one year alone is not clear */
};

static struct gap skip_to_year(const struct tokens *tokens, int at)
{
	enum tag tag = tag_at(tokens, at);
	int begin = at;
	struct gap gap = { .bracket = tag == T_OPEN };
	gap.loose = tag == T_COMMA || tag == T_OF || tag == T_GLUE || tag == T_COLON;
	if (tag == T_DOT || tag == T_OPEN || tag == T_SLASH || tag == T_DASH || gap.loose)
		at++;
	while (tag_at(tokens, at) == T_GLUE || tag_at(tokens, at) == T_OF)
		at++;
	if (tag_at(tokens, at) == T_COMMA && tag == T_DOT)
		at++;
	for (; is_year_word(tag_at(tokens, at)); at++)
		gap.financial |= tag_at(tokens, at) != T_CALENDAR;
	bool word = tag_at(tokens, at) == T_UNIT && tokens->at[at].value == 'Y';
	gap.end = word ? at + 1 : at;
	/* "Q2 (financial year) 2022": the bracket names the basis only. */
	if (gap.bracket && gap.end > begin + 1 && tag_at(tokens, gap.end) == T_CLOSE)
		gap = (struct gap){ .end = gap.end + 1 };
	return gap;
}

/* "March 31" may be the day or the year; "March 7" cannot be a year. */
static bool two_digits_fit(const struct tokens *tokens, int at, const struct point *out, bool loose)
{
	const struct token *token = &tokens->at[at];
	if (token->tag != T_NUMBER || token->digits != 2)
		return true;
	if (loose || out->shape == SHAPE_FEAST)
		return false;
	bool bare = token->start > token[-1].end || token[-1].tag == T_MONTH;
	bool month_end = out->shape == SHAPE_MONTH && token[-1].tag == T_MONTH && bare &&
			 token->value >= 28 && token->value == date_month_length(2001, out->number);
	return !month_end;
}

void timescale_name_take_year(const struct tokens *tokens, struct point *out)
{
	struct gap gap = skip_to_year(tokens, out->end);
	bool day = out->shape == SHAPE_MONTH || out->shape == SHAPE_DAY;
	enum year_context context = day ? YEAR_AFTER_MONTH : YEAR_AFTER_NAME;
	struct year year;
	if (!two_digits_fit(tokens, gap.end, out, gap.loose) ||
		!timescale_year_at(tokens, gap.end, context, &year))
		return;
	if (year.kind == YEAR_SPAN || (gap.bracket && tag_at(tokens, year.end) != T_CLOSE))
		return;
	set_year(&year, out);
	enum tag after = tag_at(tokens, year.end);
	bool financial = gap.financial || (is_year_word(after) && after != T_CALENDAR);
	if (financial && !day && year.kind == YEAR_CALENDAR)
		out->fault = UNCLEAR_FINANCIAL_YEAR;
	if (gap.bracket)
		out->end++;
}

static bool quarter_number(const struct token *token, int *number)
{
	bool plain = token->tag == T_NUMBER && token->value >= 1 && token->value <= 4;
	if (!plain || token->digits > 1 || token[1].tag == T_PERCENT)
		return false;
	*number = token->value;
	return true;
}

/* "Q3", "Qtr. 3", "quarter three"; "third quarter" comes in through its number. */
static bool quarter_at(const struct tokens *tokens, int at, struct point *out)
{
	int next = at + 1;
	if (tag_at(tokens, next) == T_DOT || tag_at(tokens, next) == T_DASH)
		next++;
	if (!quarter_number(&tokens->at[next], &out->number))
		return false;
	bool half = tag_at(tokens, at) == T_HALF;
	if (half && out->number > 2)
		return false;
	out->shape = half ? SHAPE_HALF : SHAPE_QUARTER;
	out->end = next + 1;
	timescale_name_take_year(tokens, out);
	return true;
}

/* "1st" of "1st and 2nd quarter": the quarter and its year come from what follows. */
static bool listed_ordinal_at(const struct tokens *tokens, int at, struct point *out)
{
	const struct token *token = &tokens->at[at];
	enum tag sign = (enum tag)token[1].tag;
	bool joins = sign == T_AND || sign == T_TO || sign == T_DASH || sign == T_SLASH;
	bool second = token[2].tag == T_NUMBER && token[2].ordinal && token[3].tag == T_QUARTER;
	if (!token->ordinal || token->value < 1 || token->value > 4 || !joins || !second)
		return false;
	out->shape = SHAPE_QUARTER;
	out->number = token->value;
	out->end = at + 1;
	return true;
}

/* "third quarter", "last quarter of 2023", "2nd half of 2023/24", "first half of March 2023". */
static bool ordinal_at(const struct tokens *tokens, int at, struct point *out)
{
	const struct token *token = &tokens->at[at];
	/* "second calendar quarter" */
	const struct token *name = token + 1 + is_year_word((enum tag)token[1].tag);
	bool half = name->tag == T_HALF;
	bool last = token->tag == T_LAST;
	if ((!half && name->tag != T_QUARTER) || (!last && !token->ordinal))
		return false;
	int most = half ? 2 : 4;
	out->number = last ? most : token->value;
	if (out->number < 1 || out->number > most)
		return false;
	out->shape = half ? SHAPE_HALF : SHAPE_QUARTER;
	out->spelt = true;
	out->end = (int)(name - tokens->at) + 1;
	timescale_name_take_year(tokens, out);
	return true;
}

static bool season_at(const struct tokens *tokens, int at, struct point *out)
{
	out->shape = SHAPE_SEASON;
	out->number = tokens->at[at].value;
	out->end = at + 1;
	if (tag_at(tokens, out->end) == T_DASH && tag_at(tokens, at + 2) == T_TERM)
		out->end++;
	if (tag_at(tokens, out->end) == T_TERM) {
		out->shape = SHAPE_TERM;
		out->end++;
	}
	/* The summer's recess ends with it; when it begins, or when others are, no rule knows. */
	bool summer = tokens->at[at].value == SEASON_SUMMER && tag_at(tokens, at - 1) != T_BEFORE;
	if (summer && tag_at(tokens, out->end) == T_RECESS) {
		out->end++;
		out->doubt = "A recess was read as ending with its season";
	}
	/* "Autumn half term" is a week of its own that no rule here knows. */
	if (tag_at(tokens, out->end) == T_HALF)
		return false;
	timescale_name_take_year(tokens, out);
	return true;
}

static bool feast_at(const struct tokens *tokens, int at, struct point *out)
{
	out->shape = SHAPE_FEAST;
	out->number = tokens->at[at].value;
	out->end = at + 1 + (tag_at(tokens, at + 1) == T_RECESS);
	timescale_name_take_year(tokens, out);
	out->doubt = "A feast was read as its day";
	return true;
}

static bool month_at(const struct tokens *tokens, int at, struct point *out)
{
	out->shape = SHAPE_MONTH;
	out->number = tokens->at[at].value;
	out->end = at + 1;
	if (tokens->at[at].doubtful)
		out->doubt = TIMESCALE_NAME_DOUBT;
	timescale_name_take_year(tokens, out);
	return true;
}

static void apply_year_word(enum tag word, const struct year *year, struct point *out)
{
	bool two = year->kind == YEAR_FINANCIAL;
	if (word == T_CALENDAR || year->kind == YEAR_SPAN)
		return;
	if (!two) {
		out->fault = UNCLEAR_FINANCIAL_YEAR;
		return;
	}
	out->doubt = NULL; /* the word settles what "2022-2023" means */
	if (word == T_ACADEMIC)
		out->shape = SHAPE_ACADEMIC;
	if (word == T_MUNICIPAL) {
		out->shape = SHAPE_MUNICIPAL;
		out->doubt = "A municipal year was read as from May to May";
	}
}

/* "2022/23 financial year", "2023 calendar year": the word may follow. */
static int trailing_year_word(
	const struct tokens *tokens, const struct year *year, struct point *out)
{
	int at = year->end;
	if (!is_year_word(tag_at(tokens, at)))
		return at;
	apply_year_word(tag_at(tokens, at), year, out);
	at++;
	return tag_at(tokens, at) == T_UNIT && tokens->at[at].value == 'Y' ? at + 1 : at;
}

void timescale_name_from_year(const struct tokens *tokens, int at, struct point *out)
{
	struct year year;
	if (!timescale_year_at(tokens, at, YEAR_ALONE, &year))
		return;
	out->shape = year.kind == YEAR_CALENDAR ? SHAPE_YEAR
		     : year.kind == YEAR_SPAN   ? SHAPE_YEARS
						: SHAPE_FIN_YEAR;
	set_year(&year, out);
	out->last_year = year.last;
	if (out->shape == SHAPE_YEARS)
		out->doubt = "A span of years was read as calendar years";
	out->end = trailing_year_word(tokens, &year, out);
}

/* "financial year 2022/23", "FY 22/23", "academic year 2023-24". */
static bool year_word_at(const struct tokens *tokens, int at, struct point *out)
{
	enum tag word = tag_at(tokens, at);
	int next = at + 1;
	while (tag_at(tokens, next) == T_UNIT || tag_at(tokens, next) == T_GLUE ||
		tag_at(tokens, next) == T_OF || tag_at(tokens, next) == T_COLON ||
		tag_at(tokens, next) == T_OPEN || tag_at(tokens, next) == T_DASH)
		next++;
	struct year year;
	if (!timescale_year_at(tokens, next, YEAR_AFTER_NAME, &year))
		return false;
	set_year(&year, out);
	out->shape = year.kind == YEAR_FINANCIAL ? SHAPE_FIN_YEAR : SHAPE_YEAR;
	out->last_year = year.last;
	apply_year_word(word, &year, out);
	if (tag_at(tokens, next - 1) == T_OPEN && tag_at(tokens, out->end) == T_CLOSE)
		out->end++;
	return true;
}

bool timescale_name_at(const struct tokens *tokens, int at, struct point *out)
{
	switch (tag_at(tokens, at)) {
	case T_MONTH:
		return month_at(tokens, at, out);
	case T_QUARTER:
	case T_HALF:
		return quarter_at(tokens, at, out);
	case T_NUMBER:
	case T_LAST:
		return ordinal_at(tokens, at, out) || listed_ordinal_at(tokens, at, out);
	case T_SEASON:
		return season_at(tokens, at, out);
	case T_FEAST:
		return feast_at(tokens, at, out);
	case T_FY:
	case T_FINANCIAL:
	case T_ACADEMIC:
	case T_MUNICIPAL:
	case T_CALENDAR:
		/* "end of calendar Q3 2021" */
		if (tag_at(tokens, at + 1) == T_QUARTER || tag_at(tokens, at + 1) == T_HALF)
			return quarter_at(tokens, at + 1, out);
		return year_word_at(tokens, at, out);
	default:
		return false;
	}
}
