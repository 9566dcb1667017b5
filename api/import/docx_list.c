/* The bullets and numbers that Word shows before paragraphs, which their text does not hold. */
#include "api/import/docx_list.h"

#include <stdlib.h>
#include <string.h>

#include "api/import/grow.h"
#include "common/text.h"

#define LISTS 2000
#define ROMAN_LIMIT 50

/* ---- reading them ---- */

static void add_list(struct office_part *part, struct docx_lists *lists)
{
	if (lists->count == LISTS)
		return;
	lists->items = grow_array(
		lists->arena, lists->items, lists->count, &lists->capacity, sizeof(*lists->items));
	struct docx_list *list = &lists->items[lists->count++];
	*list = (struct docx_list){ .id = office_part_attribute(part, "abstractNumId") };
	for (int i = 0; i < DOCX_LEVELS; i++)
		list->levels[i] = (struct docx_level){ .start = 1, .count = -1 };
}

static void add_number(struct docx_lists *lists, const char *number, const char *list)
{
	if (!number || !list || lists->number_count == LISTS)
		return;
	lists->numbers = grow_array(lists->arena, lists->numbers, lists->number_count,
		&lists->number_capacity, sizeof(*lists->numbers));
	lists->numbers[lists->number_count][0] = number;
	lists->numbers[lists->number_count++][1] = list;
}

static int read_level(const char *text)
{
	int level = text ? atoi(text) : 0;
	return level >= 0 && level < DOCX_LEVELS ? level : DOCX_LEVELS - 1;
}

static void take_level(struct office_part *part, struct docx_level *level)
{
	const char *value = office_part_attribute(part, "val");
	if (!value)
		return;
	if (strcmp(part->name, "numFmt") == 0)
		level->format = value;
	else if (strcmp(part->name, "lvlText") == 0)
		level->text = value;
	else if (strcmp(part->name, "start") == 0)
		level->start = atoi(value);
}

void docx_lists_read(struct office_file *file, const char *path, struct docx_lists *out)
{
	struct office_part part;
	const char *number = NULL;
	int level = -1;
	if (!office_part_open(file, path, &part))
		return;
	out->arena = part.arena;
	while (office_part_next(&part)) {
		if (!part.name || part.end)
			continue;
		if (strcmp(part.name, "abstractNum") == 0)
			add_list(&part, out);
		else if (strcmp(part.name, "num") == 0)
			number = office_part_attribute(&part, "numId");
		else if (number && strcmp(part.name, "abstractNumId") == 0)
			add_number(out, number, office_part_attribute(&part, "val"));
		else if (!number && strcmp(part.name, "lvl") == 0)
			level = read_level(office_part_attribute(&part, "ilvl"));
		else if (!number && level >= 0 && out->count)
			take_level(&part, &out->items[out->count - 1].levels[level]);
	}
}

/* ---- counting ---- */

static struct docx_list *find_list(struct docx_lists *lists, const char *number)
{
	const char *id = NULL;
	for (int i = 0; i < lists->number_count && !id; i++) {
		if (strcmp(lists->numbers[i][0], number) == 0)
			id = lists->numbers[i][1];
	}
	for (int i = 0; id && i < lists->count; i++) {
		if (lists->items[i].id && strcmp(lists->items[i].id, id) == 0)
			return &lists->items[i];
	}
	return NULL;
}

static void add_roman(struct text *out, int number, bool upper)
{
	static const struct {
		int value;
		const char *lower, *upper;
	} digits[] = { { 50, "l", "L" }, { 40, "xl", "XL" }, { 10, "x", "X" }, { 9, "ix", "IX" },
		{ 5, "v", "V" }, { 4, "iv", "IV" }, { 1, "i", "I" } };
	for (size_t i = 0; i < sizeof(digits) / sizeof(*digits); i++) {
		for (; number >= digits[i].value; number -= digits[i].value)
			text_add(out, upper ? digits[i].upper : digits[i].lower);
	}
}

static void add_count(struct text *out, const struct docx_level *level)
{
	int number = level->count < 0 ? level->start : level->count;
	const char *format = level->format ? level->format : "decimal";
	bool upper = strncmp(format, "upper", 5) == 0;
	if (strstr(format, "Letter") && number >= 1 && number <= 26)
		text_addf(out, "%c", (upper ? 'A' : 'a') + number - 1);
	else if (strstr(format, "Roman") && number >= 1 && number <= ROMAN_LIMIT)
		add_roman(out, number, upper);
	else
		text_addf(out, "%d", number);
}

const char *docx_list_next(struct docx_lists *lists, const char *number, int depth)
{
	struct docx_list *list = find_list(lists, number);
	if (!list || depth < 0 || depth >= DOCX_LEVELS)
		return NULL;
	struct docx_level *level = &list->levels[depth];
	if (level->format && strcmp(level->format, "bullet") == 0)
		return "•";
	level->count = level->count < 0 ? level->start : level->count + 1;
	for (int i = depth + 1; i < DOCX_LEVELS; i++)
		list->levels[i].count = -1;
	if (!level->text || (level->format && strcmp(level->format, "none") == 0))
		return NULL;
	struct text out;
	text_init(&out, lists->arena);
	for (const char *at = level->text; *at; at++) {
		bool place = *at == '%' && at[1] >= '1' && at[1] <= '9';
		if (place)
			add_count(&out, &list->levels[*++at - '1']);
		else
			text_add_bytes(&out, at, 1);
	}
	return out.length ? out.bytes : NULL;
}
