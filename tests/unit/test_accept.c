/* Content negotiation: which Accept headers allow which media types, and which codings. */
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

static void test_gzip_is_taken_when_it_is_asked_for_and_not_weighed_less(void **state)
{
	(void)state;
	static const struct {
		const char *header;
		enum accept_coding coding;
	} rows[] = {
		{ NULL, ACCEPT_PLAIN },
		{ "", ACCEPT_PLAIN },
		{ "gzip", ACCEPT_GZIP },
		{ "GZip", ACCEPT_GZIP },
		{ "x-gzip", ACCEPT_GZIP },
		{ "gzip, deflate, br, zstd", ACCEPT_GZIP },
		{ "deflate;q=0.5 , gzip ; q=0.8", ACCEPT_GZIP },
		{ "*", ACCEPT_GZIP },
		{ "*;q=0.1", ACCEPT_GZIP },
		{ "br, *", ACCEPT_GZIP },
		{ "gzip;q=0.001", ACCEPT_GZIP },
		{ "gzip;q=1.000", ACCEPT_GZIP },
		{ "gzip;Q=0.5", ACCEPT_GZIP },
		{ "gzip;q=0.5, identity;q=0.5", ACCEPT_GZIP },
		{ "gzip;q=0.5, identity", ACCEPT_PLAIN },
		{ "gzip;q=0.5, identity;q=0.501", ACCEPT_PLAIN },
		{ "gzip;q=0", ACCEPT_PLAIN },
		{ "gzip;q=0.000", ACCEPT_PLAIN },
		{ "gzip;q=0, *", ACCEPT_PLAIN },
		{ "identity", ACCEPT_PLAIN },
		{ "deflate, br", ACCEPT_PLAIN },
		{ "gzipped", ACCEPT_PLAIN },
		{ "gzi", ACCEPT_PLAIN },
		/* no weight: not named */
		{ "gzip;q=", ACCEPT_PLAIN },
		{ "gzip;q=2", ACCEPT_PLAIN },
		{ "gzip;q=1.001", ACCEPT_PLAIN },
		{ "gzip;q=0.1234", ACCEPT_PLAIN },
		{ "gzip;q=-1", ACCEPT_PLAIN },
		{ "gzip;level=9", ACCEPT_PLAIN },
		{ "gzip;", ACCEPT_PLAIN },
		{ "gzip q=1", ACCEPT_PLAIN },
		/* the plain form refused */
		{ "identity;q=0, gzip", ACCEPT_GZIP_ONLY },
		{ "gzip, *;q=0", ACCEPT_GZIP_ONLY },
		{ "identity;q=0, *", ACCEPT_GZIP_ONLY },
		{ "*;q=0, identity", ACCEPT_PLAIN },
		{ "identity;q=0", ACCEPT_NO_CODING },
		{ "*;q=0", ACCEPT_NO_CODING },
		{ "br, identity;q=0", ACCEPT_NO_CODING },
		{ "gzip;q=0, identity;q=0", ACCEPT_NO_CODING },
		{ ",, gzip ,,", ACCEPT_GZIP },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (accept_coding(rows[i].header) != rows[i].coding)
			fail_msg("%s: %d", rows[i].header, accept_coding(rows[i].header));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_most_specific_range_decides),
		cmocka_unit_test(test_gzip_is_taken_when_it_is_asked_for_and_not_weighed_less),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
