/* The calendar of a plan: its bytes, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "api/export/export_calendar.h"
#include "api/import/words.h"

static const struct export_event event = { .uid = "1-20211201-0-1@golden-thread",
	.sequence = 2,
	.stamp = "20211201T083000Z",
	.due_on = { 2021, 12, 31 },
	.label = "Review",
	.reference = "7.1",
	.action = "Gwella’r ffordd; a, b\\c\n🏗️ line two",
	.number = "7",
	.recommendation = "Continue",
	.leads = "Assistant Chief Executive",
	.timescale = "December 2021 Review – March 2022",
	.status = "In progress" };

static const char *write(struct arena *arena, const struct export_event *events, int count)
{
	struct text text;
	struct export_event copies[4];
	memcpy(copies, events, sizeof(*events) * (size_t)count);
	struct export_calendar calendar = {
		.name = "Plan, one; two", .events = copies, .count = count
	};
	text_init(&text, arena);
	assert_true(export_calendar_write(&calendar, &text));
	return text.bytes;
}

static void test_an_event_is_all_day_and_ends_the_day_after(void **state)
{
	struct arena *arena = arena_create();
	const char *bytes = write(arena, &event, 1);
	(void)state;
	assert_non_null(strstr(bytes, "\r\nDTSTART;VALUE=DATE:20211231\r\n"));
	assert_non_null(strstr(bytes, "\r\nDTEND;VALUE=DATE:20220101\r\n"));
	assert_non_null(strstr(bytes, "\r\nDTSTAMP:20211201T083000Z\r\n"));
	assert_non_null(strstr(bytes, "\r\nSEQUENCE:2\r\n"));
	assert_non_null(strstr(bytes, "\r\nSTATUS:CONFIRMED\r\n"));
	assert_non_null(strstr(bytes, "\r\nTRANSP:TRANSPARENT\r\n"));
	assert_non_null(strstr(bytes, "\r\nMETHOD:PUBLISH\r\n"));
	assert_non_null(strstr(bytes, "\r\nX-WR-CALNAME:Plan\\, one\\; two\r\n"));
	assert_non_null(strstr(bytes,
		"\r\nSUMMARY:7.1 Review due: Gwella’r ffordd\\; a\\, b\\\\c 🏗️ line two\r\n"));
	assert_string_equal(bytes, write(arena, &event, 1));
	arena_destroy(arena);
}

static void test_what_was_given_up_is_cancelled(void **state)
{
	struct arena *arena = arena_create();
	struct export_event events[] = { event, event };
	(void)state;
	events[0].state = EXPORT_EVENT_CANCELLED;
	events[1].state = EXPORT_EVENT_DONE;
	const char *bytes = write(arena, events, 2);
	assert_non_null(strstr(bytes, "\r\nSUMMARY:7.1 Review withdrawn: "));
	assert_non_null(strstr(bytes, "\r\nSTATUS:CANCELLED\r\n"));
	assert_non_null(strstr(bytes, "\r\nSUMMARY:7.1 Review done: "));
	arena_destroy(arena);
}

/* RFC 5545 section 3.1: no line is longer than 75 octets, and none ends within a character. */
static void test_lines_are_folded_between_characters(void **state)
{
	struct arena *arena = arena_create();
	struct export_event long_one = event;
	struct text action;
	(void)state;
	text_init(&action, arena);
	for (int i = 0; i < 200; i++)
		text_add(&action, i % 3 ? "ŵ" : i % 2 ? "🏗" : "a");
	long_one.action = action.bytes;
	const char *bytes = write(arena, &long_one, 1);
	for (const char *at = bytes; *at;) {
		size_t length = strcspn(at, "\r\n");
		assert_in_range(length, 1, 75);
		assert_int_equal(words_valid_utf8(at, length), length);
		assert_memory_equal(at + length, "\r\n", 2);
		at += length + 2;
	}
	arena_destroy(arena);
}

static void test_a_plan_without_deadlines_is_an_empty_calendar(void **state)
{
	struct arena *arena = arena_create();
	const char *bytes = write(arena, &event, 0);
	(void)state;
	assert_non_null(strstr(bytes, "BEGIN:VCALENDAR\r\n"));
	assert_null(strstr(bytes, "VEVENT"));
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_is_all_day_and_ends_the_day_after),
		cmocka_unit_test(test_what_was_given_up_is_cancelled),
		cmocka_unit_test(test_lines_are_folded_between_characters),
		cmocka_unit_test(test_a_plan_without_deadlines_is_an_empty_calendar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
