/* A lead cell's reading as the JSON object of the API. */
#include "common/cell_text.h"
#include "common/lead_cell.h"
#include "common/text.h"

static void add_text(struct text *json, const char *key, const char *value)
{
	text_add(json, key);
	text_add_json(json, cell_text_utf8(json->arena, value));
}

const char *lead_cell_json(struct arena *arena, const struct lead_cell *cell)
{
	struct text json;
	text_init(&json, arena);
	add_text(&json, "{\"text\":", cell->text);
	text_add(&json, ",\"leads\":[");
	for (int i = 0; i < cell->lead_count; i++) {
		const struct lead_cell_lead *lead = &cell->leads[i];
		add_text(&json, i ? ",{\"name\":" : "{\"name\":", lead->name);
		add_text(&json, ",\"kind\":", lead_cell_kind_name(lead->kind));
		add_text(&json, ",\"role\":", lead_cell_role_name(lead->role));
		text_add(&json, "}");
	}
	add_text(&json, "],\"confidence\":", lead_cell_confidence_name(cell->confidence));
	text_add(&json, ",\"assumptions\":[");
	for (int i = 0; i < cell->assumption_count; i++)
		add_text(&json, i ? "," : "", cell->assumptions[i]);
	text_add(&json, cell->ditto ? "],\"ditto\":true}" : "],\"ditto\":false}");
	return json.bytes;
}
