/* Shows people what an import makes of a file: every row, reading, lead and doubt. */
#include "api/commands/import_print.h"

#include <jansson.h>
#include <string.h>

struct printer {
	FILE *out;
	int actions;
	int changed; /* new or changed */
	int doubts;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static bool is_state(const json_t *object, const char *state)
{
	return strcmp(text_of(object, "state"), state) == 0;
}

static void print_place(FILE *out, int row, const char *column)
{
	if (row)
		fprintf(out, "row %d%s", row, column && *column ? ", " : "");
	if (column && *column)
		fputs(column, out);
	fputs(row || (column && *column) ? ": " : "", out);
}

static void print_doubt(struct printer *printer, const json_t *doubt, const char *indent)
{
	fprintf(printer->out, "%s? ", indent);
	print_place(printer->out, (int)json_integer_value(json_object_get(doubt, "row")),
		text_of(doubt, "column"));
	fprintf(printer->out, "%s (%s)", text_of(doubt, "detail"), text_of(doubt, "code"));
	printer->doubts++;
}

static bool has_doubt(const json_t *action, const json_t *doubt)
{
	size_t i;
	json_t *own;
	json_array_foreach(json_object_get(action, "doubts"), i, own)
	{
		if (json_equal(own, doubt))
			return true;
	}
	return false;
}

/* What all actions of a row have in common is said once. */
static void print_also(
	struct printer *printer, const json_t *actions, size_t from, const json_t *doubt)
{
	size_t i;
	for (i = from + 1; has_doubt(json_array_get(actions, i), doubt); i++)
		fprintf(printer->out, "%s%s", i == from + 1 ? " [also " : ", ",
			text_of(json_array_get(actions, i), "reference"));
	fputs(i > from + 1 ? "]\n" : "\n", printer->out);
}

static void print_doubts(struct printer *printer, const json_t *actions, size_t n)
{
	const json_t *before = n ? json_array_get(actions, n - 1) : NULL;
	size_t i;
	json_t *doubt;
	json_array_foreach(json_object_get(json_array_get(actions, n), "doubts"), i, doubt)
	{
		if (has_doubt(before, doubt))
			continue;
		print_doubt(printer, doubt, "       ");
		print_also(printer, actions, n, doubt);
	}
}

/* The API's words as people say them. */
static const char *plainly(const char *word)
{
	static const struct {
		const char *word, *plain;
	} words[] = { { "cabinet_member", "cabinet member" }, { "in_progress", "in progress" },
		{ "not_started", "not started" }, { "on_hold", "on hold" },
		{ "transferred", "transferred to business as usual" },
		{ "partly_accepted", "partly accepted" },
		{ "place", "its number or recommendation" }, { "percent", "percentage" },
		{ "completed_on", "day of completion" }, { "rag", "RAG" },
		{ "note", "progress note" }, { "revised_timescale", "revised timescale" } };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(words[i].word, word) == 0)
			return words[i].plain;
	}
	return word;
}

/* "(new)", or nothing when the database was not asked. */
static void print_state(struct printer *printer, const json_t *object)
{
	const char *state = text_of(object, "state");
	if (!*state)
		return;
	fprintf(printer->out, " (%s", state);
	size_t i;
	json_t *change;
	json_array_foreach(json_object_get(object, "changes"), i, change)
		fprintf(printer->out, "%s%s", i ? ", " : ": ", plainly(json_string_value(change)));
	fputs(")", printer->out);
}

static void print_leads(struct printer *printer, const json_t *leads)
{
	size_t i;
	json_t *lead;
	json_array_foreach(leads, i, lead)
	{
		const char *role = plainly(text_of(lead, "role"));
		const char *kind = plainly(text_of(lead, "kind"));
		fprintf(printer->out, "       %s: %s", role, text_of(lead, "name"));
		if (strcmp(role, kind) != 0)
			fprintf(printer->out, ", %s", kind);
		print_state(printer, lead);
		fputs("\n", printer->out);
	}
}

static void print_deadlines(struct printer *printer, const json_t *timescale)
{
	const json_t *deadlines = json_object_get(timescale, "deadlines");
	size_t i;
	json_t *deadline;
	json_array_foreach(deadlines, i, deadline)
	{
		const char *label = text_of(deadline, "label");
		fprintf(printer->out, "       deadline %s%s%s\n", text_of(deadline, "due_on"),
			*label ? " " : "", label);
	}
}

static void print_reading(struct printer *printer, const json_t *timescale, const char *before)
{
	if (json_is_object(timescale))
		fprintf(printer->out, "       %s\"%s\": %s (%s)\n", before,
			text_of(timescale, "text"), text_of(timescale, "reading"),
			text_of(timescale, "confidence"));
}

static void print_progress(struct printer *printer, const json_t *action)
{
	const char *status = text_of(action, "status");
	const char *rag = text_of(action, "rag");
	const json_t *percent = json_object_get(action, "percent");
	if (*status)
		fprintf(printer->out, "       status: %s\n", plainly(status));
	if (*rag)
		fprintf(printer->out, "       RAG: %s\n", rag);
	if (json_is_integer(percent))
		fprintf(printer->out, "       %d%% complete\n", (int)json_integer_value(percent));
	if (*text_of(action, "note"))
		fprintf(printer->out, "       progress note: %s\n", text_of(action, "note"));
}

