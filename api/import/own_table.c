/* Takes back a table of our own export (export.csv, export.xlsx), also after people worked in it.
 */
#include "api/import/own_table.h"

#include <string.h>
#include <strings.h>

#include "api/export/export_cell.h"
#include "api/export/export_table.h"
#include "api/import/cells.h"
#include "api/import/grow.h"
#include "api/import/own_table_past.h"
#include "api/import/plan_check.h"
#include "api/import/plan_doubt.h"
#include "api/import/plan_lead.h"
#include "api/import/plan_state.h"
#include "api/import/words.h"
#include "common/lead_cell.h"

/* Where the shared checks look for a column's name and cell. */
static const enum import_column import_columns[EXPORT_COLUMNS] = {
	[EXPORT_NUMBER] = COLUMN_NUMBER,
	[EXPORT_RECOMMENDATION] = COLUMN_RECOMMENDATION,
	[EXPORT_RESPONSE] = COLUMN_RESPONSE,
	[EXPORT_REFERENCE] = COLUMN_REFERENCE,
	[EXPORT_ACTION] = COLUMN_ACTION,
	[EXPORT_LEAD] = COLUMN_LEAD,
	[EXPORT_CABINET_MEMBER] = COLUMN_CABINET_MEMBER,
	[EXPORT_SUPPORT] = COLUMN_SUPPORT,
	[EXPORT_CONSULTED] = COLUMN_UNKNOWN,
	[EXPORT_TIMESCALE] = COLUMN_TIMESCALE,
	[EXPORT_DEADLINES_DONE] = COLUMN_UNKNOWN,
	[EXPORT_STATUS] = COLUMN_STATUS,
	[EXPORT_RAG] = COLUMN_RAG,
	[EXPORT_PERCENT] = COLUMN_PERCENT,
	[EXPORT_COMPLETED_ON] = COLUMN_UNKNOWN,
	[EXPORT_NEXT_DUE_ON] = COLUMN_UNKNOWN,
	[EXPORT_LAST_UPDATE] = COLUMN_UNKNOWN,
	[EXPORT_LAST_UPDATE_ON] = COLUMN_UNKNOWN,
};

struct reader {
	struct arena *arena;
	struct import_plan *plan;
	int at[EXPORT_COLUMNS]; /* the cell's index, or -1 */
	int capacity;
	struct import_rows rows; /* as the shared checks take it */
	const char *cells[EXPORT_COLUMNS];
	struct import_part part; /* the row as the shared checks take it */
	struct import_recommendation *last;
};

/* ---- headings ---- */

static int find_column(const char *heading)
{
	const char *name = words_skip_space(heading);
	size_t length = strlen(name);
	while (length && words_space(name + length - 1))
		length--;
	for (int i = 0; i < EXPORT_COLUMNS; i++) {
		const char *own = export_headings[i].name;
		if (strlen(own) == length && !strncasecmp(own, name, length))
			return i;
	}
	return -1;
}

static bool find_columns(const struct import_row *row, int at[EXPORT_COLUMNS])
{
	for (int i = 0; i < EXPORT_COLUMNS; i++)
		at[i] = -1;
	for (int i = 0; i < row->count; i++) {
		if (words_blank(row->cells[i]))
			continue;
		int column = find_column(row->cells[i]);
		if (column < 0 || at[column] >= 0)
			return false;
		at[column] = i;
	}
	return at[EXPORT_NUMBER] >= 0 && at[EXPORT_RECOMMENDATION] >= 0 &&
	       at[EXPORT_REFERENCE] >= 0 && at[EXPORT_ACTION] >= 0;
}

bool own_table_is(const struct import_table *table)
{
	int at[EXPORT_COLUMNS];
	return table->count && find_columns(&table->rows[0], at);
}

static void name_headings(struct reader *reader, const struct import_row *row)
{
	struct headings *headings = &reader->rows.headings;
	headings->row = row;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		headings->at[i] = -1;
		headings->names[i] = "";
	}
	for (int i = 0; i < EXPORT_COLUMNS; i++) {
		enum import_column column = import_columns[i];
		if (column == COLUMN_UNKNOWN)
			continue;
		headings->at[column] = reader->at[i];
		headings->names[column] = export_headings[i].name;
	}
}

/* ---- cells ---- */

/* What prose may not hold becomes a space; the line ends of other systems become ours. */
static const char *clean(struct arena *arena, const char *cell)
{
	const char *plain = export_cell_plain(cell);
	char *copy = arena_strdup(arena, plain);
	char *out = copy;
	for (const char *at = plain; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte == '\r' && at[1] == '\n')
			continue;
		bool control = (byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f;
		*out = *at;
		if (byte == '\r')
			*out = '\n';
		else if (control)
			*out = ' ';
		out++;
	}
	*out = '\0';
	return copy;
}

