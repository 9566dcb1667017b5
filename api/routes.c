/* The map: every endpoint, who may call it, what it accepts, who answers. Sorted by path. */
#include "api/routes.h"

#include "api/fields.h"
#include "api/handlers.h"
#include "api/import/import.h"
#include "api/import/source.h"

#define CONDITIONAL true

/* One endpoint a line. */
/* clang-format off */
const struct route routes[] = {
	{ "GET",    "/docs",                                  ROLE_ANYONE, NULL, NULL, false, "text/html", system_docs },
	{ "GET",    "/errors",                                ROLE_ANYONE, NULL, NULL, false, "text/html", error_list },
	{ "GET",    "/errors/{code}",                         ROLE_ANYONE, NULL, NULL, false, "text/html", error_read },
	{ "GET",    "/livez",                                 ROLE_ANYONE, NULL, NULL, false, NULL, system_live },
	{ "GET",    "/metrics",                               ROLE_ANYONE, NULL, NULL, false, "text/plain", metric_list },
	{ "GET",    "/openapi.json",                          ROLE_ANYONE, NULL, NULL, false, NULL, system_openapi },
	{ "GET",    "/readyz",                                ROLE_ANYONE, NULL, NULL, false, NULL, system_ready },
	{ "GET",    "/v1/actions",                            ROLE_READER, fields_query_actions, NULL, false, NULL, action_list },
	{ "GET",    "/v1/actions/{id}",                       ROLE_READER, fields_query_as_of, NULL, false, NULL, action_read },
	{ "PATCH",  "/v1/actions/{id}",                       ROLE_EDITOR, NULL, fields_action_patch, CONDITIONAL, NULL, action_patch },
	{ "PATCH",  "/v1/actions/{id}/deadlines/{deadline}",  ROLE_EDITOR, NULL, fields_deadline, CONDITIONAL, NULL, deadline_patch },
	{ "DELETE", "/v1/actions/{id}/leads/{lead}",          ROLE_EDITOR, NULL, NULL, CONDITIONAL, NULL, assignment_delete },
	{ "PUT",    "/v1/actions/{id}/leads/{lead}",          ROLE_EDITOR, NULL, fields_assignment, CONDITIONAL, NULL, assignment_put },
	{ "GET",    "/v1/actions/{id}/reminders",             ROLE_READER, fields_query_at, NULL, false, NULL, action_reminders },
	{ "GET",    "/v1/actions/{id}/timescales",            ROLE_READER, fields_query_page_as_of, NULL, false, NULL, timescale_list },
	{ "POST",   "/v1/actions/{id}/timescales",            ROLE_EDITOR, NULL, fields_timescale, false, NULL, timescale_revise },
	{ "GET",    "/v1/actions/{id}/updates",               ROLE_READER, fields_query_page_as_of, NULL, false, NULL, update_list },
	{ "POST",   "/v1/actions/{id}/updates",               ROLE_EDITOR, NULL, fields_update, false, NULL, update_create },
	{ "GET",    "/v1/changes",                            ROLE_READER, fields_query_changes, NULL, false, NULL, change_list },
	{ "GET",    "/v1/closures",                           ROLE_READER, NULL, NULL, false, NULL, closure_list },
	{ "PUT",    "/v1/closures",                           ROLE_EDITOR, NULL, fields_closures, CONDITIONAL, NULL, closure_put },
	{ "POST",   "/v1/imports",                            ROLE_EDITOR, fields_query_import, NULL, false, NULL, import_create, source_types, IMPORT_BYTES },
	{ "GET",    "/v1/keys",                               ROLE_ADMIN,  fields_query_page, NULL, false, NULL, key_list },
	{ "POST",   "/v1/keys",                               ROLE_ADMIN,  NULL, fields_key, false, NULL, key_create },
	{ "DELETE", "/v1/keys/{id}",                          ROLE_ADMIN,  NULL, NULL, CONDITIONAL, NULL, key_revoke },
	{ "GET",    "/v1/keys/{id}",                          ROLE_ADMIN,  NULL, NULL, false, NULL, key_read },
	{ "POST",   "/v1/keys/{id}/rotate",                   ROLE_ADMIN,  NULL, fields_key_rotate, false, NULL, key_rotate },
	{ "GET",    "/v1/ladder",                             ROLE_READER, NULL, NULL, false, NULL, ladder_read },
	{ "PUT",    "/v1/ladder",                             ROLE_EDITOR, NULL, fields_ladder, CONDITIONAL, NULL, ladder_put },
	{ "GET",    "/v1/leads",                              ROLE_READER, fields_query_page, NULL, false, NULL, lead_list },
	{ "POST",   "/v1/leads",                              ROLE_EDITOR, NULL, fields_lead_create, false, NULL, lead_create },
	{ "GET",    "/v1/leads/{id}",                         ROLE_READER, NULL, NULL, false, NULL, lead_read },
	{ "PATCH",  "/v1/leads/{id}",                         ROLE_EDITOR, NULL, fields_lead_patch, CONDITIONAL, NULL, lead_patch },
	{ "GET",    "/v1/leads/{id}/actions",                 ROLE_READER, fields_query_page_as_of, NULL, false, NULL, lead_actions },
	{ "GET",    "/v1/messages",                           ROLE_READER, fields_query_messages, NULL, false, NULL, message_list },
	{ "GET",    "/v1/messages/{id}",                      ROLE_READER, NULL, NULL, false, NULL, message_read },
	{ "POST",   "/v1/messages/{id}/retry",                ROLE_EDITOR, NULL, NULL, false, NULL, message_retry },
	{ "GET",    "/v1/plans",                              ROLE_READER, fields_query_page_as_of, NULL, false, NULL, plan_list },
	{ "POST",   "/v1/plans",                              ROLE_EDITOR, NULL, fields_plan_create, false, NULL, plan_create },
	{ "GET",    "/v1/plans/{plan}",                       ROLE_READER, fields_query_as_of, NULL, false, NULL, plan_read },
	{ "PATCH",  "/v1/plans/{plan}",                       ROLE_EDITOR, NULL, fields_plan_patch, CONDITIONAL, NULL, plan_patch },
	{ "GET",    "/v1/plans/{plan}/calendar.ics",          ROLE_READER, NULL, NULL, false, "text/calendar", export_calendar },
	{ "GET",    "/v1/plans/{plan}/compare",               ROLE_READER, fields_query_compare, NULL, false, NULL, plan_compare },
	{ "GET",    "/v1/plans/{plan}/coverage",              ROLE_READER, fields_query_at, NULL, false, NULL, plan_coverage },
	{ "GET",    "/v1/plans/{plan}/export.csv",            ROLE_READER, fields_query_as_of, NULL, false, "text/csv", export_csv },
	{ "GET",    "/v1/plans/{plan}/export.json",           ROLE_READER, fields_query_as_of, NULL, false, NULL, export_json },
	{ "GET",    "/v1/plans/{plan}/export.xlsx",           ROLE_READER, fields_query_as_of, NULL, false, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", export_xlsx },
	{ "GET",    "/v1/plans/{plan}/ladder",                ROLE_READER, NULL, NULL, false, NULL, ladder_read },
	{ "PUT",    "/v1/plans/{plan}/ladder",                ROLE_EDITOR, NULL, fields_ladder, CONDITIONAL, NULL, ladder_put },
	{ "GET",    "/v1/plans/{plan}/progress",              ROLE_READER, fields_query_as_of, NULL, false, NULL, plan_progress },
	{ "GET",    "/v1/plans/{plan}/recommendations",       ROLE_READER, fields_query_page_as_of, NULL, false, NULL, recommendation_list },
	{ "POST",   "/v1/plans/{plan}/recommendations",       ROLE_EDITOR, NULL, fields_recommendation_create, false, NULL, recommendation_create },
	{ "GET",    "/v1/plans/{plan}/snapshots",             ROLE_READER, fields_query_page, NULL, false, NULL, snapshot_list },
	{ "POST",   "/v1/plans/{plan}/snapshots",             ROLE_EDITOR, NULL, fields_snapshot, false, NULL, snapshot_create },
	{ "POST",   "/v1/receipts/notify",                    ROLE_NOTIFY, NULL, NULL, false, NULL, receipt_notify, receipt_types, RECEIPT_BYTES },
	{ "GET",    "/v1/recommendations/{id}",               ROLE_READER, fields_query_as_of, NULL, false, NULL, recommendation_read },
	{ "PATCH",  "/v1/recommendations/{id}",               ROLE_EDITOR, NULL, fields_recommendation_patch, CONDITIONAL, NULL, recommendation_patch },
	{ "POST",   "/v1/recommendations/{id}/actions",       ROLE_EDITOR, NULL, fields_action_create, false, NULL, action_create },
	{ "GET",    "/v1/reminders",                          ROLE_READER, fields_query_reminders, NULL, false, NULL, reminder_list },
	{ "GET",    "/v1/reminders/forecast",                 ROLE_READER, fields_query_forecast, NULL, false, NULL, reminder_forecast },
	{ "GET",    "/v1/timescales/read",                    ROLE_READER, fields_query_timescale, NULL, false, NULL, timescale_preview },
	{ "GET",    "/v1/webhooks",                           ROLE_ADMIN,  fields_query_page, NULL, false, NULL, webhook_list },
	{ "POST",   "/v1/webhooks",                           ROLE_ADMIN,  NULL, fields_webhook_create, false, NULL, webhook_create },
	{ "DELETE", "/v1/webhooks/{id}",                      ROLE_ADMIN,  NULL, NULL, CONDITIONAL, NULL, webhook_delete },
	{ "GET",    "/v1/webhooks/{id}",                      ROLE_ADMIN,  NULL, NULL, false, NULL, webhook_read },
	{ "PATCH",  "/v1/webhooks/{id}",                      ROLE_ADMIN,  NULL, fields_webhook_patch, CONDITIONAL, NULL, webhook_patch },
	{ "GET",    "/v1/webhooks/{id}/deliveries",           ROLE_ADMIN,  fields_query_deliveries, NULL, false, NULL, delivery_list },
	{ "POST",   "/v1/webhooks/{id}/replay",               ROLE_ADMIN,  NULL, fields_webhook_replay, false, NULL, webhook_replay },
	{ "POST",   "/v1/webhooks/{id}/rotate-secret",        ROLE_ADMIN,  fields_query_rotate, NULL, false, NULL, webhook_rotate },
	{ "POST",   "/v1/webhooks/{id}/test",                 ROLE_ADMIN,  NULL, NULL, false, NULL, webhook_test },
};
/* clang-format on */
const size_t routes_count = sizeof(routes) / sizeof(*routes);

size_t routes_body_bytes(const struct route *route)
{
	return route && route->body_bytes ? route->body_bytes : ROUTES_BODY_BYTES;
}

size_t routes_body_bytes_max(void)
{
	size_t max = ROUTES_BODY_BYTES;
	for (size_t i = 0; i < routes_count; i++)
		if (routes[i].body_bytes > max)
			max = routes[i].body_bytes;
	return max;
}

const char *role_name(enum role role)
{
	static const char *const names[] = { "anyone", "notify", "reader", "editor", "admin" };
	return names[role];
}
