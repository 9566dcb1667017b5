/* How long one timescale takes to be read, on average over the rows of a file:
 * bench_timescale FILE.tsv … (their first column; the first line of each is a heading). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/arena.h"
#include "common/timescale.h"

#define TEXTS_MAX 10000
#define LINE_BYTES 4096
#define ROUNDS 5
#define READS 500000

static char *texts[TEXTS_MAX];
static size_t count;

static void load(const char *path)
{
	char line[LINE_BYTES];
	FILE *file = fopen(path, "r");
	if (!file || !fgets(line, sizeof(line), file)) {
		perror(path);
		exit(1);
	}
	while (count < TEXTS_MAX && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\t\n")] = '\0';
		texts[count++] = xstrdup(line);
	}
	fclose(file);
}

static double round_us(struct arena *arena)
{
	struct timescale_settings settings = { 0 };
	struct timescale timescale;
	struct timespec from;
	struct timespec to;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (size_t i = 0; i < READS; i++) {
		timescale_read(arena, texts[i % count], &settings, &timescale);
		if (i % 100 == 99)
			arena_reset(arena);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	arena_reset(arena);
	return ((double)(to.tv_sec - from.tv_sec) * 1e6 +
		       (double)(to.tv_nsec - from.tv_nsec) / 1e3) /
	       READS;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		load(argv[i]);
	if (count == 0) {
		fputs("usage: bench_timescale FILE.tsv ...\n", stderr);
		return 2;
	}
	struct arena *arena = arena_create();
	printf("%zu texts, µs of processor time a text:", count);
	for (int i = 0; i < ROUNDS; i++)
		printf(" %.3f", round_us(arena));
	printf("\n");
	arena_destroy(arena);
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	return 0;
}
