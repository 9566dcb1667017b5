/* What an email says: golden texts of real cases, the facts in both parts, and broken input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notifier/compose.h"
#include "notifier/render.h"
#include "notifier/view.h"
#include "notifier/view_summary.h"
#include "notifier/wording.h"

static void free_json(void *json)
{
	json_decref(json);
}

static json_t *load(struct arena *arena, const char *name)
{
	json_error_t error;
	json_t *content = json_load_file(
		arena_printf(arena, "%s/render/%s.json", TESTS_DATA_DIR, name), 0, &error);
	assert_non_null(content);
	arena_defer(arena, free_json, content);
	return content;
}

static const char *load_text(struct arena *arena, const char *name)
{
	char *text = arena_alloc(arena, 65536);
	FILE *file = fopen(arena_printf(arena, "%s/render/%s.txt", TESTS_DATA_DIR, name), "r");
	if (!file)
		return "";
	size_t length = fread(text, 1, 65535, file);
	fclose(file);
	text[length] = '\0';
	return text;
}

static struct rendering render(struct arena *arena, const json_t *content)
{
	struct rendering rendering;
	const char *error;
	struct templates *templates = templates_load(arena, NULL, &error);
	bool summary = json_object_get(content, "kind") != NULL;
	json_t *view = summary ? view_summary_make(arena, content, NULL, &error)
			       : view_make(arena, content, NULL, &error);
	assert_non_null(templates);
	assert_non_null(view);
	assert_true(render_view(
		arena, templates, summary ? "summary" : "reminder", view, &rendering, &error));
	return rendering;
}

/* GT_GOLDEN=1 writes the golden texts anew: read them before you commit them. */
static void check_golden(const char *name)
{
	struct arena *arena = arena_create();
	struct rendering rendering = render(arena, load(arena, name));
	const char *got =
		arena_printf(arena, "Subject: %s\n\n%s", rendering.subject, rendering.text);
	if (getenv("GT_GOLDEN")) {
		FILE *file =
			fopen(arena_printf(arena, "%s/render/%s.txt", TESTS_DATA_DIR, name), "w");
		assert_non_null(file);
		fputs(got, file);
		fclose(file);
	}
	assert_string_equal(got, load_text(arena, name));
	arena_destroy(arena);
}

static void test_texts_are_as_agreed(void **state)
{
	(void)state;
	check_golden("single_overdue");
	check_golden("several_plans");
	check_golden("stands_in");
	check_golden("deputy");
	check_golden("manager");
	check_golden("silent");
	check_golden("single_silent");
	check_golden("summary");
	check_golden("summary_deputy");
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		print_error("missing: %s\n", part);
	assert_non_null(strstr(text, part));
}

static void test_the_html_says_the_same_and_is_safe(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	const char *html = render(arena, load(arena, "several_plans")).html;
	assert_has(html, "<html lang=\"en\">");
	assert_has(html, "<title>4 actions due soon, 1 overdue</title>");
	assert_has(html, "max-width: 580px");
	assert_has(html, "Dear Siân Ŵyn-Llŷr");
	assert_has(html, "Was due on 31 December 2021, 83 days ago");
	assert_has(html, "Due tomorrow, Friday 25 March 2022");
	assert_has(html, "Due in 7 days, on Thursday 31 March 2022");
	assert_has(html, "skills &amp; employment &lt;support&gt;.");
	assert_has(html, "“Dec 2021 – March 2022”");
	assert_has(html, "Strengthen &lt;oversight&gt; of contracts.");
	assert_has(html, "Ofsted &amp; CQC improvement plan</h1>");
	assert_has(html, "<a href=\"mailto:jane@example.gov.uk\"");
	assert_null(strstr(html, "<img"));
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "{{"));
	for (const char *at = html; (at = strstr(at, "<table")); at += 6)
		assert_memory_equal(at, "<table role=\"presentation\"", 26);
	arena_destroy(arena);
}

static json_t *first_item(const json_t *content)
{
	return json_array_get(json_object_get(content, "items"), 0);
}

static const char *subject_after(struct arena *arena, int days_left)
{
	json_t *content = load(arena, "single_overdue");
	json_object_set_new(first_item(content), "days_left", json_integer(days_left));
	return render(arena, content).subject;
}

static void test_subjects_of_one_action_say_when(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(subject_after(arena, 7), "Action 7.1 is due on 31 December 2021");
	assert_string_equal(subject_after(arena, 0), "Action 7.1 is due today, 31 December 2021");
	assert_string_equal(
		subject_after(arena, -3), "Action 7.1 is overdue: it was due on 31 December 2021");
	arena_destroy(arena);
}

static void test_two_milestones_of_one_action_are_one_action(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	json_t *content = load(arena, "single_overdue");
	json_array_append(json_object_get(content, "items"), first_item(content));
	assert_string_equal(render(arena, content).subject, "1 action overdue");
	arena_destroy(arena);
}

