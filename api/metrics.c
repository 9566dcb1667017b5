/* What the program counts of itself, as Prometheus reads it (text exposition format 0.0.4). */
#include "api/metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUTES_MAX 200
#define CLASSES 6 /* 1xx to 5xx, by their first digit */

static const double buckets[] = { .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5,
	5 };
#define BUCKETS (sizeof(buckets) / sizeof(*buckets))

/* One slot a route, and the last for addresses that have none. */
static struct {
	atomic_uint_fast64_t answers[CLASSES];
	atomic_uint_fast64_t within[BUCKETS];
	atomic_uint_fast64_t microseconds;
} counts[ROUTES_MAX + 1];

void metrics_count(const struct route *route, int status, double seconds)
{
	size_t slot = route ? (size_t)(route - routes) : ROUTES_MAX;
	slot = slot < ROUTES_MAX ? slot : ROUTES_MAX;
	int digit = status / 100;
	atomic_fetch_add_explicit(
		&counts[slot].answers[digit < CLASSES ? digit : 0], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&counts[slot].microseconds,
		(uint_fast64_t)(seconds > 0 ? seconds * 1e6 : 0), memory_order_relaxed);
	size_t bucket = 0;
	while (bucket < BUCKETS && seconds > buckets[bucket])
		bucket++;
	if (bucket < BUCKETS)
		atomic_fetch_add_explicit(&counts[slot].within[bucket], 1, memory_order_relaxed);
}

static uint_fast64_t read_count(const atomic_uint_fast64_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

static const char *labels_of(char out[200], size_t slot)
{
	const struct route *route = slot < routes_count ? &routes[slot] : NULL;
	snprintf(out, 200, "method=\"%s\",route=\"%s\"", route ? route->method : "other",
		route ? route->path : "none");
	return out;
}

static void begin(struct text *out, const char *name, const char *type, const char *help)
{
	text_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static uint_fast64_t total_of(size_t slot)
{
	uint_fast64_t total = 0;
	for (size_t i = 0; i < CLASSES; i++)
		total += read_count(&counts[slot].answers[i]);
	return total;
}

static void write_answers(struct text *out)
{
	char labels[200];
	begin(out, "goldenthread_http_requests_total", "counter",
		"Requests answered, by route and by the first digit of the status.");
	for (size_t slot = 0; slot <= ROUTES_MAX; slot++)
		for (int digit = 1; digit < CLASSES; digit++) {
			uint_fast64_t count = read_count(&counts[slot].answers[digit]);
			if (count)
				text_addf(out,
					"goldenthread_http_requests_total{%s,status=\"%dxx\"} "
					"%" PRIuFAST64 "\n",
					labels_of(labels, slot), digit, count);
		}
}

static void write_durations(struct text *out)
{
	static const char name[] = "goldenthread_http_request_duration_seconds";
	char labels[200];
	begin(out, name, "histogram", "Time from the whole request to the answer, by route.");
	for (size_t slot = 0; slot <= ROUTES_MAX; slot++) {
		uint_fast64_t total = total_of(slot);
		uint_fast64_t within = 0;
		if (!total)
			continue;
		labels_of(labels, slot);
		for (size_t i = 0; i < BUCKETS; i++) {
			within += read_count(&counts[slot].within[i]);
			text_addf(out, "%s_bucket{%s,le=\"%g\"} %" PRIuFAST64 "\n", name, labels,
				buckets[i], within);
		}
		text_addf(out, "%s_bucket{%s,le=\"+Inf\"} %" PRIuFAST64 "\n", name, labels, total);
		text_addf(out, "%s_sum{%s} %.6f\n", name, labels,
			(double)read_count(&counts[slot].microseconds) / 1e6);
		text_addf(out, "%s_count{%s} %" PRIuFAST64 "\n", name, labels, total);
	}
}

static long open_files(void)
{
	long count = 0;
	DIR *folder = opendir("/proc/self/fd");
	if (!folder)
		return 0;
	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 3; /* ".", ".." and the folder itself */
}

static long resident_bytes(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	if (!file)
		return 0;
	if (fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

static void write_process(struct text *out)
{
	struct timespec used;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	begin(out, "process_cpu_seconds_total", "counter", "Processor time used.");
	text_addf(out, "process_cpu_seconds_total %lld.%03ld\n", (long long)used.tv_sec,
		used.tv_nsec / 1000000);
	begin(out, "process_resident_memory_bytes", "gauge", "Resident memory.");
	text_addf(out, "process_resident_memory_bytes %ld\n", resident_bytes());
	begin(out, "process_open_fds", "gauge", "Open file descriptors.");
	text_addf(out, "process_open_fds %ld\n", open_files());
	begin(out, "goldenthread_build_info", "gauge", "The release and the schema it needs.");
	text_addf(out, "goldenthread_build_info{version=\"%s\",schema=\"%s\"} 1\n", GT_VERSION,
		GT_SCHEMA_VERSION);
}

void metrics_write(struct text *out)
{
	write_answers(out);
	write_durations(out);
	write_process(out);
}

/* Rows of one name follow each other. */
void metrics_write_database(struct text *out, const struct db_rows *rows)
{
	const char *last = "";
	begin(out, "goldenthread_database_up", "gauge", "Whether the database answers.");
	text_addf(out, "goldenthread_database_up %d\n", rows != NULL);
	for (int i = 0; rows && i < rows->count; i++) {
		const char *name = db_text(rows, i, 0);
		if (strcmp(name, last) != 0)
			begin(out, name, db_text(rows, i, 1), db_text(rows, i, 2));
		text_addf(out, "%s%s %s\n", name, db_text(rows, i, 3), db_text(rows, i, 4));
		last = name;
	}
}
