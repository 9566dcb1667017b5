/* goldenthread-api lead TEXT|-: how a published lead cell is read, as JSON. */
#include <stdio.h>

#include "api/commands/commands.h"
#include "api/commands/each_line.h"
#include "common/lead_cell.h"

static const char *read_one(struct arena *arena, const char *text)
{
	struct lead_cell cell;
	lead_cell_read(arena, text, &cell);
	return lead_cell_json(arena, &cell);
}

int command_lead(int argc, char **argv)
{
	if (argc == 2)
		return each_line(argv[1], LEAD_CELL_TEXT_BYTES, read_one);
	fputs("usage: goldenthread-api lead TEXT|-\n"
	      "  -   one text a line from standard input, one JSON object a line out\n",
		stderr);
	return 2;
}
