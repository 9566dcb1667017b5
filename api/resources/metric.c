/* What watches the service is told: its own counts, and what the notifier has left in the database.
 */
#include "api/engine.h"
#include "api/handlers.h"
#include "api/metrics.h"
#include "api_queries.h"

struct reply metric_list(struct request *req)
{
	struct db_rows rows;
	struct text text;
	text_init(&text, req->arena);
	metrics_write(&text);
	enum db_outcome outcome = engine_run(req->arena, Q_SYSTEM_METRICS, NULL, true, &rows);
	metrics_write_database(&text, outcome == DB_DONE ? &rows : NULL);
	return reply_text(200, METRICS_TYPE, text.bytes, text.length);
}
