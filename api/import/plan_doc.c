/* A plan that was read from a file as one JSON document: what plan_import() of the database takes.
 */
#include "api/import/plan_doc.h"

#include <stdio.h>

#include "common/text.h"

static void add_text(struct text *out, const char *before, const char *value)
{
	text_add(out, before);
	text_add_json(out, value);
}

static void add_row(struct text *out, int row)
{
	char number[16];
	snprintf(number, sizeof(number), "%d", row);
	text_add(out, row ? number : "null");
}

static void add_findings(struct text *out, const char *before, const struct findings *findings)
{
	text_add(out, before);
	for (int i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		add_text(out, i ? ",{\"code\":" : "{\"code\":", finding->code);
		add_text(out, ",\"detail\":", finding->detail);
		text_add(out, ",\"row\":");
		add_row(out, finding->row);
		bool named = finding->column && *finding->column;
		add_text(out, ",\"column\":", named ? finding->column : NULL);
		text_add(out, "}");
	}
	text_add(out, "]");
}

static void add_leads(struct text *out, const struct import_leads *leads)
{
	text_add(out, ",\"leads\":[");
	for (int i = 0; i < leads->count; i++) {
		add_text(out, i ? ",{\"name\":" : "{\"name\":", leads->items[i].name);
		add_text(out, ",\"post_key\":", leads->items[i].post_key);
		add_text(out, ",\"kind\":", leads->items[i].kind);
		add_text(out, ",\"role\":", leads->items[i].role);
		text_add(out, "}");
	}
	text_add(out, "]");
}

static void add_action(struct text *out, const struct import_action *action)
{
	add_text(out, "{\"reference\":", action->reference);
	add_text(out, ",\"description\":", action->description);
	add_text(out, ",\"status\":", action->status);
	add_text(out, ",\"rag\":", action->rag);
	text_add(out, ",\"percent\":");
	if (action->percent < 0)
		text_add(out, "null");
	else
		text_addf(out, "%d", action->percent);
	text_add(out, ",\"row\":");
	add_row(out, action->row);
	text_add(out, ",\"timescale\":");
	text_add(out, action->timescale ? timescale_json(out->arena, action->timescale) : "null");
	text_add(out, ",\"original_timescale\":");
	text_add(out, action->original ? timescale_json(out->arena, action->original) : "null");
	add_text(out, ",\"note\":", action->note);
	if (action->completed_on)
		add_text(out, ",\"completed_on\":", action->completed_on);
	if (action->history)
		text_addf(out, ",\"history\":%s", action->history);
	add_leads(out, &action->leads);
	add_findings(out, ",\"doubts\":[", &action->doubts);
	text_add(out, "}");
}

static void add_recommendation(struct text *out, const struct import_recommendation *recommendation)
{
	add_text(out, "{\"number\":", recommendation->number);
	add_text(out, ",\"text\":", recommendation->text);
	if (recommendation->response)
		add_text(out, ",\"response\":", recommendation->response);
	text_add(out, ",\"row\":");
	add_row(out, recommendation->row);
	text_add(out, ",\"actions\":[");
	for (int i = 0; i < recommendation->action_count; i++) {
		text_add(out, i ? "," : "");
		add_action(out, &recommendation->actions[i]);
	}
	text_add(out, "]}");
}

static void add_columns(struct text *out, const struct import_plan *plan)
{
	text_add(out, "],\"columns\":[");
	bool first = true;
	for (int i = 0; i < plan->column_count; i++) {
		const struct heading *column = &plan->columns[i];
		if (!*column->name && column->column >= COLUMN_COUNT)
			continue;
		add_text(out, first ? "{\"heading\":" : ",{\"heading\":", column->name);
		add_text(out, ",\"read_as\":", headings_column_name(column->column));
		text_add(out, "}");
		first = false;
	}
}

const char *plan_doc_json(const struct import_plan *plan)
{
	struct text out;
	text_init(&out, plan->arena);
	add_text(&out, "{\"plan\":{\"title\":", plan->title);
	add_text(&out, ",\"organisation\":", plan->options.organisation);
	add_text(&out, ",\"slug\":", plan->options.slug);
	add_text(&out, ",\"source_url\":", plan->options.source_url);
	if (plan->settings)
		text_addf(&out, ",\"settings\":%s", plan->settings);
	text_add(&out, "},\"recommendations\":[");
	for (int i = 0; i < plan->count; i++) {
		text_add(&out, i ? "," : "");
		add_recommendation(&out, &plan->recommendations[i]);
	}
	add_columns(&out, plan);
	add_findings(&out, "],\"doubts\":[", &plan->doubts);
	add_findings(&out, ",\"errors\":[", &plan->errors);
	text_add(&out, "}");
	return out.bytes;
}
