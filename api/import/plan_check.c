/* What the database would refuse, found beforehand with its place in the file. */
#include "api/import/plan_check.h"

#include <string.h>

#include "api/import/number.h"
#include "api/import/words.h"

/* The domains and checks of sql/migrations/0001_plan.sql. */
#define LINE_CHARACTERS 500
#define PROSE_CHARACTERS 20000
#define SLUG_BYTES 80
#define URL_BYTES 2000

static void check_length(
	const char *text, size_t limit, int row, const char *column, struct findings *errors)
{
	if (text && words_characters(text) > limit)
		finding_add(errors, "text_too_long", row, column,
			"The text is longer than %zu characters", limit);
}

static bool is_slug(const char *slug)
{
	size_t length = strlen(slug);
	bool ends = length && slug[0] != '-' && slug[length - 1] != '-';
	return ends && length <= SLUG_BYTES && !strstr(slug, "--") &&
	       strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
	       strspn(slug, "0123456789-") < length;
}

static bool is_url(const char *url)
{
	size_t scheme = !strncmp(url, "https://", 8) ? 8 : !strncmp(url, "http://", 7) ? 7 : 0;
	if (!scheme || !url[scheme] || strlen(url) > URL_BYTES)
		return false;
	for (; *url; url++) {
		if (words_space(url))
			return false;
	}
	return true;
}

/* Rows of errors here are 0: they are of the caller's making, not of the file's. */
void plan_check_options(struct import_plan *plan)
{
	const struct import_options *options = &plan->options;
	check_length(plan->title, LINE_CHARACTERS, 0, "title", &plan->errors);
	check_length(options->organisation, LINE_CHARACTERS, 0, "organisation", &plan->errors);
	if (options->slug && !is_slug(options->slug))
		finding_add(&plan->errors, "bad_slug", 0, "slug",
			"A slug has small letters, digits and single hyphens, at least one letter, "
			"and no more than %d characters",
			SLUG_BYTES);
	if (options->source_url && !is_url(options->source_url))
		finding_add(&plan->errors, "bad_url", 0, "source_url",
			"The source URL must start with https:// or http://");
}

void plan_check_recommendation(const struct import_recommendation *recommendation,
	const struct headings *headings, struct findings *errors)
{
	const char *column = headings->names[COLUMN_RECOMMENDATION];
	if (!*recommendation->text)
		finding_add(errors, "recommendation_blank", recommendation->row, column,
			"Recommendation %s has no text", recommendation->number);
	check_length(recommendation->text, PROSE_CHARACTERS, recommendation->row, column, errors);
	check_length(recommendation->number, NUMBER_CHARACTERS, recommendation->row,
		headings->names[COLUMN_NUMBER], errors);
}

void plan_check_action(const struct import_action *action, const struct headings *headings,
	struct findings *errors)
{
	check_length(action->description, PROSE_CHARACTERS, action->row,
		headings->names[COLUMN_ACTION], errors);
	check_length(action->reference, NUMBER_CHARACTERS, action->row,
		headings->names[COLUMN_REFERENCE], errors);
	check_length(
		action->note, PROSE_CHARACTERS, action->row, headings->names[COLUMN_NOTE], errors);
	if (action->original)
		check_length(action->original->text, TIMESCALE_TEXT_BYTES, action->row,
			headings->names[COLUMN_TIMESCALE], errors);
	if (action->timescale)
		check_length(action->timescale->text, TIMESCALE_TEXT_BYTES, action->row,
			headings->names[COLUMN_TIMESCALE], errors);
	for (int i = 0; i < action->leads.count; i++)
		check_length(action->leads.items[i].name, LINE_CHARACTERS, action->row,
			headings->names[COLUMN_LEAD], errors);
}
