/* How a spreadsheet shows its numbers: which cell formats are days, and which percentages. */
#include "api/import/xlsx_style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/import/grow.h"
#include "common/date.h"

#define STYLES 65536            /* cell formats and number formats that are kept */
#define EPOCH_1900 "1899-12-30" /* day 0, as Excel counts from March 1900 on */
#define EPOCH_1904 "1904-01-01"

struct number_format {
	int id;
	enum xlsx_form form;
};

struct number_formats {
	struct number_format *items;
	int count;
	int capacity;
};

/* What the letters of a format show, its first section only; those in quotes, in brackets and
 * behind a backslash are just text. "m" beside h or s is minutes. */
enum xlsx_form xlsx_style_form(const char *code)
{
	bool day = false, month = false, year = false, time = false, percent = false;
	for (const char *at = code; *at && *at != ';'; at++) {
		if (*at == '"' || *at == '[') {
			const char *end = strchr(at + 1, *at == '"' ? '"' : ']');
			if (!end)
				break;
			at = end;
			continue;
		}
		if (strchr("\\_*", *at)) {
			at += at[1] != '\0';
			continue;
		}
		day |= *at == 'd' || *at == 'D';
		month |= *at == 'm' || *at == 'M';
		year |= *at == 'y' || *at == 'Y';
		time |= strchr("hHsS", *at) != NULL;
		percent |= *at == '%';
	}
	if (day)
		return XLSX_DAY;
	if (year)
		return month ? XLSX_MONTH : XLSX_YEAR;
	if (time)
		return XLSX_TIME;
	return percent ? XLSX_PERCENT : XLSX_GENERAL;
}

/* The formats that every spreadsheet has without naming them (18.8.30). */
static enum xlsx_form built_in(int id)
{
	if (id == 9 || id == 10)
		return XLSX_PERCENT;
	if (id == 17)
		return XLSX_MONTH;
	if ((id >= 14 && id <= 16) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
		(id >= 50 && id <= 58))
		return XLSX_DAY;
	bool time = (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47);
	return time ? XLSX_TIME : XLSX_GENERAL;
}

static enum xlsx_form form_of(const struct number_formats *formats, int id)
{
	for (int i = 0; i < formats->count; i++) {
		if (formats->items[i].id == id)
			return formats->items[i].form;
	}
	return built_in(id);
}

static void take_format(
	struct office_part *part, struct number_formats *formats, struct arena *arena)
{
	const char *id = office_part_attribute(part, "numFmtId");
	const char *code = office_part_attribute(part, "formatCode");
	if (!id || !code || formats->count == STYLES)
		return;
	formats->items = grow_array(
		arena, formats->items, formats->count, &formats->capacity, sizeof(*formats->items));
	formats->items[formats->count++] =
		(struct number_format){ .id = atoi(id), .form = xlsx_style_form(code) };
}

static void take_style(struct office_part *part, const struct number_formats *formats,
	struct xlsx_styles *styles, struct arena *arena)
{
	const char *id = office_part_attribute(part, "numFmtId");
	if (styles->count == STYLES)
		return;
	styles->forms = grow_array(
		arena, styles->forms, styles->count, &styles->capacity, sizeof(*styles->forms));
	styles->forms[styles->count++] = id ? form_of(formats, atoi(id)) : XLSX_GENERAL;
}

void xlsx_styles_read(struct office_file *file, const char *part, struct xlsx_styles *out)
{
	struct office_part styles;
	struct number_formats formats = { 0 };
	bool cells = false;
	*out = (struct xlsx_styles){ 0 };
	if (!office_part_open(file, part, &styles))
		return;
	while (office_part_next(&styles)) {
		if (!styles.name)
			continue;
		if (strcmp(styles.name, "cellXfs") == 0)
			cells = !styles.end;
		else if (!styles.end && strcmp(styles.name, "numFmt") == 0)
			take_format(&styles, &formats, styles.arena);
		else if (!styles.end && cells && strcmp(styles.name, "xf") == 0)
			take_style(&styles, &formats, out, styles.arena);
	}
}

static const char *day_text(struct arena *arena, enum xlsx_form form, bool since_1904, long days)
{
	struct date epoch;
	if (!date_parse_iso(since_1904 ? EPOCH_1904 : EPOCH_1900, &epoch))
		return "";
	struct date date = date_add_days(epoch, (int)days);
	const char *month = date_month_name(date.month);
	if (form == XLSX_YEAR)
		return arena_printf(arena, "%d", date.year);
	if (form == XLSX_MONTH)
		return arena_printf(arena, "%s %d", month, date.year);
	return arena_printf(arena, "%d %s %d", date.day, month, date.year);
}

const char *xlsx_style_number(
	struct arena *arena, enum xlsx_form form, bool since_1904, const char *value)
{
	char *end;
	double number = strtod(value, &end);
	if (end == value || *end || !isfinite(number))
		return arena_strdup(arena, value);
	bool day = form == XLSX_DAY || form == XLSX_MONTH || form == XLSX_YEAR;
	if (day && number >= 61 && number < 120000) /* March 1900 to 2228 */
		return day_text(arena, form, since_1904, (long)number);
	if (form == XLSX_PERCENT)
		return arena_printf(arena, "%.10g%%", number * 100);
	return arena_printf(arena, "%.15g", number);
}
