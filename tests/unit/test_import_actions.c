/* How a published cell is split into actions: by its bullets, or by its words when they are lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/import/actions.h"
#include "common/text.h"

#define LOST ACTION_AT_SENTENCE
#define WORD ACTION_AT_WORD

struct sample {
	const char *cell;
	const char *actions; /* one a line */
};

/* Each sample's actions, joined by line breaks. */
static void check(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_create();
		struct action_texts found;
		struct text joined;
		text_init(&joined, arena);
		actions_split(arena, samples[i].cell, &found);
		for (int j = 0; j < found.count; j++)
			text_addf(&joined, "%s%s", j ? "\n" : "", found.items[j].text);
		assert_string_equal(joined.bytes, samples[i].actions);
		arena_destroy(arena);
	}
}

static void test_one_action(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "", "" },
		{ "  \n ", "" },
		{ "Review it. This will help.", "Review it. This will help." },
		{ "Review it.  Then\treport\nback", "Review it. Then report back" },
		{ "1. Review it", "1. Review it" },
		{ "Executive Director - Place Services", "Executive Director - Place Services" },
		{ "\xe2\x80\xa2 Review it", "Review it" },
	};
	check(samples, sizeof(samples) / sizeof(*samples));
}

static void test_bullets(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "• Review it • Report on it", "Review it\nReport on it" },
		{ "•Review it •Report on it", "Review it\nReport on it" },
		{ " • Review it. Then rest. • Report on it",
			"Review it. Then rest.\nReport on it" },
		{ "\xef\x82\xb7 Review it \xef\x82\xb7 Report on it", "Review it\nReport on it" },
		{ "· Review it\n· Report on it", "Review it\nReport on it" },
		{ "- Review it\n- Report on it - in full", "Review it\nReport on it - in full" },
		{ "* Review it\n* Report on it", "Review it\nReport on it" },
		{ "o Review it\no Report on it", "Review it\nReport on it" },
		{ "a) Review it b) Report on it c) rest", "Review it\nReport on it\nrest" },
		{ "1. Review it in 2. Report on it 4. rest", "Review it in\nReport on it 4. rest" },
		{ "(i) review (ii) report (iii) rest", "review\nreport\nrest" },
		{ "Review it\n• Report on it\n• Rest", "Review it\nReport on it\nRest" },
		{ "• Review it for: o members o officers\n• Rest",
			"Review it for: o members o officers\nRest" },
	};
	check(samples, sizeof(samples) / sizeof(*samples));
}

static void test_bullets_of_one_sentence(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct action_texts found;
	actions_split(arena, "Develop plans to:\n• define it\n• improve it", &found);
	assert_int_equal(found.count, 1);
	assert_true(found.bullets_kept);
	assert_string_equal(found.items[0].text, "Develop plans to: • define it • improve it");
	arena_destroy(arena);
}

static void test_lost_bullets(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ " Review it. Report on it.", "Review it.\nReport on it." },
		{ " Review it by Dr. Smith, i.e. J. Smith. Rest",
			"Review it by Dr. Smith, i.e. J. Smith.\nRest" },
		{ " Review it (see p. 3. And 4). Rest", "Review it (see p. 3. And 4).\nRest" },
		{ " Review it (see p. 3. And rest", "Review it (see p. 3.\nAnd rest" },
		{ " Review it. This will help. Rest", "Review it. This will help.\nRest" },
		{ " Review it with stakeholders Ensure it is known",
			"Review it with stakeholders\nEnsure it is known" },
		{ " Sit on the Review panel and the Develop group",
			"Sit on the Review panel and the Develop group" },
		{ " Plan with: Staff Develop Ensure it", "Plan with: Staff Develop Ensure it" },
		{ " Cover the whole organisation Locality teams to be formed",
			"Cover the whole organisation\nLocality teams to be formed" },
		{ " Ask the Locality teams to be kind", "Ask the Locality teams to be kind" },
		{ " Forming Locality teams to be ready", "Forming Locality teams to be ready" },
		{ "\xc2\xa0Review it. Rest", "Review it.\nRest" },
	};
	check(samples, sizeof(samples) / sizeof(*samples));
}

static void test_why(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct action_texts found;
	actions_split(arena, " Review it. Report on all of it Ensure rest", &found);
	assert_int_equal(found.count, 3);
	assert_int_equal(found.items[0].start, ACTION_SURE);
	assert_int_equal(found.items[1].start, LOST);
	assert_int_equal(found.items[2].start, WORD);
	actions_split(arena, "- Review it - Report on it", &found);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[1].start, ACTION_AT_DASH);
	actions_split(arena, "Review it.\n\nReport on it\nin full.\nRest", &found);
	assert_int_equal(found.count, 3);
	assert_int_equal(found.items[1].start, ACTION_AT_PARAGRAPH);
	assert_string_equal(found.items[1].text, "Report on it in full.");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_action),
		cmocka_unit_test(test_bullets),
		cmocka_unit_test(test_bullets_of_one_sentence),
		cmocka_unit_test(test_lost_bullets),
		cmocka_unit_test(test_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
