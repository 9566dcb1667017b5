/* A timescale's reading as the JSON object of the API. */
#include "common/cell_text.h"
#include "common/text.h"
#include "common/timescale.h"

static void add_text(struct text *json, const char *key, const char *value)
{
	text_add(json, key);
	text_add_json(json, value ? cell_text_utf8(json->arena, value) : NULL);
}

static void add_date(struct text *json, const char *key, struct date date)
{
	char iso[DATE_ISO_BYTES];
	add_text(json, key, date_is_set(date) ? date_iso(date, iso) : NULL);
}

static void add_deadlines(struct text *json, const struct timescale *timescale)
{
	text_add(json, ",\"deadlines\":[");
	for (int i = 0; i < timescale->deadline_count; i++) {
		const struct timescale_deadline *deadline = &timescale->deadlines[i];
		add_text(json, i ? ",{\"label\":" : "{\"label\":", deadline->label);
		add_date(json, ",\"due_on\":", deadline->due_on);
		text_add(json, "}");
	}
	text_add(json, "]");
}

static void add_assumptions(struct text *json, const struct timescale *timescale)
{
	text_add(json, ",\"assumptions\":[");
	for (int i = 0; i < timescale->assumption_count; i++)
		add_text(json, i ? "," : "", timescale->assumptions[i]);
	text_add(json, "]");
}

const char *timescale_json(struct arena *arena, const struct timescale *timescale)
{
	struct text json;
	text_init(&json, arena);
	add_text(&json, "{\"text\":", timescale->text);
	add_text(&json, ",\"kind\":", timescale_kind_name(timescale->kind));
	add_text(&json, ",\"precision\":", timescale_precision_name(timescale->precision));
	add_date(&json, ",\"starts_on\":", timescale->starts_on);
	add_date(&json, ",\"due_on\":", timescale->due_on);
	add_deadlines(&json, timescale);
	text_add(&json, timescale->continues ? ",\"continues\":true" : ",\"continues\":false");
	add_text(&json, ",\"recurs\":", timescale->recurs);
	add_text(&json, ",\"status_hint\":", timescale->status_hint);
	add_text(&json, ",\"confidence\":", timescale_confidence_name(timescale->confidence));
	add_assumptions(&json, timescale);
	add_text(&json, ",\"reading\":", timescale->reading);
	add_date(&json, ",\"completed_on\":", timescale->completed_on);
	add_text(&json, ",\"rule\":", timescale->rule);
	text_add(&json, "}");
	return json.bytes;
}
