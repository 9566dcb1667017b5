/* Every handler's name, sorted. */
#pragma once

#include "api/reply.h"

struct reply action_create(struct request *req);
struct reply action_list(struct request *req);
struct reply action_patch(struct request *req);
struct reply action_read(struct request *req);
struct reply assignment_delete(struct request *req);
struct reply assignment_put(struct request *req);
struct reply deadline_patch(struct request *req);
struct reply error_list(struct request *req);
struct reply error_read(struct request *req);
struct reply export_calendar(struct request *req);
struct reply export_csv(struct request *req);
struct reply export_json(struct request *req);
struct reply export_xlsx(struct request *req);
struct reply import_create(struct request *req);
struct reply key_create(struct request *req);
struct reply key_list(struct request *req);
struct reply key_revoke(struct request *req);
struct reply ladder_put(struct request *req);
struct reply ladder_read(struct request *req);
struct reply lead_actions(struct request *req);
struct reply lead_create(struct request *req);
struct reply lead_list(struct request *req);
struct reply lead_patch(struct request *req);
struct reply lead_read(struct request *req);
struct reply message_list(struct request *req);
struct reply message_read(struct request *req);
struct reply plan_compare(struct request *req);
struct reply plan_coverage(struct request *req);
struct reply plan_create(struct request *req);
struct reply plan_list(struct request *req);
struct reply plan_patch(struct request *req);
struct reply plan_progress(struct request *req);
struct reply plan_read(struct request *req);
struct reply recommendation_create(struct request *req);
struct reply recommendation_list(struct request *req);
struct reply recommendation_patch(struct request *req);
struct reply recommendation_read(struct request *req);
struct reply reminder_list(struct request *req);
struct reply snapshot_create(struct request *req);
struct reply snapshot_list(struct request *req);
struct reply system_docs(struct request *req);
struct reply system_live(struct request *req);
struct reply system_openapi(struct request *req);
struct reply system_ready(struct request *req);
struct reply timescale_list(struct request *req);
struct reply timescale_preview(struct request *req);
struct reply timescale_revise(struct request *req);
struct reply update_create(struct request *req);
struct reply update_list(struct request *req);
