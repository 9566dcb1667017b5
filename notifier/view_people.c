/* What any email says of the people around it: to whom, for whom, and whom to ask. Pure. */
#include "notifier/view_people.h"

#include <string.h>

#include "notifier/facts.h"
#include "notifier/wording.h"

static const json_t *recipient(const json_t *content)
{
	return json_object_get(content, "to");
}

bool view_people_known(const json_t *content)
{
	return facts_text(json_object_get(content, "lead"), "name") &&
	       facts_text(recipient(content), "name");
}

bool view_people_stand_in(const json_t *content)
{
	const char *as = facts_text(recipient(content), "as");
	return as && strcmp(as, "lead") != 0;
}

static const char *passed_on(struct arena *arena, const json_t *content)
{
	static const struct {
		const char *as, *words;
	} relations[] = { { "deputy", "as the deputy" }, { "manager", "as the manager" },
		{ "plan_owner", "as the owner of the plan" } };
	const json_t *lead = json_object_get(content, "lead");
	const char *post = facts_text(lead, "name");
	const char *as = facts_text(recipient(content), "as");
	const char *holder = facts_text(lead, "holder");
	struct date until = facts_date(lead, "away_until");
	if (!view_people_stand_in(content))
		return NULL;
	const char *relation = "instead";
	for (size_t i = 0; i < sizeof(relations) / sizeof(*relations); i++)
		if (strcmp(relations[i].as, as) == 0)
			relation = relations[i].words;
	const char *who = holder ? arena_printf(arena, "%s (%s)", holder, post) : post;
	const char *reason = "cannot be reached by email";
	if (date_is_set(until))
		reason = arena_printf(arena, "is away until %s", wording_date(arena, until));
	return arena_printf(arena, "This is for %s. %s %s, so it comes to you %s.", who,
		holder ? holder : "The post", reason, relation);
}

/* "Jane Smith, Policy Manager" */
static const char *owner_name(struct arena *arena, const json_t *owner)
{
	const char *holder = facts_text(owner, "holder");
	const char *post = facts_text(owner, "name");
	return holder && post ? arena_printf(arena, "%s, %s", holder, post) : post;
}

static bool reader_is_owner(const json_t *content, const json_t *owner)
{
	const char *address = facts_text(owner, "email");
	const char *to = facts_text(recipient(content), "address");
	return address && to && strcmp(address, to) == 0;
}

static void set_owner(struct arena *arena, const json_t *content, json_t *out)
{
	const json_t *owner = json_object_get(content, "owner");
	const char *name = owner_name(arena, owner);
	const char *address = facts_text(owner, "email");
	bool other = !reader_is_owner(content, owner);
	json_t *ask = json_null();
	if (name && other) {
		ask = json_object();
		facts_set(ask, "name", name);
		facts_set(ask, "address", address);
	}
	json_object_set_new(out, "ask", ask);
	json_object_set_new(out, "replies", json_boolean(address && other));
}

void view_people_set(struct arena *arena, const json_t *content, json_t *out)
{
	facts_set(out, "to_name", facts_text(recipient(content), "name"));
	facts_set(out, "post", facts_text(json_object_get(content, "lead"), "name"));
	facts_set(out, "passed_on", passed_on(arena, content));
	set_owner(arena, content, out);
}
