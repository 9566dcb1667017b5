/* The field tables of every body and query, and the words that enumerations take. */
#include "api/fields.h"

static const char *const audiences[] = { "lead", "support", "manager", "cabinet_member",
	"plan_owner", NULL };
static const char *const delivery_states[] = { "queued", "leased", "retry", "sent", "failed",
	NULL };
static const char *const divisions[] = { "england-and-wales", "scotland", "northern-ireland",
	NULL };
static const char *const event_types[] = { "action.created", "action.updated", "action.completed",
	"action.due_soon", "action.due_today", "action.overdue", "timescale.revised",
	"plan.created", "plan.updated", "plan.activated", "plan.closed", NULL };
static const char *const key_roles[] = { "reader", "editor", "admin", NULL };
static const char *const languages[] = { "en", "cy", "both", NULL };
static const char *const lead_kinds[] = { "officer", "cabinet_member", "team", "partner", NULL };
static const char *const lead_roles[] = { "lead", "cabinet_member", "support", "consulted", NULL };
static const char *const message_states[] = { "queued", "leased", "retry", "uncertain", "sent",
	"cancelled", "failed", NULL };
static const char *const plan_states[] = { "draft", "active", "closed", NULL };
static const char *const quarter_bases[] = { "financial", "calendar", NULL };
static const char *const rags[] = { "red", "amber", "green", "blue", NULL };
static const char *const recorded[] = { "action", "api_key", "assignment", "closure", "closure_set",
	"deadline", "ladder", "ladder_stage", "lead", "message", "plan", "recommendation",
	"redaction", "snapshot", "timescale", "update", "webhook", "webhook_secret", NULL };
static const char *const reminder_states[] = { "planned", "sent", "dropped", "lapsed", "suppressed",
	"unroutable", "failed", NULL };
static const char *const responses[] = { "accepted", "partly_accepted", "declined", NULL };
static const char *const standings[] = { "upcoming", "due_soon", "overdue", "done", "exempt",
	"unscheduled", NULL };
static const char *const statuses[] = { "not_started", "in_progress", "complete", "on_hold",
	"cancelled", "transferred", NULL };

static const char *const webhook_formats[] = { "standard", "teams", "slack", NULL };
static const char *const webhook_states[] = { "active", "paused", NULL };

static const struct field assignment_items[] = {
	{ "lead", FIELD_ID, .required = true },
	{ "role", FIELD_ENUM, .one_of = lead_roles },
	{ NULL },
};

const struct field fields_action_create[] = {
	{ "reference", FIELD_LINE, .max = 40 },
	{ "description", FIELD_PROSE, .required = true },
	{ "status", FIELD_ENUM, .one_of = statuses },
	{ "rag", FIELD_ENUM, .one_of = rags, .nullable = true },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100, .nullable = true },
	{ "timescale", FIELD_LINE, .max = 2000 },
	{ "leads", FIELD_OBJECTS, .items = assignment_items, .max = 50 },
	{ NULL },
};

static const struct field doubt_items[] = {
	{ "code", FIELD_LINE, .max = 60, .required = true },
	{ "detail", FIELD_LINE, .max = 500, .required = true },
	{ "row", FIELD_INTEGER, .min = 0, .max = 10000000, .nullable = true },
	{ "column", FIELD_LINE, .max = 500, .nullable = true },
	{ NULL },
};

const struct field fields_action_patch[] = {
	{ "recommendation", FIELD_ID },
	{ "reference", FIELD_LINE, .max = 40 },
	{ "description", FIELD_PROSE },
	{ "status", FIELD_ENUM, .one_of = statuses },
	{ "rag", FIELD_ENUM, .one_of = rags, .nullable = true },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100, .nullable = true },
	{ "completed_on", FIELD_DATE, .nullable = true },
	{ "doubts", FIELD_OBJECTS, .items = doubt_items, .max = 50 },
	{ NULL },
};

const struct field fields_assignment[] = {
	{ "role", FIELD_ENUM, .one_of = lead_roles, .required = true },
	{ NULL },
};

static const struct field closure_items[] = {
	{ "day", FIELD_DATE, .required = true },
	{ "title", FIELD_LINE, .max = 200, .required = true },
	{ NULL },
};

const struct field fields_closures[] = {
	{ "closures", FIELD_OBJECTS, .items = closure_items, .max = 1000, .required = true },
	{ NULL },
};

const struct field fields_deadline[] = {
	{ "done_on", FIELD_DATE, .nullable = true },
	{ NULL },
};

