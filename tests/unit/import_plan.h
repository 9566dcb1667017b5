/* What the tests of reading tables share: an arena a test, and a plan read from text. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/import/import.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_create();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct import_plan read_plan(const char *text)
{
	struct import_doc doc;
	if (!import_read(arena, text, strlen(text), "text/plain; charset=utf-8", NULL, &doc))
		fail_msg("%s", doc.json);
	return doc.plan;
}

static const struct import_action *action(const struct import_plan *plan, int i, int j)
{
	assert_true(i < plan->count && j < plan->recommendations[i].action_count);
	return &plan->recommendations[i].actions[j];
}

static bool doubts_has(const struct findings *doubts, const char *code)
{
	for (int i = 0; i < doubts->count; i++) {
		if (!strcmp(doubts->items[i].code, code))
			return true;
	}
	return false;
}
