/* The loop of the commands that read one text, or one text a line from standard input. */
#pragma once

#include <stddef.h>

#include "common/arena.h"

/* text "-" stands for standard input; otherwise text itself is the one line. Prints what `read`
 * gives for each, in order, flushed line by line. A line of more than text_bytes reaches `read` cut
 * to one byte more than that, which it refuses. NUL bytes become spaces. Gives the exit status: 1
 * when the input or output fails. */
int each_line(const char *text, size_t text_bytes,
	const char *(*read)(struct arena *arena, const char *text));