static void test_long_lists_are_cut_and_counted(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	json_t *content = load(arena, "single_overdue");
	json_t *items = json_object_get(content, "items");
	for (int i = 1; i < 62; i++) {
		json_t *item = json_deep_copy(first_item(content));
		json_object_set_new(item, "action_id", json_integer(1000 + i));
		json_array_append_new(items, item);
	}
	struct rendering rendering = render(arena, content);
	int shown = 0;
	for (const char *at = rendering.text; (at = strstr(at, "\nAction 7.1\n")); at++)
		shown++;
	assert_int_equal(shown, VIEW_ITEMS);
	assert_string_equal(rendering.subject, "62 actions overdue");
	assert_has(rendering.text, "… and 12 more.");
	assert_has(rendering.html, "… and 12 more.");
	arena_destroy(arena);
}

static void test_content_that_is_not_as_promised_is_refused(void **state)
{
	(void)state;
	static const char *const keys[] = { "reference", "title", "audience", "due_on",
		"description", "recommendation", "number", "timescale", "status" };
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct arena *arena = arena_create();
		json_t *content = load(arena, "single_overdue");
		const char *error = NULL;
		json_object_del(first_item(content), keys[i]);
		assert_null(view_make(arena, content, NULL, &error));
		assert_non_null(error);
		arena_destroy(arena);
	}
}

static void test_a_summary_that_is_not_as_promised_is_refused(void **state)
{
	(void)state;
	static const char *const keys[] = { "to", "lead", "day", "since", "counts", "plans",
		"items" };
	static const char *const item_keys[] = { "part", "reference", "description", "status" };
	for (size_t i = 0; i < 11; i++) {
		struct arena *arena = arena_create();
		json_t *content = load(arena, "summary");
		const char *error = NULL;
		if (i < 7)
			json_object_del(content, keys[i]);
		else
			json_object_del(first_item(content), item_keys[i - 7]);
		assert_null(view_summary_make(arena, content, NULL, &error));
		assert_non_null(error);
		arena_destroy(arena);
	}
}

static void test_a_summary_in_html_and_for_notify_says_the_same(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	const char *error;
	struct rendering_notify notify;
	json_t *content = load(arena, "summary");
	struct rendering rendering = render(arena, content);
	json_t *view = view_summary_make(arena, content, NULL, &error);
	assert_true(render_notify(
		arena, templates_load(arena, NULL, &error), "summary", view, &notify, &error));
	assert_string_equal(notify.subject, rendering.subject);
	const char *const bodies[] = { rendering.html, notify.body };
	for (size_t i = 0; i < 2; i++) {
		assert_has(bodies[i], "Dear Councillor Siân Ŵyn-Llŷr");
		assert_has(bodies[i], "1 due this month");
		assert_has(bodies[i], "Was due yesterday, Thursday 31 March 2022");
		assert_has(bodies[i], "4 completed since 1 March 2022");
		assert_has(bodies[i], "and 58 more open actions");
		assert_has(bodies[i], "jane@example.gov.uk");
		assert_null(strstr(bodies[i], "{{"));
	}
	assert_has(rendering.html, "Strengthen &lt;oversight&gt; of contracts.");
	assert_has(rendering.html, "Plan: Ofsted &amp; CQC improvement plan");
	arena_destroy(arena);
}

static enum compose_outcome compose(
	struct arena *arena, json_t *content, struct composed *composed, const char **error)
{
	struct compose_settings settings = {
		.templates = templates_load(arena, NULL, error),
		.from = { "Golden Thread", "reminders@example.org" },
	};
	char *text = json_dumps(content, 0);
	enum compose_outcome outcome =
		compose_message(arena, &settings, text, 1648112400, composed, error);
	free(text);
	return outcome;
}

static void test_a_message_is_composed_with_a_lasting_identity(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct composed once;
	struct composed twice;
	const char *error;
	json_t *content = load(arena, "several_plans");
	assert_int_equal(compose(arena, content, &once, &error), COMPOSE_DONE);
	assert_int_equal(compose(arena, content, &twice, &error), COMPOSE_DONE);
	assert_string_equal(once.message_id, "<gt-12.2022-03-24@example.org>");
	assert_string_equal(once.to_address, "sian@example.gov.uk");
	assert_int_equal(once.via, 1);
	assert_string_equal(once.mime, twice.mime);
	assert_int_equal(once.mime_length, strlen(once.mime));
	assert_has(once.mime, "\r\nReply-To: Jane Smith <jane@example.gov.uk>\r\n");
	arena_destroy(arena);
}

static void test_the_owner_is_not_asked_to_reply_to_themselves(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct composed composed;
	const char *error;
	json_t *content = load(arena, "single_overdue"); /* to the plan's owner */
	assert_int_equal(compose(arena, content, &composed, &error), COMPOSE_DONE);
	assert_null(strstr(composed.mime, "Reply-To"));
	assert_null(strstr(composed.mime, "reply to this email"));
	arena_destroy(arena);
}

