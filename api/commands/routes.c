/* goldenthread-api routes: the map as JSON, for tests that compare it with the contract. */
#include <stdio.h>

#include "api/commands/commands.h"
#include "api/routes.h"
#include "common/text.h"

static void add_names(struct text *out, const char *member, const struct field *table)
{
	text_addf(out, ",\"%s\":", member);
	text_add(out, table ? "[" : "null");
	for (const struct field *field = table; field && field->name; field++) {
		text_add(out, field == table ? "" : ",");
		text_add_json(out, field->name);
	}
	text_add(out, table ? "]" : "");
}

static void add_types(struct text *out, const char *const *types)
{
	text_add(out, types ? ",\"raw\":[" : "");
	for (const char *const *type = types; type && *type; type++) {
		text_add(out, type == types ? "" : ",");
		text_add_json(out, *type);
	}
	text_add(out, types ? "]" : "");
}

int command_routes(int argc, char **argv)
{
	struct text out;
	(void)argv;
	if (argc != 1) {
		fputs("usage: goldenthread-api routes\n", stderr);
		return 2;
	}
	struct arena *arena = arena_create();
	text_init(&out, arena);
	text_add(&out, "[");
	for (size_t i = 0; i < routes_count; i++) {
		text_addf(&out,
			"%s\n {\"method\":\"%s\",\"path\":\"%s\",\"role\":\"%s\",\"conditional\":%s",
			i ? "," : "", routes[i].method, routes[i].path, role_name(routes[i].role),
			routes[i].conditional ? "true" : "false");
		add_names(&out, "query", routes[i].query);
		add_names(&out, "body", routes[i].body);
		add_types(&out, routes[i].raw);
		text_add(&out, "}");
	}
	text_add(&out, "\n]\n");
	fputs(out.bytes, stdout);
	arena_destroy(arena);
	return 0;
}
