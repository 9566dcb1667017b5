/* The router: which address leads where, and what the map itself must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/router.h"

static void test_addresses_lead_to_their_routes(void **state)
{
	(void)state;
	static const struct {
		const char *method;
		const char *path;
		const char *route; /* NULL: none */
		const char *params[ROUTER_PARAMS];
		const char *allow; /* NULL: no such path */
	} rows[] = {
		{ "GET", "/livez", "/livez", { NULL }, "GET, HEAD, OPTIONS" },
		{ "HEAD", "/livez", "/livez", { NULL }, "GET, HEAD, OPTIONS" },
		{ "POST", "/livez", NULL, { NULL }, "GET, HEAD, OPTIONS" },
		{ "OPTIONS", "/livez", NULL, { NULL }, "GET, HEAD, OPTIONS" },
		{ "GET", "/v1/actions/7", "/v1/actions/{id}", { "7" },
			"GET, HEAD, PATCH, OPTIONS" },
		{ "GET", "/errors", "/errors", { NULL }, "GET, HEAD, OPTIONS" },
		{ "GET", "/errors/not_found", "/errors/{code}", { "not_found" },
			"GET, HEAD, OPTIONS" },
		{ "DELETE", "/v1/actions/7/leads/8", "/v1/actions/{id}/leads/{lead}", { "7", "8" },
			"DELETE, PUT, OPTIONS" },
		{ "GET", "/v1/plans/a%2Db", "/v1/plans/{plan}", { "a-b" },
			"GET, HEAD, PATCH, OPTIONS" },
		{ "GET", "/v1/plans/%c5%B5", "/v1/plans/{plan}", { "\xc5\xb5" },
			"GET, HEAD, PATCH, OPTIONS" },
		{ "get", "/livez", NULL, { NULL }, "GET, HEAD, OPTIONS" },
		{ "GET", "/", NULL, { NULL }, NULL },
		{ "GET", "/livezz", NULL, { NULL }, NULL },
		{ "GET", "/live", NULL, { NULL }, NULL },
		{ "GET", "/Livez", NULL, { NULL }, NULL },
		{ "GET", "/livez/1", NULL, { NULL }, NULL },
		{ "GET", "/v1", NULL, { NULL }, NULL },
		{ "GET", "/v1/actions/7/leads", NULL, { NULL }, NULL },
		{ "GET", "/v1/actions/7/leads/8/9", NULL, { NULL }, NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct router_match match;
		struct arena *arena = arena_create();
		router_find(arena, rows[i].method, rows[i].path, &match);
		if (!match.route != !rows[i].route || !match.allow != !rows[i].allow)
			fail_msg("%s %s", rows[i].method, rows[i].path);
		if (match.allow)
			assert_string_equal(match.allow, rows[i].allow);
		for (size_t n = 0; match.route && n < ROUTER_PARAMS && rows[i].params[n]; n++)
			assert_string_equal(match.params[n], rows[i].params[n]);
		if (match.route)
			assert_string_equal(match.route->path, rows[i].route);
		arena_destroy(arena);
	}
}

static void test_the_map_is_sorted_and_has_no_route_twice(void **state)
{
	(void)state;
	for (size_t i = 1; i < routes_count; i++) {
		int order = strcmp(routes[i - 1].path, routes[i].path);
		if (order > 0 ||
			(order == 0 && strcmp(routes[i - 1].method, routes[i].method) >= 0))
			fail_msg("%s %s", routes[i].method, routes[i].path);
	}
}

static void test_every_route_finds_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_count; i++) {
		struct router_match match;
		struct arena *arena = arena_create();
		router_find(arena, routes[i].method, routes[i].path, &match);
		if (match.route != &routes[i])
			fail_msg("%s %s is hidden by %s", routes[i].method, routes[i].path,
				match.route ? match.route->path : "nothing");
		arena_destroy(arena);
	}
}

static void test_what_changes_something_is_conditional_unless_it_adds(void **state)
{
	(void)state;
	for (size_t i = 0; i < routes_count; i++) {
		bool reads = strcmp(routes[i].method, "GET") == 0;
		bool adds = strcmp(routes[i].method, "POST") == 0;
		assert_int_equal(routes[i].conditional, !reads && !adds);
		assert_true(
			reads || routes[i].role >= ROLE_EDITOR || routes[i].role == ROLE_NOTIFY);
		bool takes_body = routes[i].body || routes[i].raw;
		/* A POST that says all in its address has none. */
		assert_true(adds || reads != takes_body || strcmp(routes[i].method, "DELETE") == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_lead_to_their_routes),
		cmocka_unit_test(test_the_map_is_sorted_and_has_no_route_twice),
		cmocka_unit_test(test_every_route_finds_itself),
		cmocka_unit_test(test_what_changes_something_is_conditional_unless_it_adds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
