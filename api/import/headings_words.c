/* What the heading of one column means, from the words that councils use for it. Pure. */
#include <string.h>

#include "api/import/headings.h"
#include "api/import/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct meaning {
	const char *words;
	enum import_column column;
};

/* Whole headings, where their single words would mislead. */
static const struct meaning headings_exact[] = {
	{ "action by", COLUMN_LEAD },
	{ "action ref", COLUMN_REFERENCE },
	{ "action reference", COLUMN_REFERENCE },
	{ "action required by", COLUMN_LEAD },
	{ "action taken", COLUMN_NOTE },
	{ "actions taken", COLUMN_NOTE },
	{ "area", COLUMN_KNOWN },
	{ "assignment", COLUMN_KNOWN },
	{ "audit", COLUMN_KNOWN },
	{ "audit area", COLUMN_KNOWN },
	{ "audit report", COLUMN_KNOWN },
	{ "audit title", COLUMN_KNOWN },
	{ "by", COLUMN_LEAD },
	{ "completed", COLUMN_STATUS },
	{ "completed on", COLUMN_KNOWN },
	{ "consulted", COLUMN_KNOWN },
	{ "current position", COLUMN_NOTE },
	{ "deadlines done", COLUMN_KNOWN },
	{ "department", COLUMN_KNOWN },
	{ "inspection", COLUMN_KNOWN },
	{ "next due on", COLUMN_KNOWN },
	{ "origin", COLUMN_KNOWN },
	{ "reference", COLUMN_REFERENCE },
	{ "report", COLUMN_KNOWN },
	{ "review", COLUMN_KNOWN },
	{ "section", COLUMN_KNOWN },
	{ "service", COLUMN_KNOWN },
	{ "service area", COLUMN_KNOWN },
	{ "source", COLUMN_KNOWN },
	{ "team", COLUMN_KNOWN },
	{ "topic", COLUMN_KNOWN },
	{ "what we will do", COLUMN_ACTION },
	{ "what will we do", COLUMN_ACTION },
	{ "who by when", COLUMN_LEAD },
};

/* Words and phrases; the first one that a heading holds decides. Not sorted: the order matters
 * ("Action owner" is a lead, "Progress against actions" is progress). */
