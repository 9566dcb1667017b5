/* Actions: what the council will do, and the leads and deadlines that hang on one. */
#include "api/handlers.h"
#include "api/reading.h"
#include "api_queries.h"
#include "common/timescale.h"

static struct reply create_timed(struct request *req, const struct db_rows *rows)
{
	struct timescale timescale;
	struct timescale_settings settings = reading_settings(rows);
	timescale_read(req->arena, request_text(req, "timescale"), &settings, &timescale);
	return reply_row(req, 201, Q_ACTION_CREATE, req->id, req->path[0], req->body_text,
		timescale_json(req->arena, &timescale));
}

struct reply action_create(struct request *req)
{
	if (request_text(req, "timescale"))
		return reading_ask(req, NULL, req->path[0], NULL, create_timed);
	return reply_row(req, 201, Q_ACTION_CREATE, req->id, req->path[0], req->body_text, NULL);
}

struct reply action_list(struct request *req)
{
	return reply_list(req, Q_ACTION_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), request_query(req, "plan"),
		request_query(req, "status"), request_query(req, "standing"),
		request_query(req, "lead"), request_query(req, "due_before"),
		request_query(req, "due_after"), request_query(req, "updated_since"),
		request_query(req, "q"));
}

struct reply action_patch(struct request *req)
{
	return reply_row(
		req, 200, Q_ACTION_PATCH, req->id, req->path[0], req->if_match, req->body_text);
}

struct reply action_read(struct request *req)
{
	return reply_row(req, 200, Q_ACTION_READ, req->path[0]);
}

/* What was sent about it, what is next, and why. */
struct reply action_reminders(struct request *req)
{
	return reply_row(req, 200, Q_ACTION_REMINDERS, req->path[0], request_query(req, "at"));
}

struct reply assignment_delete(struct request *req)
{
	return reply_row(
		req, 200, Q_ASSIGNMENT_DELETE, req->id, req->path[0], req->path[1], req->if_match);
}

struct reply assignment_put(struct request *req)
{
	return reply_row(req, 200, Q_ASSIGNMENT_PUT, req->id, req->path[0], req->path[1],
		req->if_match, req->body_text);
}

struct reply deadline_patch(struct request *req)
{
	return reply_row(req, 200, Q_DEADLINE_PATCH, req->id, req->path[0], req->path[1],
		req->if_match, req->body_text);
}
