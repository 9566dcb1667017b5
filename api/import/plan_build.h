/* Turns joined rows into a plan: recommendations, actions, who leads them and by when. */
#pragma once

#include "api/import/rows.h"
#include "common/timescale.h"

#define PLAN_BUILD_ACTIONS 5000

/* What the caller knows about the plan; every member may be NULL or zero. */
struct import_options {
	const char *title; /* instead of the one in the file */
	const char *organisation;
	const char *slug;
	const char *source_url;
	struct timescale_settings timescales;
	bool plan_decides; /* timescales is that of a plan which is there already */
};

struct import_lead {
	const char *name;
	const char *post_key;
	const char *kind; /* the API's words */
	const char *role;
};

struct import_leads {
	struct import_lead *items;
	int count;
	int capacity;
};

struct import_action {
	const char *reference;
	const char *description;
	const char *status; /* NULL: the file does not say */
	const char *rag;
	int percent;              /* -1: the file does not say */
	const char *completed_on; /* YYYY-MM-DD; NULL: the file does not say */
	const char *history;      /* earlier timescales and updates as one JSON object, or NULL */
	int row;
	const struct timescale *timescale; /* NULL = none */
	const struct timescale
		*original; /* first published, where the file has a revised one, or NULL */
	const char *note;  /* what was reported of it, or NULL */
	struct import_leads leads;
	struct findings doubts;
};

struct import_recommendation {
	const char *number;
	const char *text;
	const char *response; /* the API's word; NULL: the file does not say */
	int row;
	struct import_action *actions;
	int action_count;
	int action_capacity;
};

struct import_plan {
	struct arena *arena;
	struct import_options options;
	const char *settings; /* what else a new plan is set to, as one JSON object, or NULL */
	const char *title;    /* NULL: neither the file nor the caller gave one */
	struct import_recommendation *recommendations;
	int count;
	int action_count;
	const struct heading *columns; /* of the file, and what they are read as */
	int column_count;
	struct findings doubts; /* those of no one action */
	struct findings errors;
};

/* Fills the plan from the rows; what cannot be stored goes to the plan's errors. */
void plan_build(struct import_plan *plan, const struct import_rows *rows);