static const struct meaning headings_words[] = {
	{ "recommendation no", COLUMN_NUMBER },
	{ "recommendation number", COLUMN_NUMBER },
	{ "recommendation ref", COLUMN_NUMBER },
	{ "rec no", COLUMN_NUMBER },
	{ "action no", COLUMN_REFERENCE },
	{ "action number", COLUMN_REFERENCE },
	{ "rag", COLUMN_RAG },
	{ "brag", COLUMN_RAG },
	{ "bragg", COLUMN_RAG },
	{ "status", COLUMN_STATUS },
	{ "stage", COLUMN_STATUS },
	{ "percent", COLUMN_PERCENT },
	{ "percentage", COLUMN_PERCENT },
	{ "%", COLUMN_PERCENT },
	{ "% complete", COLUMN_PERCENT },
	{ "progress", COLUMN_NOTE },
	{ "update", COLUMN_NOTE },
	{ "updates", COLUMN_NOTE },
	{ "comment", COLUMN_NOTE },
	{ "comments", COLUMN_NOTE },
	{ "commentary", COLUMN_NOTE },
	{ "note", COLUMN_NOTE },
	{ "notes", COLUMN_NOTE },
	{ "evidence", COLUMN_KNOWN },
	{ "outcome", COLUMN_KNOWN },
	{ "outcomes", COLUMN_KNOWN },
	{ "impact", COLUMN_KNOWN },
	{ "success", COLUMN_KNOWN },
	{ "benefit", COLUMN_KNOWN },
	{ "benefits", COLUMN_KNOWN },
	{ "kpi", COLUMN_KNOWN },
	{ "funding", COLUMN_KNOWN },
	{ "resource", COLUMN_KNOWN },
	{ "resources", COLUMN_KNOWN },
	{ "cost", COLUMN_KNOWN },
	{ "costs", COLUMN_KNOWN },
	{ "budget", COLUMN_KNOWN },
	{ "priority", COLUMN_KNOWN },
	{ "risk", COLUMN_KNOWN },
	{ "risks", COLUMN_KNOWN },
	{ "monitoring", COLUMN_KNOWN },
	{ "reporting", COLUMN_KNOWN },
	{ "consultation", COLUMN_KNOWN },
	{ "linked", COLUMN_KNOWN },
	{ "theme", COLUMN_KNOWN },
	{ "para", COLUMN_KNOWN },
	{ "paragraph", COLUMN_KNOWN },
	{ "page", COLUMN_KNOWN },
	{ "start date", COLUMN_KNOWN },
	{ "completed date", COLUMN_KNOWN },
	{ "date completed", COLUMN_KNOWN },
	{ "date of completion", COLUMN_KNOWN },
	{ "actual date", COLUMN_KNOWN },
	{ "date agreed", COLUMN_KNOWN },
	{ "date raised", COLUMN_KNOWN },
	{ "meeting date", COLUMN_KNOWN },
	{ "timescale", COLUMN_TIMESCALE },
	{ "timescales", COLUMN_TIMESCALE },
	{ "timetable", COLUMN_TIMESCALE },
	{ "timeframe", COLUMN_TIMESCALE },
	{ "timeframes", COLUMN_TIMESCALE },
	{ "timeline", COLUMN_TIMESCALE },
	{ "timelines", COLUMN_TIMESCALE },
	{ "timing", COLUMN_TIMESCALE },
	{ "deadline", COLUMN_TIMESCALE },
	{ "deadlines", COLUMN_TIMESCALE },
	{ "when", COLUMN_TIMESCALE },
	{ "date", COLUMN_TIMESCALE },
	{ "dates", COLUMN_TIMESCALE },
	{ "due", COLUMN_TIMESCALE },
	{ "due by", COLUMN_TIMESCALE },
	{ "completion", COLUMN_TIMESCALE },
	{ "support", COLUMN_SUPPORT },
	{ "supporting", COLUMN_SUPPORT },
	{ "supported by", COLUMN_SUPPORT },
	{ "lead officer", COLUMN_LEAD },
	{ "responsible officer", COLUMN_LEAD },
	{ "officer", COLUMN_LEAD },
	{ "officers", COLUMN_LEAD },
	{ "cabinet member", COLUMN_CABINET_MEMBER },
	{ "cabinet lead", COLUMN_CABINET_MEMBER },
	{ "portfolio holder", COLUMN_CABINET_MEMBER },
	{ "portfolio", COLUMN_CABINET_MEMBER },
	{ "executive member", COLUMN_CABINET_MEMBER },
	{ "lead member", COLUMN_CABINET_MEMBER },
	{ "lead councillor", COLUMN_CABINET_MEMBER },
	{ "councillor", COLUMN_CABINET_MEMBER },
	{ "member", COLUMN_CABINET_MEMBER },
	{ "lead", COLUMN_LEAD },
	{ "leads", COLUMN_LEAD },
	{ "owner", COLUMN_LEAD },
	{ "owners", COLUMN_LEAD },
	{ "who", COLUMN_LEAD },
	{ "responsible", COLUMN_LEAD },
	{ "responsibility", COLUMN_LEAD },
	{ "accountable", COLUMN_LEAD },
	{ "assigned to", COLUMN_LEAD },
	{ "person", COLUMN_LEAD },
	{ "directorate", COLUMN_KNOWN },
	{ "must do", COLUMN_RECOMMENDATION },
	{ "should do", COLUMN_RECOMMENDATION },
	{ "recommendation", COLUMN_RECOMMENDATION },
	{ "recommendations", COLUMN_RECOMMENDATION },
	{ "key action", COLUMN_ACTION },
	{ "action", COLUMN_ACTION },
	{ "actions", COLUMN_ACTION },
	{ "response", COLUMN_RESPONSE },
	{ "no", COLUMN_NUMBER },
	{ "nos", COLUMN_NUMBER },
	{ "ref", COLUMN_NUMBER },
	{ "number", COLUMN_NUMBER },
	{ "id", COLUMN_NUMBER },
	{ "#", COLUMN_NUMBER },
	{ "item", COLUMN_NUMBER },
	{ "task", COLUMN_ACTION },
	{ "tasks", COLUMN_ACTION },
	{ "how", COLUMN_ACTION },
	{ "milestone", COLUMN_ACTION },
	{ "milestones", COLUMN_ACTION },
	{ "activity", COLUMN_ACTION },
	{ "activities", COLUMN_ACTION },
	{ "proposal for improvement", COLUMN_RECOMMENDATION },
	{ "proposals for improvement", COLUMN_RECOMMENDATION },
	{ "proposal", COLUMN_ACTION },
	{ "proposals", COLUMN_ACTION },
	{ "steps", COLUMN_ACTION },
	{ "measure", COLUMN_ACTION },
	{ "measures", COLUMN_ACTION },
	{ "improvement", COLUMN_RECOMMENDATION },
	{ "improvements", COLUMN_RECOMMENDATION },
	{ "concern", COLUMN_RECOMMENDATION },
	{ "concerns", COLUMN_RECOMMENDATION },
	{ "finding", COLUMN_RECOMMENDATION },
	{ "findings", COLUMN_RECOMMENDATION },
	{ "issue", COLUMN_RECOMMENDATION },
	{ "objective", COLUMN_RECOMMENDATION },
	{ "objectives", COLUMN_RECOMMENDATION },
	{ "aim", COLUMN_RECOMMENDATION },
	{ "what", COLUMN_RECOMMENDATION },
};

