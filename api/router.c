/* Method and path to a route and its parameters. Pure. */
#include "api/router.h"

#include <string.h>

#include "api/percent.h"
#include "common/text.h"

static bool matches(struct arena *arena, const char *pattern, const char *path, const char **params)
{
	size_t count = 0;
	while (*pattern && *path) {
		size_t pattern_length = strcspn(pattern + 1, "/");
		size_t length = strcspn(path + 1, "/");
		if (pattern[1] == '{') {
			if (count == ROUTER_PARAMS)
				return false;
			params[count++] = percent_decode(arena, path + 1, length, false);
		} else if (pattern_length != length || strncmp(pattern, path, length + 1) != 0) {
			return false;
		}
		pattern += pattern_length + 1;
		path += length + 1;
	}
	return !*pattern && !*path;
}

void router_find(
	struct arena *arena, const char *method, const char *path, struct router_match *out)
{
	const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
	struct text allow;
	*out = (struct router_match){ 0 };
	text_init(&allow, arena);
	for (size_t i = 0; i < routes_count; i++) {
		const char *params[ROUTER_PARAMS] = { NULL, NULL };
		if (!matches(arena, routes[i].path, path, params))
			continue;
		text_addf(&allow, "%s%s", allow.length ? ", " : "", routes[i].method);
		if (strcmp(routes[i].method, "GET") == 0)
			text_add(&allow, ", HEAD");
		if (strcmp(routes[i].method, wanted) != 0)
			continue;
		out->route = &routes[i];
		memcpy(out->params, params, sizeof(params));
	}
	if (allow.length) {
		text_add(&allow, ", OPTIONS");
		out->allow = allow.bytes;
	}
}
