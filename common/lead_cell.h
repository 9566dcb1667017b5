/* Reads a published "lead" cell as posts: "Executive Director - Place & Cabinet Member for Skills".
 */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

#define LEAD_CELL_TEXT_BYTES 2000 /* longer texts are unreadable */

enum lead_cell_kind { LEAD_OFFICER, LEAD_CABINET_MEMBER, LEAD_TEAM, LEAD_PARTNER };
enum lead_cell_role {
	LEAD_ROLE_LEAD,
	LEAD_ROLE_CABINET_MEMBER,
	LEAD_ROLE_SUPPORT,
	LEAD_ROLE_CONSULTED
};
enum lead_cell_confidence { LEAD_CERTAIN, LEAD_ASSUMED, LEAD_UNREADABLE };

struct lead_cell_lead {
	const char *name; /* tidied for display: spaces, dashes, no trailing full stop */
	enum lead_cell_kind kind;
	enum lead_cell_role role;
};

struct lead_cell {
	const char *text;             /* as given */
	struct lead_cell_lead *leads; /* in published order, no post twice */
	int lead_count;
	bool ditto; /* "as above": the importer takes the leads of the row before */
	enum lead_cell_confidence confidence;
	const char **assumptions;
	int assumption_count;
};

/* Never fails: no leads and "unreadable" is an answer. Any bytes. All of *out lives in the arena.
 */
void lead_cell_read(struct arena *arena, const char *text, struct lead_cell *out);

/* One JSON object without line breaks: {"text","leads":[{"name","kind","role"}],"confidence",
 * "assumptions","ditto"}. */
const char *lead_cell_json(struct arena *arena, const struct lead_cell *cell);

/* The form under which one post written two ways is equal ("Reset & Recovery", "Reset and
 * recovery."): lower case, "and" for "&", no punctuation, single spaces. */
const char *lead_cell_post_key(struct arena *arena, const char *name);

/* The words of the API and of SQL for each enum. */
const char *lead_cell_kind_name(enum lead_cell_kind kind);
const char *lead_cell_role_name(enum lead_cell_role role);
const char *lead_cell_confidence_name(enum lead_cell_confidence confidence);