/* The same in Welsh. */
static const struct meaning headings_welsh[] = {
	{ "rhif", COLUMN_NUMBER },
	{ "cyf", COLUMN_NUMBER },
	{ "cyfeirnod", COLUMN_NUMBER },
	{ "statws", COLUMN_STATUS },
	{ "canran", COLUMN_PERCENT },
	{ "cynnydd", COLUMN_NOTE },
	{ "diweddariad", COLUMN_NOTE },
	{ "sylwadau", COLUMN_NOTE },
	{ "tystiolaeth", COLUMN_KNOWN },
	{ "canlyniad", COLUMN_KNOWN },
	{ "canlyniadau", COLUMN_KNOWN },
	{ "adnoddau", COLUMN_KNOWN },
	{ "cyllid", COLUMN_KNOWN },
	{ "blaenoriaeth", COLUMN_KNOWN },
	{ "risg", COLUMN_KNOWN },
	{ "dyddiad cychwyn", COLUMN_KNOWN },
	{ "dyddiad dechrau", COLUMN_KNOWN },
	{ "amserlen", COLUMN_TIMESCALE },
	{ "dyddiad", COLUMN_TIMESCALE },
	{ "erbyn pryd", COLUMN_TIMESCALE },
	{ "pryd", COLUMN_TIMESCALE },
	{ "aelod cabinet", COLUMN_CABINET_MEMBER },
	{ "aelod arweiniol", COLUMN_CABINET_MEMBER },
	{ "deilydd portffolio", COLUMN_CABINET_MEMBER },
	{ "cefnogaeth", COLUMN_SUPPORT },
	{ "swyddog", COLUMN_LEAD },
	{ "swyddogion", COLUMN_LEAD },
	{ "arweinydd", COLUMN_LEAD },
	{ "arweiniol", COLUMN_LEAD },
	{ "perchennog", COLUMN_LEAD },
	{ "cyfrifoldeb", COLUMN_LEAD },
	{ "cyfrifol", COLUMN_LEAD },
	{ "pwy", COLUMN_LEAD },
	{ "argymhelliad", COLUMN_RECOMMENDATION },
	{ "argymhellion", COLUMN_RECOMMENDATION },
	{ "cam gweithredu", COLUMN_ACTION },
	{ "camau gweithredu", COLUMN_ACTION },
	{ "gweithred", COLUMN_ACTION },
	{ "gweithredu", COLUMN_ACTION },
	{ "gweithgaredd", COLUMN_ACTION },
	{ "tasg", COLUMN_ACTION },
	{ "ymateb", COLUMN_RESPONSE },
	{ "amcan", COLUMN_RECOMMENDATION },
	{ "amcanion", COLUMN_RECOMMENDATION },
};

/* Words that make a date the one now in force, beside the one first published. */
static const char *const revised_words[] = { "revised", "extended", "amended", "new", "current",
	"latest", "updated", "diwygiedig", "newydd" };
static const char *const original_words[] = { "original", "originally", "initial", "first",
	"baseline", "gwreiddiol" };

static bool holds_any(const char *plain, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (words_contains(plain, words[i]))
			return true;
	}
	return false;
}

bool headings_is_body(const char *plain)
{
	static const char *const bodies[] = { "directorate", "service", "service area", "section",
		"department", "team" };
	for (size_t i = 0; i < COUNT(bodies); i++) {
		if (!strcmp(bodies[i], plain))
			return true;
	}
	return false;
}

bool headings_is_group(const char *plain)
{
	static const char *const groups[] = { "audit", "audit title", "audit report", "audit area",
		"report", "review", "inspection", "source", "origin", "service", "service area",
		"area", "section", "topic", "assignment", "theme", "directorate" };
	for (size_t i = 0; i < COUNT(groups); i++) {
		if (!strcmp(groups[i], plain))
			return true;
	}
	return false;
}

bool headings_is_original(const char *plain)
{
	return holds_any(plain, original_words, COUNT(original_words));
}

static enum import_column find_meaning(const char *plain)
{
	for (size_t i = 0; i < COUNT(headings_exact); i++) {
		if (!strcmp(headings_exact[i].words, plain))
			return headings_exact[i].column;
	}
	for (size_t i = 0; i < COUNT(headings_words); i++) {
		if (words_contains(plain, headings_words[i].words))
			return headings_words[i].column;
	}
	for (size_t i = 0; i < COUNT(headings_welsh); i++) {
		if (words_contains(plain, headings_welsh[i].words))
			return headings_welsh[i].column;
	}
	return COLUMN_UNKNOWN;
}

enum import_column headings_meaning(const char *plain)
{
	enum import_column column = find_meaning(plain);
	bool revised =
		column == COLUMN_TIMESCALE && holds_any(plain, revised_words, COUNT(revised_words));
	return revised ? COLUMN_REVISED : column;
}
