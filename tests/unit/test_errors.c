/* The catalogue of errors: its form, and that a code is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "api/errors.h"
#include "api/utf8.h"

static void check_sentence(const char *code, const char *text)
{
	size_t length = strlen(text);
	if (length < 8 || text[0] < 'A' || text[0] > 'Z' || text[length - 1] != '.')
		fail_msg("%s: not a sentence: %s", code, text);
	assert_true(utf8_is_valid(text, length));
}

static void check_row(const struct error *error, const char *before, bool problem)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	if (!*error->code || error->code[strspn(error->code, letters)])
		fail_msg("%s is no code", error->code);
	if (strcmp(before, error->code) >= 0)
		fail_msg("%s comes before %s", before, error->code);
	if (strlen(error->title) > 60 || error->title[strlen(error->title) - 1] == '.')
		fail_msg("%s: not a title: %s", error->code, error->title);
	check_sentence(error->code, error->meaning);
	check_sentence(error->code, error->remedy);
	assert_int_equal(error->status >= 400 && error->status < 600, problem);
}

static void test_every_row_says_what_and_what_to_do_in_order_of_code(void **state)
{
	(void)state;
	for (size_t i = 0; i < ERROR_GROUPS; i++) {
		const char *before = "";
		check_sentence(error_groups[i].name, error_groups[i].intro);
		for (const struct error *error = error_groups[i].errors; error->code; error++) {
			check_row(error, before, i == 0);
			before = error->code;
		}
	}
}

static void test_a_code_is_found_in_every_group_and_in_one_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < ERROR_GROUPS; i++)
		for (const struct error *error = error_groups[i].errors; error->code; error++)
			assert_ptr_equal(errors_find(error->code), error);
	assert_null(errors_find(""));
	assert_null(errors_find("no_such_code"));
	assert_null(errors_find("NOT_FOUND"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_says_what_and_what_to_do_in_order_of_code),
		cmocka_unit_test(test_a_code_is_found_in_every_group_and_in_one_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