/* The cell as one line without space at its ends. */
static const char *line_of(const struct reader *reader, enum export_column column)
{
	const char *cell = reader->cells[column];
	const char *start = words_skip_space(cell);
	size_t length = strlen(start);
	if (strpbrk(start, "\n\t"))
		return words_tidy(reader->arena, start, length);
	while (length && start[length - 1] == ' ')
		length--;
	return arena_strndup(reader->arena, start, length);
}

static void take_cells(struct reader *reader, const struct import_row *row)
{
	reader->part = (struct import_part){
		.line = row->line, .own_number = true, .own_timescale = true
	};
	for (int i = 0; i < COLUMN_COUNT; i++)
		reader->part.cells[i] = "";
	for (int i = 0; i < EXPORT_COLUMNS; i++) {
		reader->cells[i] = clean(reader->arena, table_cell(row, reader->at[i]));
		if (import_columns[i] < COLUMN_COUNT)
			reader->part.cells[import_columns[i]] = reader->cells[i];
	}
}

/* ---- an action ---- */

static void take_lead(struct reader *reader, struct import_action *action, const char *name,
	enum lead_cell_role role)
{
	struct lead_cell cell;
	lead_cell_read(reader->arena, name, &cell);
	enum lead_cell_kind kind = cell.lead_count == 1 ? cell.leads[0].kind : LEAD_OFFICER;
	if (role == LEAD_ROLE_CABINET_MEMBER)
		kind = LEAD_CABINET_MEMBER;
	struct import_lead lead = { .name = name,
		.post_key = lead_cell_post_key(reader->arena, name),
		.kind = lead_cell_kind_name(kind),
		.role = lead_cell_role_name(role) };
	plan_lead_add(reader->arena, &action->leads, &lead);
}

static void take_leads(struct reader *reader, struct import_action *action,
	enum export_column column, enum lead_cell_role role)
{
	for (const char *at = reader->cells[column]; *at;) {
		size_t length = strcspn(at, "\n");
		const char *name = words_tidy(reader->arena, at, length);
		if (*name)
			take_lead(reader, action, name, role);
		at += length;
		at += *at == '\n';
	}
}

static void take_timescale(struct reader *reader, struct import_action *action)
{
	const char *text = line_of(reader, EXPORT_TIMESCALE);
	if (!*text)
		return;
	struct timescale *read = arena_alloc(reader->arena, sizeof(*read));
	timescale_read(reader->arena, text, &reader->plan->options.timescales, read);
	action->timescale = read;
	if (!action->status)
		action->status = read->status_hint;
}

/* Spreadsheet programs write days their own way ("01/03/2022"). */
static void take_completed_on(struct reader *reader, struct import_action *action)
{
	struct date day;
	struct timescale read;
	char iso[DATE_ISO_BYTES];
	const char *text = line_of(reader, EXPORT_COMPLETED_ON);
	if (!*text)
		return;
	timescale_read(reader->arena, text, NULL, &read);
	bool sure = read.confidence == TIMESCALE_CERTAIN && read.precision == TIMESCALE_BY_DAY;
	if (date_parse_iso(text, &day))
		action->completed_on = text;
	else if (sure && date_is_set(read.due_on))
		action->completed_on = arena_strdup(reader->arena, date_iso(read.due_on, iso));
	else
		finding_add(&action->doubts, "completed_on_unreadable", action->row,
			export_headings[EXPORT_COMPLETED_ON].name,
			"%s is not a day and was left out", words_quote(reader->arena, text));
}

static bool reference_is_taken(const struct import_plan *plan, const char *reference)
{
	for (int i = 0; i < plan->count; i++) {
		const struct import_recommendation *one = &plan->recommendations[i];
		for (int j = 0; j < one->action_count; j++) {
			if (!strcmp(one->actions[j].reference, reference))
				return true;
		}
	}
	return false;
}

static const char *take_reference(struct reader *reader)
{
	const char *reference = line_of(reader, EXPORT_REFERENCE);
	if (*reference && reference_is_taken(reader->plan, reference))
		finding_add(&reader->plan->errors, "reference_repeated", reader->part.line,
			export_headings[EXPORT_REFERENCE].name,
			"The reference %s is already that of another action",
			words_quote(reader->arena, reference));
	for (int n = reader->last->action_count + 1; !*reference; n++) {
		const char *next = arena_printf(reader->arena, "%s.%d", reader->last->number, n);
		if (!reference_is_taken(reader->plan, next))
			reference = next;
	}
	return reference;
}