static void test_an_address_that_cannot_be_used_is_told_apart(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct composed composed;
	const char *error;
	json_t *content = load(arena, "several_plans");
	json_t *to = json_object_get(content, "to");
	json_object_set_new(to, "address", json_string("siân@example.org"));
	assert_int_equal(compose(arena, content, &composed, &error), COMPOSE_BAD_ADDRESS);
	json_object_set_new(to, "address", json_string("a@b.c\r\nRSET"));
	assert_int_equal(compose(arena, content, &composed, &error), COMPOSE_BAD_ADDRESS);
	json_object_set_new(to, "address", json_null());
	assert_int_equal(compose(arena, content, &composed, &error), COMPOSE_FAILED);
	arena_destroy(arena);
}

static void write_file(const char *directory, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_templates_can_be_replaced_and_are_checked(void **state)
{
	(void)state;
	char directory[] = "/tmp/gt-templates-XXXXXX";
	struct arena *arena = arena_create();
	const char *error;
	assert_non_null(mkdtemp(directory));
	write_file(directory, "reminder.subject.mustache", "Ours: {{subject}}\n");
	struct templates *templates = templates_load(arena, directory, &error);
	assert_string_equal(
		templates_find(templates, "reminder.subject")->text, "Ours: {{subject}}\n");
	assert_non_null(templates_find(templates, "reminder.html"));
	assert_null(templates_find(templates, "reminder.pdf"));

	write_file(directory, "item.txt.mustache", "one\n{{#open}}");
	assert_null(templates_load(arena, directory, &error));
	assert_string_equal(error, "item.txt.mustache: line 2: a section is not closed: open");
	assert_null(templates_load(arena, "/nonexistent", &error));
	unlink(arena_printf(arena, "%s/item.txt.mustache", directory));
	unlink(arena_printf(arena, "%s/reminder.subject.mustache", directory));
	rmdir(directory);
	arena_destroy(arena);
}

static void test_distances_are_in_plain_words(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct date date = { 2022, 3, 31 };
	assert_string_equal(
		wording_due(arena, date, 2), "due in 2 days, on Thursday 31 March 2022");
	assert_string_equal(wording_due(arena, date, 1), "due tomorrow, Thursday 31 March 2022");
	assert_string_equal(wording_due(arena, date, 0), "due today, Thursday 31 March 2022");
	assert_string_equal(
		wording_due(arena, date, -1), "was due yesterday, Thursday 31 March 2022");
	assert_string_equal(wording_due(arena, date, -2), "was due on 31 March 2022, 2 days ago");
	assert_string_equal(wording_stage(arena, -1), "1 day before the due date");
	assert_string_equal(wording_stage(arena, 0), "the due date");
	assert_string_equal(wording_stage(arena, 28), "28 days after the due date");
	struct wording_counts counts = { .soon = 3, .today = 1, .overdue = 1 };
	assert_string_equal(
		wording_counts(arena, &counts, ", "), "3 actions due soon, 1 due today, 1 overdue");
	counts.soon = 0;
	assert_string_equal(
		wording_counts(arena, &counts, " and "), "1 action due today and 1 overdue");
	arena_destroy(arena);
}

static void test_texts_are_cut_between_words_and_never_inside_a_character(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	assert_string_equal(wording_shortened(arena, "short enough", 12), "short enough");
	assert_string_equal(wording_shortened(arena, "one two three", 12), "one two…");
	assert_string_equal(wording_shortened(arena, "one, two", 7), "one…");
	assert_string_equal(wording_shortened(arena, "unbreakable", 5), "unbr…");
	assert_string_equal(wording_shortened(arena, "ŵŵŵŵŵŵ", 4), "ŵŵŵ…");
	assert_string_equal(wording_shortened(arena, "ŵŵŵ", 3), "ŵŵŵ");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_are_as_agreed),
		cmocka_unit_test(test_the_html_says_the_same_and_is_safe),
		cmocka_unit_test(test_subjects_of_one_action_say_when),
		cmocka_unit_test(test_two_milestones_of_one_action_are_one_action),
		cmocka_unit_test(test_long_lists_are_cut_and_counted),
		cmocka_unit_test(test_content_that_is_not_as_promised_is_refused),
		cmocka_unit_test(test_a_summary_that_is_not_as_promised_is_refused),
		cmocka_unit_test(test_a_summary_in_html_and_for_notify_says_the_same),
		cmocka_unit_test(test_a_message_is_composed_with_a_lasting_identity),
		cmocka_unit_test(test_the_owner_is_not_asked_to_reply_to_themselves),
		cmocka_unit_test(test_an_address_that_cannot_be_used_is_told_apart),
		cmocka_unit_test(test_templates_can_be_replaced_and_are_checked),
		cmocka_unit_test(test_distances_are_in_plain_words),
		cmocka_unit_test(test_texts_are_cut_between_words_and_never_inside_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
