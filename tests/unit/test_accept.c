/* Content negotiation: which Accept headers allow which media types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/accept.h"

static void test_the_most_specific_range_decides(void **state)
{
	(void)state;
	static const struct {
		const char *accept;
		const char *type;
		bool allowed;
	} rows[] = {
		{ NULL, NULL, true },
		{ "", NULL, true },
		{ "*/*", NULL, true },
		{ "application/*", NULL, true },
		{ "application/json", NULL, true },
		{ "APPLICATION/JSON", NULL, true },
		{ "application/json;charset=utf-8", NULL, true },
		{ "text/html, application/json", NULL, true },
		{ "text/html,application/xhtml+xml,*/*;q=0.8", NULL, true },
		{ "text/html", NULL, false },
		{ "application/jso", NULL, false },
		{ "application/jsonx", NULL, false },
		{ "app/*", NULL, false },
		{ "*", NULL, false },
		{ "*/*;q=0", NULL, false },
		{ "*/*; q=0.000", NULL, false },
		{ "*/*;q=0.001", NULL, true },
		{ "*/*;Q=0", NULL, false },
		{ "application/json;q=0, */*", NULL, false },
		{ "*/*, application/json;q=0", NULL, false },
		{ "application/*;q=0, application/json", NULL, true },
		{ "*/*;q=0, application/*", NULL, true },
		{ "application/json;freq=0", NULL, true },
		{ "application/json;v=1;q=0", NULL, false },
		{ ", ,application/json", NULL, true },
		{ "application/json, application/json;q=0", NULL, true }, /* the first of equals */
		{ "text/csv", "text/csv", true },
		{ "text/*", "text/csv", true },
		{ "application/json", "text/csv", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (accept_allows(rows[i].accept, rows[i].type) != rows[i].allowed)
			fail_msg("%s", rows[i].accept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_most_specific_range_decides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