static struct import_action read_action(struct reader *reader)
{
	struct import_action action = { .row = reader->part.line,
		.description = reader->cells[EXPORT_ACTION] };
	struct import_item item = { .section = true, .parts = &reader->part, .part_count = 1 };
	reader->rows.items = &item;
	finding_init(&action.doubts, reader->arena);
	action.reference = take_reference(reader);
	plan_state_read(reader->arena, &reader->part, &reader->rows.headings, &action);
	take_leads(reader, &action, EXPORT_LEAD, LEAD_ROLE_LEAD);
	take_leads(reader, &action, EXPORT_CABINET_MEMBER, LEAD_ROLE_CABINET_MEMBER);
	take_leads(reader, &action, EXPORT_SUPPORT, LEAD_ROLE_SUPPORT);
	take_leads(reader, &action, EXPORT_CONSULTED, LEAD_ROLE_CONSULTED);
	take_timescale(reader, &action);
	take_completed_on(reader, &action);
	action.history = own_table_past(reader->arena, action.timescale,
		reader->cells[EXPORT_DEADLINES_DONE], reader->cells[EXPORT_LAST_UPDATE],
		line_of(reader, EXPORT_LAST_UPDATE_ON));
	plan_doubt_row(&reader->rows, &item, 0, &action);
	plan_check_action(&action, &reader->rows.headings, &reader->plan->errors);
	reader->rows.items = NULL; /* the item ends with this call */
	return action;
}

/* ---- a recommendation ---- */

static struct import_recommendation *find_recommendation(
	struct import_plan *plan, const char *number)
{
	for (int i = plan->count; i-- > 0;) {
		if (!strcmp(plan->recommendations[i].number, number))
			return &plan->recommendations[i];
	}
	return NULL;
}

static struct import_recommendation *add_recommendation(struct reader *reader, const char *number)
{
	struct import_plan *plan = reader->plan;
	plan->recommendations = grow_array(reader->arena, plan->recommendations, plan->count,
		&reader->capacity, sizeof(*plan->recommendations));
	struct import_recommendation *added = &plan->recommendations[plan->count++];
	struct cells_response response;
	cells_response(reader->arena, reader->cells[EXPORT_RESPONSE], &response);
	*added = (struct import_recommendation){ .number = number,
		.row = reader->part.line,
		.text = reader->cells[EXPORT_RECOMMENDATION],
		.response = response.verdict };
	if (words_blank(added->text))
		added->text = "";
	plan_check_recommendation(added, &reader->rows.headings, &plan->errors);
	return added;
}

/* False: the row cannot be placed, and errors says why. */
static bool place_row(struct reader *reader)
{
	const char *number = line_of(reader, EXPORT_NUMBER);
	const char *text = reader->cells[EXPORT_RECOMMENDATION];
	const char *column = export_headings[EXPORT_NUMBER].name;
	struct import_recommendation *found =
		*number ? find_recommendation(reader->plan, number) : reader->last;
	if (!*number && !found) {
		finding_add(&reader->plan->errors, "number_missing", reader->part.line, column,
			"The row has no recommendation number, and no row is above it");
		return false;
	}
	if (found && !words_blank(text) && strcmp(found->text, text) != 0) {
		finding_add(&reader->plan->errors, "number_repeated", reader->part.line, column,
			"The number %s is already that of another recommendation (row %d)",
			words_quote(reader->arena, found->number), found->row);
		return false;
	}
	if (!found && reader->plan->count == ROWS_ITEMS) {
		finding_add(&reader->plan->errors, "too_many_recommendations", reader->part.line,
			NULL, "There are more than %d recommendations", ROWS_ITEMS);
		return false;
	}
	reader->last = found ? found : add_recommendation(reader, number);
	return true;
}

static void add_action(struct reader *reader)
{
	struct import_recommendation *to = reader->last;
	struct import_action action = read_action(reader);
	to->actions = grow_array(reader->arena, to->actions, to->action_count, &to->action_capacity,
		sizeof(*to->actions));
	to->actions[to->action_count++] = action;
	reader->plan->action_count++;
}

void own_table_read(struct import_plan *plan, const struct import_table *table)
{
	struct reader reader = { .arena = plan->arena, .plan = plan };
	plan->title = plan->options.title;
	if (!find_columns(&table->rows[0], reader.at))
		return;
	name_headings(&reader, &table->rows[0]);
	for (int i = 1; i < table->count; i++) {
		take_cells(&reader, &table->rows[i]);
		if (!place_row(&reader) || words_blank(reader.cells[EXPORT_ACTION]))
			continue;
		if (plan->action_count == PLAN_BUILD_ACTIONS) {
			finding_add(&plan->errors, "too_many_actions", 0, NULL,
				"There are more than %d actions", PLAN_BUILD_ACTIONS);
			break;
		}
		add_action(&reader);
	}
	if (!plan->count && !plan->errors.count)
		finding_add(&plan->errors, "no_rows", table->rows[0].line, NULL,
			"There is no row below the headings");
	plan_check_options(plan);
}
