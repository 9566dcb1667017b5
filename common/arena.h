/* Memory that lives exactly as long as one piece of work: a request, a message, a command. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#define MUSTCHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

struct arena;

/* Never NULL: running out of memory ends the process. destroy(NULL) is fine. */
struct arena *arena_create(void);
/* For many of which each holds little: its first block has so many bytes. */
struct arena *arena_create_sized(size_t first_block_bytes);

/* Runs every deferred function, newest first, then frees all memory of the arena. */
void arena_destroy(struct arena *arena);

/* Like arena_destroy, but keeps a block of up to 64 KiB so that the arena can serve again. */
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same bytes with room for more, mostly where they are if nothing was taken since or they are
 * large. Only what is given is valid then; what comes after old_size bytes is not zeroed. */
void *arena_grow(struct arena *arena, void *bytes, size_t old_size, size_t new_size);

/* Copies; NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);

char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

/* Calls fn(object) when the arena ends: how PGresult, json_t and curl handles are tied to it. */
void arena_defer(struct arena *arena, void (*fn)(void *), void *object);

/* Outside arenas: end the process instead of returning NULL. The caller frees. */
void *xcalloc(size_t count, size_t size);
char *xstrdup(const char *text);
