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

static void print_doubts(struct printer *printer, const json_t *object, const char *indent)
{
	size_t i;
	json_t *doubt;
	json_array_foreach(json_object_get(object, "doubts"), i, doubt)
	{
		fprintf(printer->out, "%s? ", indent);
		print_place(printer->out, (int)json_integer_value(json_object_get(doubt, "row")),
			text_of(doubt, "column"));
		fprintf(printer->out, "%s (%s)\n", text_of(doubt, "detail"),
			text_of(doubt, "code"));
		printer->doubts++;
	}
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
		fprintf(printer->out, "%s%s", i ? ", " : ": ", json_string_value(change));
	fputs(")", printer->out);
}

static void print_leads(struct printer *printer, const json_t *leads)
{
	size_t i;
	json_t *lead;
	json_array_foreach(leads, i, lead)
	{
		fprintf(printer->out, "       %s: %s, %s", text_of(lead, "role"),
			text_of(lead, "name"), text_of(lead, "kind"));
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

static void print_action(struct printer *printer, const json_t *action)
{
	const json_t *timescale = json_object_get(action, "timescale");
	const char *status = text_of(action, "status");
	printer->actions++;
	printer->changed += is_state(action, "new") || is_state(action, "changed");
	fprintf(printer->out, "  %s  %s", text_of(action, "reference"),
		text_of(action, "description"));
	print_state(printer, action);
	fputs("\n", printer->out);
	if (json_is_object(timescale)) {
		fprintf(printer->out, "       \"%s\": %s (%s)\n", text_of(timescale, "text"),
			text_of(timescale, "reading"), text_of(timescale, "confidence"));
		print_deadlines(printer, timescale);
	}
	if (*status)
		fprintf(printer->out, "       status: %s\n", status);
	print_leads(printer, json_object_get(action, "leads"));
	print_doubts(printer, action, "       ");
}

static void print_recommendation(struct printer *printer, const json_t *recommendation)
{
	fprintf(printer->out, "\nRecommendation %s, row %d", text_of(recommendation, "number"),
		(int)json_integer_value(json_object_get(recommendation, "row")));
	print_state(printer, recommendation);
	fprintf(printer->out, "\n  %s\n", text_of(recommendation, "text"));
	size_t i;
	json_t *action;
	json_array_foreach(json_object_get(recommendation, "actions"), i, action)
		print_action(printer, action);
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
	size_t i;
	json_t *recommendation;
	json_array_foreach(recommendations, i, recommendation)
		print_recommendation(&printer, recommendation);
	print_missing(&printer, json_object_get(document, "missing"));
	fputs("\n", out);
	print_doubts(&printer, document, "");
	fprintf(out, "%zu recommendations, %d actions, %d doubts", json_array_size(recommendations),
		printer.actions, printer.doubts);
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
