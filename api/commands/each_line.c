/* The loop of the commands that read one text, or one text a line from standard input. */
#include "api/commands/each_line.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"

/* Takes one line without its end; what does not fit is read and lost. False at the end of input. */
static bool take_line(FILE *in, char *line, size_t size)
{
	size_t length = 0;
	int byte = getc_unlocked(in);
	if (byte == EOF)
		return false;
	for (; byte != EOF && byte != '\n'; byte = getc_unlocked(in))
		if (length < size - 1)
			line[length++] = (char)(byte ? byte : ' ');
	if (length && length < size - 1 && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	return true;
}

static bool print_line(const char *line)
{
	return puts(line) != EOF && fflush(stdout) != EOF;
}

int each_line(const char *text, size_t text_bytes,
	const char *(*read)(struct arena *arena, const char *text))
{
	struct arena *arena = arena_create();
	bool printed = true;
	if (strcmp(text, "-") != 0) {
		printed = print_line(read(arena, text));
		arena_destroy(arena);
		return printed ? 0 : 1;
	}
	size_t size = text_bytes + 2;
	char *line = arena_alloc(arena, size);
	struct arena *work = arena_create();
	while (printed && take_line(stdin, line, size)) {
		printed = print_line(read(work, line));
		arena_reset(work);
	}
	if (!printed || ferror(stdin))
		log_error("cannot go on: %s", strerror(errno));
	arena_destroy(work);
	arena_destroy(arena);
	return printed && !ferror(stdin) ? 0 : 1;
}
