/* Memory that lives exactly as long as one piece of work: a request, a message, a command. */
#include "common/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define FIRST_BLOCK_BYTES ((size_t)16 * 1024)
#define KEPT_BLOCK_BYTES ((size_t)64 * 1024)
#define ALIGNMENT _Alignof(max_align_t)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	_Alignas(max_align_t) char bytes[];
};

struct deferred {
	struct deferred *next;
	void (*fn)(void *);
	void *object;
};

struct arena {
	struct block *blocks; /* newest first, which is the largest */
	struct block *large;  /* each holds one thing, and grows with it */
	struct deferred *deferred;
};

void *xcalloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);
	if (!memory)
		fatal("out of memory asking for %zu x %zu bytes", count, size);
	return memory;
}

char *xstrdup(const char *text)
{
	char *copy = strdup(text);
	if (!copy)
		fatal("out of memory copying a string");
	return copy;
}

static size_t round_up(size_t size)
{
	size_t rounded = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (rounded < size)
		fatal("an impossible allocation of %zu bytes", size);
	return rounded;
}

static struct block *block_create(size_t size, struct block *next)
{
	if (size > SIZE_MAX - sizeof(struct block))
		fatal("an impossible allocation of %zu bytes", size);
	struct block *block = malloc(sizeof(struct block) + size);
	if (!block)
		fatal("out of memory asking for %zu bytes", size);
	block->next = next;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *arena_create_sized(size_t first_block_bytes)
{
	struct arena *arena = xcalloc(1, sizeof(*arena));
	arena->blocks = block_create(round_up(first_block_bytes), NULL);
	return arena;
}

struct arena *arena_create(void)
{
	return arena_create_sized(FIRST_BLOCK_BYTES);
}

static void run_deferred(struct arena *arena)
{
	while (arena->deferred) {
		struct deferred *deferred = arena->deferred;
		arena->deferred = deferred->next;
		deferred->fn(deferred->object);
	}
}

static void free_large(struct arena *arena)
{
	while (arena->large) {
		struct block *block = arena->large;
		arena->large = block->next;
		free(block);
	}
}

void arena_reset(struct arena *arena)
{
	run_deferred(arena);
	free_large(arena);
	struct block *kept = arena->blocks;
	while (kept->next && kept->size > KEPT_BLOCK_BYTES) {
		struct block *next = kept->next;
		free(kept);
		kept = next;
	}
	for (struct block *block = kept->next, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	kept->next = NULL;
	kept->used = 0;
	arena->blocks = kept;
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	arena_reset(arena);
	free(arena->blocks);
	free(arena);
}

static void *take(struct arena *arena, size_t size)
{
	size_t rounded = round_up(size);
	struct block *block = arena->blocks;
	if (rounded > block->size * 2) {
		arena->large = block_create(rounded, arena->large);
		return arena->large->bytes;
	}
	if (rounded > block->size - block->used)
		block = arena->blocks = block_create(block->size * 2, block);
	void *memory = block->bytes + block->used;
	block->used += rounded;
	return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	void *memory = take(arena, size);
	memset(memory, 0, size);
	return memory;
}

/* NULL: it has no block of its own. */
static void *grow_large(struct arena *arena, const void *bytes, size_t new_size)
{
	struct block **at = &arena->large;
	while (*at && (*at)->bytes != bytes)
		at = &(*at)->next;
	if (!*at)
		return NULL;
	size_t rounded = round_up(new_size);
	struct block *grown = realloc(*at, sizeof(struct block) + rounded);
	if (!grown)
		fatal("out of memory asking for %zu bytes", rounded);
	grown->size = rounded;
	*at = grown;
	return grown->bytes;
}

void *arena_grow(struct arena *arena, void *bytes, size_t old_size, size_t new_size)
{
	struct block *block = arena->blocks;
	size_t old_rounded = round_up(old_size);
	size_t before = block->used - (block->used < old_rounded ? block->used : old_rounded);
	if (bytes == block->bytes + before && new_size <= block->size - before) {
		block->used = before;
		return take(arena, new_size);
	}
	void *grown = grow_large(arena, bytes, new_size);
	if (grown)
		return grown;
	grown = take(arena, new_size);
	return memcpy(grown, bytes, old_size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	if (!text)
		return NULL;
	char *copy = take(arena, length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	/* Printed where it will stay, if it fits there, which it mostly does. */
	struct block *block = arena->blocks;
	size_t room = block->size - block->used;
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(block->bytes + block->used, room, format, again);
	va_end(again);
	if (length < 0)
		fatal("a format string that cannot be printed: %s", format);
	char *text = take(arena, (size_t)length + 1);
	if ((size_t)length >= room)
		vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void arena_defer(struct arena *arena, void (*fn)(void *), void *object)
{
	struct deferred *deferred = take(arena, sizeof(*deferred));
	*deferred = (struct deferred){ .next = arena->deferred, .fn = fn, .object = object };
	arena->deferred = deferred;
}