const struct field fields_key[] = {
	{ "name", FIELD_LINE, .max = 200, .required = true },
	{ "role", FIELD_ENUM, .one_of = key_roles, .required = true },
	{ "plans", FIELD_IDS, .min = 1, .max = 100, .nullable = true },
	{ "expires_at", FIELD_INSTANT, .nullable = true },
	{ NULL },
};

const struct field fields_key_rotate[] = {
	{ "overlap_hours", FIELD_INTEGER, .min = 0, .max = 720 },
	{ NULL },
};

static const struct field stage_items[] = {
	{ "offset_days", FIELD_INTEGER, .min = -366, .max = 366, .required = true },
	{ "audience", FIELD_ENUMS, .one_of = audiences, .min = 1, .max = 5, .required = true },
	{ "repeat_days", FIELD_INTEGER, .min = 1, .max = 366, .nullable = true },
	{ NULL },
};

const struct field fields_ladder[] = {
	{ "stages", FIELD_OBJECTS, .items = stage_items, .max = 50, .required = true },
	{ NULL },
};

#define LEAD_FIELDS(is_required)                                                                   \
	{ "name", FIELD_LINE, .max = 500, .required = (is_required) },                             \
		{ "kind", FIELD_ENUM, .one_of = lead_kinds },                                      \
		{ "holder", FIELD_LINE, .max = 200, .nullable = true },                            \
		{ "email", FIELD_EMAIL, .nullable = true },                                        \
		{ "language", FIELD_ENUM, .one_of = languages },                                   \
		{ "deputy", FIELD_ID, .nullable = true },                                          \
		{ "manager", FIELD_ID, .nullable = true },                                         \
		{ "away_from", FIELD_DATE, .nullable = true },                                     \
		{ "away_until", FIELD_DATE, .nullable = true },                                    \
	{                                                                                          \
		NULL                                                                               \
	}

const struct field fields_lead_create[] = { LEAD_FIELDS(true) };
const struct field fields_lead_patch[] = { LEAD_FIELDS(false) };

#define PLAN_FIELDS(is_required)                                                                   \
	{ "slug", FIELD_SLUG }, { "title", FIELD_LINE, .required = (is_required) },                \
		{ "organisation", FIELD_LINE, .required = (is_required) },                         \
		{ "source_url", FIELD_URL, .nullable = true },                                     \
		{ "adopted_on", FIELD_DATE, .nullable = true },                                    \
		{ "owner", FIELD_ID, .nullable = true },                                           \
		{ "state", FIELD_ENUM, .one_of = plan_states }, { "published", FIELD_BOOLEAN },    \
		{ "time_zone", FIELD_LINE, .max = 60 },                                            \
		{ "division", FIELD_ENUM, .one_of = divisions },                                   \
		{ "quarter_basis", FIELD_ENUM, .one_of = quarter_bases },                          \
		{ "relative_to", FIELD_DATE, .nullable = true }, { "send_at", FIELD_TIME },        \
		{ "updates_every_days", FIELD_INTEGER, .min = 1, .max = 366, .nullable = true },   \
	{                                                                                          \
		NULL                                                                               \
	}

const struct field fields_plan_create[] = { PLAN_FIELDS(true) };
const struct field fields_plan_patch[] = { PLAN_FIELDS(false) };

#define RECOMMENDATION_FIELDS(is_required)                                                         \
	{ "number", FIELD_LINE, .max = 40, .required = (is_required) },                            \
		{ "text", FIELD_PROSE, .required = (is_required) },                                \
		{ "response", FIELD_ENUM, .one_of = responses },                                   \
	{                                                                                          \
		NULL                                                                               \
	}

const struct field fields_recommendation_create[] = { RECOMMENDATION_FIELDS(true) };
const struct field fields_recommendation_patch[] = { RECOMMENDATION_FIELDS(false) };

const struct field fields_timescale[] = {
	{ "text", FIELD_LINE, .max = 2000, .required = true },
	{ "reason", FIELD_PROSE, .required = true },
	{ "agreed_by", FIELD_LINE, .max = 200, .nullable = true },
	{ "agreed_on", FIELD_DATE, .nullable = true },
	{ NULL },
};

const struct field fields_update[] = {
	{ "note", FIELD_PROSE },
	{ "status", FIELD_ENUM, .one_of = statuses },
	{ "rag", FIELD_ENUM, .one_of = rags },
	{ "percent", FIELD_INTEGER, .min = 0, .max = 100 },
	{ "evidence", FIELD_URL },
	{ "author", FIELD_LINE, .max = 200 },
	{ "lead", FIELD_ID },
	{ NULL },
};

const struct field fields_snapshot[] = {
	{ "name", FIELD_LINE, .max = 200, .required = true },
	{ "at", FIELD_INSTANT },
	{ NULL },
};

