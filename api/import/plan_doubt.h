/* Says of an action what the reader of the table was not sure of. */
#pragma once

#include "api/import/actions.h"
#include "api/import/parallel.h"
#include "api/import/plan_build.h"

/* Of all actions of the item's nth row: how rows were joined, its timescale, its status. */
void plan_doubt_row(const struct import_rows *rows, const struct import_item *item, int n,
	struct import_action *action);

/* Of the nth action of a cell: where it was split off. Copies the doubts of its row first. */
void plan_doubt_text(const struct import_rows *rows, const struct action_texts *texts, int n,
	struct import_action *action);

/* Of actions whose leads or timescales stand in lists beside them. */
void plan_doubt_lists(
	const struct import_rows *rows, const struct parallel *lists, struct import_action *action);