static void print_action(struct printer *printer, const json_t *actions, size_t n)
{
	const json_t *action = json_array_get(actions, n);
	const json_t *timescale = json_object_get(action, "timescale");
	printer->actions++;
	printer->changed += is_state(action, "new") || is_state(action, "changed");
	fprintf(printer->out, "  %s  %s", text_of(action, "reference"),
		text_of(action, "description"));
	print_state(printer, action);
	fputs("\n", printer->out);
	print_reading(printer, timescale, "");
	print_deadlines(printer, timescale);
	print_reading(printer, json_object_get(action, "original_timescale"), "first published: ");
	print_progress(printer, action);
	print_leads(printer, json_object_get(action, "leads"));
	print_doubts(printer, actions, n);
}

static void print_recommendation(struct printer *printer, const json_t *recommendation)
{
	const json_t *actions = json_object_get(recommendation, "actions");
	const char *response = text_of(recommendation, "response");
	fprintf(printer->out, "\nRecommendation %s, row %d", text_of(recommendation, "number"),
		(int)json_integer_value(json_object_get(recommendation, "row")));
	if (*response)
		fprintf(printer->out, ", %s", plainly(response));
	print_state(printer, recommendation);
	fprintf(printer->out, "\n  %s\n", text_of(recommendation, "text"));
	for (size_t i = 0; i < json_array_size(actions); i++)
		print_action(printer, actions, i);
}

static void print_columns(struct printer *printer, const json_t *columns, bool read)
{
	size_t i;
	json_t *column;
	bool any = false;
	json_array_foreach(columns, i, column)
	{
		const char *as = plainly(text_of(column, "read_as"));
		const char *heading = text_of(column, "heading");
		if ((*as != '\0') != read)
			continue;
		fputs(any ? "; " : (read ? "Columns read: " : "? Columns left out: "),
			printer->out);
		fprintf(printer->out, "\"%s\"", heading);
		if (read)
			fprintf(printer->out, " as %s", as);
		any = true;
	}
	fputs(any ? "\n" : "", printer->out);
}

static void print_plan_doubts(struct printer *printer, const json_t *document)
{
	size_t i;
	json_t *doubt;
	fputs("\n", printer->out);
	json_array_foreach(json_object_get(document, "doubts"), i, doubt)
	{
		const char *code = text_of(doubt, "code");
		/* "Columns left out" has said it. */
		if (strcmp(code, "column_left_out") == 0 || strcmp(code, "heading_unknown") == 0) {
			printer->doubts++;
			continue;
		}
		print_doubt(printer, doubt, "");
		fputs("\n", printer->out);
	}
}

static void print_header(struct printer *printer, const json_t *plan)
{
	const char *title = text_of(plan, "title");
	const char *slug = text_of(plan, "slug");
	fprintf(printer->out, "%s\n", *title ? title : "(no title)");
	if (*text_of(plan, "organisation"))
		fprintf(printer->out, "%s\n", text_of(plan, "organisation"));
	if (*slug)
		fprintf(printer->out, "plan %s", slug);
	print_state(printer, plan);
	fputs(*slug || *text_of(plan, "state") ? "\n" : "", printer->out);
}

static void print_missing(struct printer *printer, const json_t *missing)
{
	size_t i;
	json_t *action;
	if (json_array_size(missing))
		fputs("\nIn the plan, but not in the file (they stay as they are):\n",
			printer->out);
	json_array_foreach(missing, i, action) fprintf(printer->out, "  %s  %s\n",
		text_of(action, "reference"), text_of(action, "description"));
}

static void print_errors(struct printer *printer, const json_t *errors)
{
	size_t i;
	json_t *error;
	json_array_foreach(errors, i, error)
	{
		fputs(i ? "! " : "\n! ", printer->out);
		print_place(printer->out, (int)json_integer_value(json_object_get(error, "row")),
			text_of(error, "column"));
		fprintf(printer->out, "%s (%s)\n", text_of(error, "detail"),
			text_of(error, "code"));
	}
}

static void release(void *object)
{
	json_decref(object);
}

bool import_print(struct arena *arena, const char *json, FILE *out)
{
	struct printer printer = { .out = out };
	json_t *document = json_loads(json, 0, NULL);
	if (!document)
		return false;
	arena_defer(arena, release, document);
	const json_t *plan = json_object_get(document, "plan");
	const json_t *recommendations = json_object_get(document, "recommendations");
	print_header(&printer, plan);
	print_columns(&printer, json_object_get(document, "columns"), true);
	print_columns(&printer, json_object_get(document, "columns"), false);
	print_plan_doubts(&printer, document);
	size_t i;
	json_t *recommendation;
	json_array_foreach(recommendations, i, recommendation)
		print_recommendation(&printer, recommendation);
	print_missing(&printer, json_object_get(document, "missing"));
	fprintf(out, "\n%zu recommendations, %d actions, %d doubts",
		json_array_size(recommendations), printer.actions, printer.doubts);
	if (*text_of(plan, "state"))
		fprintf(out, "; %d actions new or changed", printer.changed);
	fputs(".\n", out);
	print_errors(&printer, json_object_get(document, "errors"));
	return true;
}

void import_print_errors(const struct findings *errors, FILE *out)
{
	for (int i = 0; i < errors->count; i++) {
		const struct finding *error = &errors->items[i];
		fputs("! ", out);
		print_place(out, error->row, error->column);
		fprintf(out, "%s (%s)\n", error->detail, error->code);
	}
}
