/* What the import was not sure of, or cannot take: a code, a sentence, and where in the file. */
#include "api/import/finding.h"

#include "api/import/grow.h"
#include "api/import/words.h"

void finding_init(struct findings *findings, struct arena *arena)
{
	*findings = (struct findings){ .arena = arena };
}

void finding_add(struct findings *findings, const char *code, int row, const char *column,
	const char *format, ...)
{
	if (!findings || findings->count >= FINDING_LIMIT)
		return;
	findings->items = grow_array(findings->arena, findings->items, findings->count,
		&findings->capacity, sizeof(*findings->items));
	struct finding *finding = &findings->items[findings->count++];
	if (findings->count == FINDING_LIMIT) {
		*finding = (struct finding){ .code = "too_many_findings",
			.row = row,
			.detail = "There are more from here on; these are the first" };
		return;
	}
	va_list args;
	va_start(args, format);
	char *detail = arena_vprintf(findings->arena, format, args);
	va_end(args);
	if (words_cut(detail, FINDING_CHARACTERS - 1))
		detail = arena_printf(findings->arena, "%s…", detail);
	*finding = (struct finding){ .code = code, .row = row, .column = column, .detail = detail };
}
