/* goldenthread-api timescale TEXT|-: how a published timescale is read, as JSON. */
#include <stdio.h>

#include "api/commands/commands.h"
#include "api/commands/each_line.h"
#include "common/timescale.h"

static const char *read_one(struct arena *arena, const char *text)
{
	struct timescale timescale;
	timescale_read(arena, text, NULL, &timescale);
	return timescale_json(arena, &timescale);
}

int command_timescale(int argc, char **argv)
{
	if (argc == 2)
		return each_line(argv[1], TIMESCALE_TEXT_BYTES, read_one);
	fputs("usage: goldenthread-api timescale TEXT|-\n"
	      "  -   one text a line from standard input, one JSON object a line out\n",
		stderr);
	return 2;
}
