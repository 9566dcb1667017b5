/* The members of an exported plan: its field tables. */
#include "api/import/export_doc_fields.h"

#include "api/import/finding.h"
#include "api/import/plan_build.h"

#define UPDATES 10000

static const char *const formats[] = { "golden-thread-plan", NULL };
static const char *const divisions[] = { "england-and-wales", "scotland", "northern-ireland",
	NULL };
static const char *const confidences[] = { "certain", "assumed", "unreadable", NULL };
static const char *const kinds[] = { "officer", "cabinet_member", "team", "partner", NULL };
static const char *const quarter_bases[] = { "financial", "calendar", NULL };
static const char *const rags[] = { "red", "amber", "green", "blue", NULL };
static const char *const responses[] = { "accepted", "partly_accepted", "declined", NULL };
static const char *const roles[] = { "lead", "cabinet_member", "support", "consulted", NULL };
static const char *const states[] = { "draft", "active", "closed", NULL };
static const char *const statuses[] = { "not_started", "in_progress", "complete", "on_hold",
	"cancelled", "transferred", NULL };

static const struct field assignments[] = {
	{ "name", FIELD_LINE, .max = 500, .required = true },
	{ "role", FIELD_ENUM, .one_of = roles, .required = true },
	{ NULL },
};

static const struct field deadlines[] = {
	{ "label", FIELD_PROSE, .max = 500, .nullable = true },
	{ "due_on", FIELD_DATE, .required = true },
	{ "done_on", FIELD_DATE, .nullable = true },
	{ NULL },
};

static const struct field doubts[] = {
	{ "code", FIELD_LINE, .max = 60, .required = true },
	{ "detail", FIELD_PROSE, .max = FINDING_CHARACTERS, .required = true },
	{ "row", FIELD_INTEGER, .min = 0, .max = 10000000, .nullable = true },
	{ "column", FIELD_PROSE, .max = 500, .nullable = true },
	{ NULL },
};

static const struct field leads[] = {
	{ "name", FIELD_LINE, .max = 500, .required = true },
	{ "kind", FIELD_ENUM, .one_of = kinds, .required = true },
	{ NULL },
};

static const struct field timescales[] = {
	{ "text", FIELD_PROSE, .max = 2000, .required = true },
	{ "reason", FIELD_PROSE, .nullable = true },
	{ "agreed_by", FIELD_LINE, .nullable = true },
	{ "agreed_on", FIELD_DATE, .nullable = true },
	{ "starts_on", FIELD_DATE, .nullable = true },
	{ "due_on", FIELD_DATE, .nullable = true },
	{ "confidence", FIELD_ENUM, .one_of = confidences },
	{ "deadlines", FIELD_OBJECTS, .items = deadlines },
	{ NULL },
};

static const struct field updates[] = {
	{ "created_at", FIELD_INSTANT, .required = true },
	{ "author", FIELD_LINE, .required = true },
	{ "lead", FIELD_LINE, .nullable = true },
	{ "note", FIELD_PROSE, .nullable = true },
	{ "status", FIELD_ENUM, .one_of = statuses, .nullable = true },
	{ "rag", FIELD_ENUM, .one_of = rags, .nullable = true },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100, .nullable = true },
	{ "evidence", FIELD_URL, .nullable = true },
	{ NULL },
};

static const struct field actions[] = {
	{ "reference", FIELD_LINE, .max = 40, .required = true },
	{ "description", FIELD_PROSE, .required = true },
	{ "status", FIELD_ENUM, .one_of = statuses, .required = true },
	{ "rag", FIELD_ENUM, .one_of = rags, .nullable = true },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100, .nullable = true },
	{ "completed_on", FIELD_DATE, .nullable = true },
	{ "leads", FIELD_OBJECTS, .items = assignments },
	{ "timescales", FIELD_OBJECTS, .items = timescales },
	{ "updates", FIELD_OBJECTS, .items = updates, .max = UPDATES },
	{ "doubts", FIELD_OBJECTS, .items = doubts },
	{ NULL },
};

static const struct field recommendations[] = {
	{ "number", FIELD_LINE, .max = 40, .required = true },
	{ "text", FIELD_PROSE, .required = true },
	{ "response", FIELD_ENUM, .one_of = responses },
	{ "actions", FIELD_OBJECTS, .items = actions, .max = PLAN_BUILD_ACTIONS },
	{ NULL },
};

const struct field export_doc_fields[] = {
	{ "format", FIELD_ENUM, .one_of = formats, .required = true },
	{ "version", FIELD_INTEGER, .min = 1, .max = 1, .required = true },
	{ "slug", FIELD_SLUG, .required = true },
	{ "title", FIELD_LINE, .required = true },
	{ "organisation", FIELD_LINE, .required = true },
	{ "source_url", FIELD_URL, .nullable = true },
	{ "adopted_on", FIELD_DATE, .nullable = true },
	{ "owner", FIELD_LINE, .nullable = true },
	{ "state", FIELD_ENUM, .one_of = states },
	{ "published", FIELD_BOOLEAN },
	{ "time_zone", FIELD_LINE, .max = 60 },
	{ "division", FIELD_ENUM, .one_of = divisions },
	{ "quarter_basis", FIELD_ENUM, .one_of = quarter_bases },
	{ "relative_to", FIELD_DATE, .nullable = true },
	{ "send_at", FIELD_TIME },
	{ "updates_every_days", FIELD_INTEGER, .min = 1, .max = 366, .nullable = true },
	{ "leads", FIELD_OBJECTS, .items = leads, .max = PLAN_BUILD_ACTIONS },
	{ "recommendations", FIELD_OBJECTS, .items = recommendations, .max = ROWS_ITEMS,
		.required = true },
	{ NULL },
};