#define WEBHOOK_FIELDS(is_required)                                                                \
	{ "url", FIELD_URL, .required = (is_required) },                                           \
		{ "description", FIELD_LINE, .max = 200, .nullable = true },                       \
		{ "events", FIELD_ENUMS, .one_of = event_types, .min = 1, .max = 11,               \
			.nullable = true },                                                        \
		{ "plans", FIELD_IDS, .min = 1, .max = 100, .nullable = true },                    \
		{ "owner", FIELD_ID, .nullable = true },                                           \
		{ "leads", FIELD_IDS, .min = 1, .max = 100, .nullable = true },                    \
		{ "state", FIELD_ENUM, .one_of = webhook_states },                                 \
	{                                                                                          \
		NULL                                                                               \
	}

const struct field fields_webhook_create[] = {
	{ "format", FIELD_ENUM, .one_of = webhook_formats },
	WEBHOOK_FIELDS(true),
};
const struct field fields_webhook_patch[] = { WEBHOOK_FIELDS(false) };

const struct field fields_webhook_replay[] = {
	{ "since", FIELD_INSTANT },
	{ "delivery", FIELD_ID },
	{ NULL },
};

#define PAGE_FIELDS                                                                                \
	{ "limit", FIELD_INTEGER, .min = 1, .max = 100 }, { "cursor", FIELD_CURSOR },              \
	{                                                                                          \
		NULL                                                                               \
	}

const struct field fields_query_page[] = { PAGE_FIELDS };

/* as_of: a day at whose end the answer stood so. dispatch.c reads it, not the handlers. */
const struct field fields_query_as_of[] = { { "as_of", FIELD_DATE }, { NULL } };
const struct field fields_query_page_as_of[] = { { "as_of", FIELD_DATE }, PAGE_FIELDS };

const struct field fields_query_actions[] = {
	{ "plan", FIELD_PLAN },
	{ "status", FIELD_ENUM, .one_of = statuses },
	{ "standing", FIELD_ENUM, .one_of = standings },
	{ "lead", FIELD_ID },
	{ "due_before", FIELD_DATE },
	{ "due_after", FIELD_DATE },
	{ "updated_since", FIELD_INSTANT },
	{ "q", FIELD_LINE, .max = 200 },
	{ "as_of", FIELD_DATE },
	PAGE_FIELDS,
};

const struct field fields_query_at[] = {
	{ "at", FIELD_INSTANT },
	{ NULL },
};

const struct field fields_query_changes[] = {
	{ "limit", FIELD_INTEGER, .min = 1, .max = 100 },
	{ "after", FIELD_PLACE },
	{ "plan", FIELD_PLAN },
	{ "resource", FIELD_ENUM, .one_of = recorded },
	{ NULL },
};

const struct field fields_query_compare[] = {
	{ "from", FIELD_MOMENT, .required = true },
	{ "to", FIELD_MOMENT },
	{ NULL },
};

const struct field fields_query_deliveries[] = {
	{ "state", FIELD_ENUM, .one_of = delivery_states },
	PAGE_FIELDS,
};

const struct field fields_query_forecast[] = {
	{ "from", FIELD_DATE, .required = true },
	{ "to", FIELD_DATE, .required = true },
	{ "plan", FIELD_PLAN },
	{ "lead", FIELD_ID },
	{ NULL },
};

const struct field fields_query_import[] = {
	{ "dry_run", FIELD_BOOLEAN },
	{ "plan", FIELD_PLAN },
	{ "title", FIELD_LINE },
	{ "organisation", FIELD_LINE },
	{ "slug", FIELD_SLUG },
	{ "source_url", FIELD_URL },
	{ NULL },
};

const struct field fields_query_messages[] = {
	{ "state", FIELD_ENUM, .one_of = message_states },
	{ "lead", FIELD_ID },
	{ "day", FIELD_DATE },
	PAGE_FIELDS,
};

const struct field fields_query_reminders[] = {
	{ "plan", FIELD_PLAN },
	{ "action", FIELD_ID },
	{ "lead", FIELD_ID },
	{ "state", FIELD_ENUM, .one_of = reminder_states },
	{ "day", FIELD_DATE },
	PAGE_FIELDS,
};

const struct field fields_query_rotate[] = {
	{ "overlap_hours", FIELD_INTEGER, .min = 0, .max = 168 },
	{ NULL },
};

const struct field fields_query_timescale[] = {
	{ "text", FIELD_LINE, .max = 2000, .required = true },
	{ "quarter_basis", FIELD_ENUM, .one_of = quarter_bases },
	{ "relative_to", FIELD_DATE },
	{ NULL },
};
