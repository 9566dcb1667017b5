/* The Mustache specification's own tests, ours beside them, and what happens to broken templates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "notifier/mustache.h"

struct partials {
	struct arena *arena;
	const json_t *texts;
};

static const struct mustache_template *find_in_object(void *context, const char *name)
{
	const struct partials *partials = context;
	const char *text = json_string_value(json_object_get(partials->texts, name));
	struct mustache_template *template = arena_alloc(partials->arena, sizeof(*template));
	const char *error;
	if (!text)
		return NULL;
	assert_true(mustache_read(partials->arena, text, template, &error));
	return template;
}

static bool render_text(struct arena *arena, const char *text, enum mustache_escape escape,
	const json_t *data, const struct mustache_partials *partials, struct text *out,
	const char **error)
{
	struct mustache_template template;
	return mustache_read(arena, text, &template, error) &&
	       mustache_render(arena, &template, escape, data, partials, out, error);
}

static const char *text_of(const json_t *test, const char *key)
{
	return json_string_value(json_object_get(test, key));
}

static bool passes(struct arena *arena, const json_t *test)
{
	struct partials texts = { arena, json_object_get(test, "partials") };
	struct mustache_partials partials = { find_in_object, &texts };
	struct text out;
	const char *error;
	text_init(&out, arena);
	if (!render_text(arena, text_of(test, "template"), MUSTACHE_HTML,
		    json_object_get(test, "data"), &partials, &out, &error)) {
		print_error("%s: %s\n", text_of(test, "name"), error);
		return false;
	}
	if (strcmp(out.bytes, text_of(test, "expected")) == 0)
		return true;
	print_error("%s:\n--- expected\n%s\n--- got\n%s\n", text_of(test, "name"),
		text_of(test, "expected"), out.bytes);
	return false;
}

static void run_file(const char *file, size_t at_least)
{
	struct arena *arena = arena_create();
	json_error_t error;
	json_t *suite = json_load_file(
		arena_printf(arena, "%s/mustache/%s.json", TESTS_DATA_DIR, file), 0, &error);
	assert_non_null(suite);
	size_t index;
	json_t *test;
	size_t failed = 0;
	assert_true(json_array_size(json_object_get(suite, "tests")) >= at_least);
	json_array_foreach(json_object_get(suite, "tests"), index, test) failed +=
		passes(arena, test) ? 0 : 1;
	json_decref(suite);
	arena_destroy(arena);
	assert_int_equal(failed, 0);
}

static void test_it_follows_the_specification(void **state)
{
	(void)state;
	run_file("comments", 11);
	run_file("delimiters", 14);
	run_file("interpolation", 30);
	run_file("inverted", 21);
	run_file("partials", 11);
	run_file("sections", 25);
}

static void test_it_does_what_we_rely_on(void **state)
{
	(void)state;
	run_file("golden-thread", 20);
}

static void test_plain_text_is_not_escaped(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	json_t *data = json_pack("{s:s}", "lead", "Reset & Recovery");
	struct text out;
	const char *error;
	text_init(&out, arena);
	assert_true(render_text(arena, "{{lead}}", MUSTACHE_PLAIN, data, NULL, &out, &error));
	assert_string_equal(out.bytes, "Reset & Recovery");
	json_decref(data);
	arena_destroy(arena);
}

static void assert_refused(const char *template, const char *expected)
{
	struct arena *arena = arena_create();
	struct text out;
	const char *error = NULL;
	text_init(&out, arena);
	assert_false(render_text(arena, template, MUSTACHE_HTML, NULL, NULL, &out, &error));
	assert_string_equal(error, expected);
	arena_destroy(arena);
}

static void test_it_says_where_a_template_is_broken(void **state)
{
	(void)state;
	assert_refused("one\ntwo {{name", "line 2: a tag is not closed");
	assert_refused("{{{name}}", "line 1: a tag is not closed");
	assert_refused("{{#a}}\n{{#b}}\n{{/a}}", "line 3: no section is open that ends with a");
	assert_refused("{{/a}}", "line 1: no section is open that ends with a");
	assert_refused("a\n{{#a}}", "line 2: a section is not closed: a");
	assert_refused("{{ }}", "line 1: a tag is empty");
	assert_refused("{{=one=}}", "line 1: delimiters that cannot be used: one");
	assert_refused("{{=a b c=}}", "line 1: delimiters that cannot be used: a b c");
}

static const struct mustache_template *find_itself(void *context, const char *name)
{
	(void)name;
	return context;
}

static bool renders(const char *template, const json_t *data, const char *partial)
{
	struct arena *arena = arena_create();
	struct mustache_template itself;
	struct mustache_partials partials = { find_itself, &itself };
	struct text out;
	const char *error;
	text_init(&out, arena);
	assert_true(mustache_read(arena, partial, &itself, &error));
	bool rendered = render_text(arena, template, MUSTACHE_HTML, data, &partials, &out, &error);
	arena_destroy(arena);
	return rendered;
}

static void test_it_is_limited_in_depth_and_size(void **state)
{
	(void)state;
	char deep[6 * 40 + 1] = "";
	for (int i = 0; i < 40; i++)
		strcat(deep, "{{#a}}");
	json_t *big = json_object();
	char *long_text = malloc(1024 * 1024 + 1);
	assert_non_null(long_text);
	memset(long_text, 'x', 1024 * 1024);
	long_text[1024 * 1024] = '\0';
	json_object_set_new(big, "t", json_string(long_text));
	free(long_text);

	assert_false(renders(deep, NULL, ""));
	assert_false(renders("{{>endless}}", NULL, "{{>endless}}"));
	assert_true(renders("{{t}}", big, ""));
	assert_false(renders("{{t}}{{t}}{{t}}", big, ""));
	json_decref(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_follows_the_specification),
		cmocka_unit_test(test_it_does_what_we_rely_on),
		cmocka_unit_test(test_plain_text_is_not_escaped),
		cmocka_unit_test(test_it_says_where_a_template_is_broken),
		cmocka_unit_test(test_it_is_limited_in_depth_and_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
