/* Entity tags: which lists name which tag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/etag.h"

static void test_a_list_names_a_tag_only_as_a_whole(void **state)
{
	(void)state;
	static const struct {
		const char *list;
		const char *etag;
		bool listed;
	} rows[] = {
		{ "\"1\"", "\"1\"", true },
		{ "*", "\"1\"", true },
		{ "W/\"1\"", "\"1\"", true },
		{ "\"1-gzip\"", "\"1\"", true },
		{ "W/\"1-gzip\"", "\"1\"", true },
		{ "\"2\", \"1\"", "\"1\"", true },
		{ "\"2\",\"1\"", "\"1\"", true },
		{ "\"2\"\t,\t\"1\"", "\"1\"", true },
		{ "\"a,b\", \"1\"", "\"1\"", true },
		{ "\"\", \"1\"", "\"1\"", true },
		{ "\"ab-0.1.0-gzip\"", "\"ab-0.1.0\"", true },
		{ "\"1\"", "\"12\"", false },
		{ "\"12\"", "\"1\"", false },
		{ "\"1-gzip\"", "\"12\"", false },
		{ "\"-gzip\"", "\"\"", false },
		{ "\"1-GZIP\"", "\"1\"", false },
		{ "\"x\\\"1\"", "\"1\"", false },
		{ "1", "\"1\"", false },
		{ "", "\"1\"", false },
		{ "\"1", "\"1\"", false },
		{ "w/\"1\"", "\"1\"", false },
		{ "*, \"2\"", "\"1\"", false },
		{ "\"2\" \"1\"", "\"1\"", false },
		{ "\"1\", nonsense", "\"1\"", true },
		{ "nonsense, \"1\"", "\"1\"", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (etag_is_listed(rows[i].list, rows[i].etag) != rows[i].listed)
			fail_msg("%s in %s", rows[i].etag, rows[i].list);
}

static void test_tags_are_read_one_by_one(void **state)
{
	(void)state;
	struct etag tag;
	const char *list = "W/\"7-gzip\" , \"\",\"a b\"";
	assert_true(etag_next(&list, &tag));
	assert_true(tag.weak);
	assert_int_equal(tag.length, 1);
	assert_memory_equal(tag.opaque, "7", 1);
	assert_true(etag_next(&list, &tag));
	assert_false(tag.weak);
	assert_int_equal(tag.length, 0);
	assert_true(etag_next(&list, &tag));
	assert_int_equal(tag.length, 3);
	assert_null(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_names_a_tag_only_as_a_whole),
		cmocka_unit_test(test_tags_are_read_one_by_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
