/* Method and path to a route and its parameters. Pure. */
#pragma once

#include "api/routes.h"
#include "common/arena.h"

#define ROUTER_PARAMS 2

struct router_match {
	const struct route *route;         /* NULL: see allow */
	const char *params[ROUTER_PARAMS]; /* the {…} segments in order, decoded */
	const char *allow;                 /* methods of this path; NULL: no such path */
};

/* HEAD finds the route of GET. */
void router_find(
	struct arena *arena, const char *method, const char *path, struct router_match *out);
