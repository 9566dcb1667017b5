/* One message on its way through the notifier: leased, ready to be sent, and how that ended. */
#include "notifier/parcel.h"

#define PARCEL_BYTES (sizeof(struct parcel) + 384) /* without the email itself */

struct parcel *parcel_create(long long id, long long token)
{
	struct arena *arena = arena_create_sized(PARCEL_BYTES);
	struct parcel *parcel = arena_alloc(arena, sizeof(*parcel));
	parcel->arena = arena;
	parcel->id = id;
	parcel->name = arena_printf(arena, "%lld", id);
	parcel->token = token;
	return parcel;
}

void parcel_destroy(struct parcel *parcel)
{
	if (parcel)
		arena_destroy(parcel->arena);
}

void parcel_add(struct parcel_list *list, struct parcel *parcel)
{
	parcel->next = NULL;
	if (list->last)
		list->last->next = parcel;
	else
		list->first = parcel;
	list->last = parcel;
	list->count++;
}

struct parcel *parcel_take(struct parcel_list *list)
{
	struct parcel *parcel = list->first;
	if (!parcel)
		return NULL;
	list->first = parcel->next;
	if (!list->first)
		list->last = NULL;
	list->count--;
	parcel->next = NULL;
	return parcel;
}

struct parcel *parcel_take_where(struct parcel_list *list,
	bool (*fits)(const struct parcel *parcel, const void *context), const void *context)
{
	struct parcel *before = NULL;
	struct parcel *parcel = list->first;
	while (parcel && !fits(parcel, context)) {
		before = parcel;
		parcel = parcel->next;
	}
	if (!parcel)
		return NULL;
	*(before ? &before->next : &list->first) = parcel->next;
	if (!parcel->next)
		list->last = before;
	list->count--;
	parcel->next = NULL;
	return parcel;
}

void parcel_move(struct parcel_list *to, struct parcel_list *from)
{
	struct parcel *parcel;
	while ((parcel = parcel_take(from)))
		parcel_add(to, parcel);
}
