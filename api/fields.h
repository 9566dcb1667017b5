/* The field tables of every body and query, and the words that enumerations take. */
#pragma once

#include "api/schema.h"

/* Bodies. */
extern const struct field fields_action_create[];
extern const struct field fields_action_patch[];
extern const struct field fields_assignment[];
extern const struct field fields_closures[];
extern const struct field fields_deadline[];
extern const struct field fields_key[];
extern const struct field fields_key_rotate[];
extern const struct field fields_ladder[];
extern const struct field fields_lead_create[];
extern const struct field fields_lead_patch[];
extern const struct field fields_plan_create[];
extern const struct field fields_plan_patch[];
extern const struct field fields_recommendation_create[];
extern const struct field fields_recommendation_patch[];
extern const struct field fields_snapshot[];
extern const struct field fields_timescale[];
extern const struct field fields_update[];
extern const struct field fields_webhook_create[];
extern const struct field fields_webhook_patch[];
extern const struct field fields_webhook_replay[];

/* Queries. */
extern const struct field fields_query_actions[];
extern const struct field fields_query_as_of[];
extern const struct field fields_query_at[];
extern const struct field fields_query_changes[];
extern const struct field fields_query_compare[];
extern const struct field fields_query_forecast[];
extern const struct field fields_query_deliveries[];
extern const struct field fields_query_import[];
extern const struct field fields_query_messages[];
extern const struct field fields_query_page[];
extern const struct field fields_query_page_as_of[];
extern const struct field fields_query_reminders[];
extern const struct field fields_query_rotate[];
extern const struct field fields_query_timescale[];
