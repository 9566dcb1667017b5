/* Civil dates: leap years, weekdays, adding, and the ISO form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/date.h"

static void assert_date(struct date date, const char *iso)
{
	char got[DATE_ISO_BYTES];
	assert_string_equal(date_iso(date, got), iso);
}

static void test_days_that_exist(void **state)
{
	(void)state;
	assert_true(date_is_valid(2024, 2, 29));
	assert_true(date_is_valid(2000, 2, 29));
	assert_false(date_is_valid(2023, 2, 29));
	assert_false(date_is_valid(1900, 2, 29));
	assert_false(date_is_valid(2023, 6, 31));
	assert_false(date_is_valid(2023, 0, 1));
	assert_false(date_is_valid(2023, 13, 1));
	assert_false(date_is_valid(2023, 1, 0));
	assert_false(date_is_valid(0, 1, 1));
	assert_false(date_is_valid(10000, 1, 1));
}

static void test_days_round_trip(void **state)
{
	(void)state;
	assert_int_equal(date_to_days((struct date){ 1970, 1, 1 }), 0);
	assert_int_equal(date_to_days((struct date){ 2000, 3, 1 }), 11017);
	for (int days = -800000; days < 800000; days += 97)
		assert_int_equal(date_to_days(date_from_days(days)), days);
}

static void test_weekdays(void **state)
{
	(void)state;
	assert_int_equal(date_weekday((struct date){ 1970, 1, 1 }), 4);
	assert_int_equal(date_weekday((struct date){ 2022, 10, 24 }), 1);
	assert_int_equal(date_weekday((struct date){ 2022, 10, 30 }), 7);
	assert_int_equal(date_weekday((struct date){ 1969, 12, 31 }), 3);
}

static void test_adding(void **state)
{
	const struct date january = { 2023, 1, 31 };
	(void)state;
	assert_date(date_add_months(january, 1), "2023-02-28");
	assert_date(date_add_months(january, 13), "2024-02-29");
	assert_date(date_add_months(january, -1), "2022-12-31");
	assert_date(date_add_months(january, -2), "2022-11-30");
	assert_date(date_add_days(january, 1), "2023-02-01");
	assert_date(date_add_days(january, -31), "2022-12-31");
	assert_date(date_month_end(2024, 2), "2024-02-29");
}

static void test_order(void **state)
{
	const struct date early = { 2023, 1, 31 };
	const struct date late = { 2023, 2, 1 };
	(void)state;
	assert_true(date_compare(early, late) < 0);
	assert_true(date_compare(late, early) > 0);
	assert_int_equal(date_compare(late, late), 0);
	assert_false(date_is_set(DATE_NONE));
	assert_true(date_is_set(early));
}

static void test_iso_form(void **state)
{
	static const char *const bad[] = { "", "2024-3-31", "2024-02-30", "2024/03/31",
		"2024-03-31 ", "0000-01-01", "abcd-ef-gh", "2024-03-3x", "-024-03-31" };
	struct date date = DATE_NONE;
	(void)state;
	assert_true(date_parse_iso("2024-03-31", &date));
	assert_date(date, "2024-03-31");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(date_parse_iso(bad[i], &date));
	assert_date(date, "2024-03-31");
	assert_string_equal(date_month_name(1), "January");
	assert_string_equal(date_month_name(12), "December");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days_that_exist),
		cmocka_unit_test(test_days_round_trip),
		cmocka_unit_test(test_weekdays),
		cmocka_unit_test(test_adding),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_iso_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
