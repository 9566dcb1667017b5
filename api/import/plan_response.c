/* What the council answered to a recommendation, from its column. */
#include "api/import/plan_response.h"

#include <string.h>

#include "api/import/cells.h"
#include "api/import/words.h"

static const struct import_part *find_part(const struct import_item *item)
{
	for (int i = 0; i < item->part_count; i++) {
		if (!words_blank(item->parts[i].cells[COLUMN_RESPONSE]))
			return &item->parts[i];
	}
	return NULL;
}

static void doubt_words(struct import_plan *plan, const struct cells_response *response,
	const char *quoted, int row, const char *column, bool kept)
{
	static const struct {
		const char *name, *words;
	} verdicts[] = { { "accepted", "accepted" }, { "partly_accepted", "partly accepted" },
		{ "declined", "declined" } };
	const char *words = "";
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		if (!strcmp(response->verdict, verdicts[i].name))
			words = verdicts[i].words;
	}
	if (response->conditional && strcmp(response->verdict, "accepted") == 0)
		finding_add(&plan->doubts, "response_assumed", row, column,
			"%s was read as accepted, but has a condition", quoted);
	else if (*response->rest && !kept)
		finding_add(&plan->doubts, "response_words", row, column,
			"%s was read as %s; its further words were left out", quoted, words);
}

void plan_response_read(struct import_plan *plan, const struct import_rows *rows,
	const struct import_item *item, struct import_recommendation *out)
{
	const struct headings *headings = &rows->headings;
	const char *column = headings->names[COLUMN_RESPONSE];
	const struct import_part *part = find_part(item);
	struct cells_response response;
	if (!headings_has(headings, COLUMN_RESPONSE))
		return;
	if (!part) {
		finding_add(&plan->doubts, "no_response", item->line, column,
			"Recommendation %s has no response: it counts as accepted",
			words_quote(plan->arena, out->number));
		return;
	}
	const char *quoted = words_quote(plan->arena, part->cells[COLUMN_RESPONSE]);
	cells_response(plan->arena, part->cells[COLUMN_RESPONSE], &response);
	out->response = response.verdict;
	bool is_action = headings->at[COLUMN_RESPONSE] == headings->at[COLUMN_ACTION];
	if (response.verdict)
		doubt_words(plan, &response, quoted, part->line, column,
			is_action && !plan_response_declines(out));
	else
		finding_add(&plan->doubts, "response_unreadable", part->line, column,
			"%s is neither accepted, partly accepted nor declined: the recommendation "
			"counts as accepted",
			quoted);
}

bool plan_response_declines(const struct import_recommendation *recommendation)
{
	return recommendation->response && strcmp(recommendation->response, "declined") == 0;
}
