/* goldenthread-notifier: plans the reminders that are owed and delivers them by email. */
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/date.h"
#include "common/stop.h"
#include "notifier/pass.h"
#include "notifier/report.h"
#include "notifier/rfc3339.h"
#include "notifier/setup.h"

#define EXIT_USAGE 2
#define LARGE_BYTES (128 * 1024)

struct options {
	const char *command;
	const char *at;
	const char *day;
	const char *sent_until;
	bool reject;
	bool once;
	bool dry_run;
};

static void print_help(FILE *out)
{
	fprintf(out,
		"Usage: goldenthread-notifier [run] [--once] [--at TIME] [--dry-run]\n"
		"       goldenthread-notifier approve [--day YYYY-MM-DD] [--reject]\n"
		"       goldenthread-notifier resume [--sent-until TIME]\n"
		"       goldenthread-notifier healthcheck\n"
		"       goldenthread-notifier retention [--at TIME] [--dry-run]\n"
		"\n"
		"Plans the reminders that are owed and delivers them by email, until SIGTERM.\n"
		"  --once     one pass: send what is due now, then end (status 1: database away)\n"
		"  --dry-run  print what would be sent, one JSON object a line; change nothing\n"
		"  --at TIME  plan as at this time, such as 2022-03-24T09:00:00Z\n"
		"  approve    release a day's plan that was held because it is far more than usual;\n"
		"             --day names it, or one of the seven after it; --reject: never send it\n"
		"  resume     send again after a restore; what was due until --sent-until (or the restore)\n"
		"             is taken as sent, and is not sent again\n"
		"  healthcheck  status 0 if a pass finished lately\n"
		"  retention  empty or delete now what is past its time, as the daily pass does, and say\n"
		"             how much that is\n"
		"  --help, --version\n"
		"\n"
		"Settings, from the environment:\n");
	setup_help(out);
}

static int usage_error(const char *what, const char *which)
{
	fprintf(stderr, "goldenthread-notifier: %s%s\nTry --help.\n", what, which);
	return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, struct options *options)
{
	static const struct option table[] = { { "at", required_argument, NULL, 'a' },
		{ "day", required_argument, NULL, 'D' }, { "dry-run", no_argument, NULL, 'd' },
		{ "reject", no_argument, NULL, 'r' }, { "help", no_argument, NULL, 'h' },
		{ "once", no_argument, NULL, 'o' }, { "sent-until", required_argument, NULL, 'u' },
		{ "version", no_argument, NULL, 'v' }, { 0 } };
	int option;
	while ((option = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		switch (option) {
		case 'a':
			options->at = optarg;
			break;
		case 'd':
			options->dry_run = true;
			break;
		case 'D':
			options->day = optarg;
			break;
		case 'r':
			options->reject = true;
			break;
		case 'u':
			options->sent_until = optarg;
			break;
		case 'o':
			options->once = true;
			break;
		case 'h':
			print_help(stdout);
			return EXIT_SUCCESS;
		case 'v':
			printf("goldenthread-notifier %s\n", GT_VERSION);
			return EXIT_SUCCESS;
		default:
			return EXIT_USAGE;
		}
	}
	options->command = optind < argc ? argv[optind] : "run";
	if (optind + 1 < argc)
		return usage_error("one command at a time, not also ", argv[optind + 1]);
	if (options->at && !rfc3339_is_instant(options->at))
		return usage_error(
			"--at needs a time such as 2022-03-24T09:00:00Z, not ", options->at);
	if (options->sent_until && !rfc3339_is_instant(options->sent_until))
		return usage_error("--sent-until needs a time such as 2022-03-24T09:00:00Z, not ",
			options->sent_until);
	struct date day;
	if (options->day && !date_parse_iso(options->day, &day))
		return usage_error("--day needs a day such as 2022-03-24, not ", options->day);
	return -1;
}

static bool run(struct setup *setup, const struct options *options, struct arena *arena)
{
	if (options->dry_run)
		return report_forecast(setup);
	if (!setup_mail(setup, arena))
		return false;
	stop_init();
	bool done = true;
	if (options->once)
		done = pass_once(setup);
	else
		pass_loop(setup);
	setup->transport->finish();
	return done;
}

static bool is_command(const char *name)
{
	static const char *const commands[] = { "approve", "healthcheck", "resume", "retention",
		"run" };
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i], name) == 0)
			return true;
	return false;
}

static bool perform(struct setup *setup, const struct options *options, struct arena *arena)
{
	if (strcmp(options->command, "healthcheck") == 0)
		return report_health(setup);
	if (strcmp(options->command, "approve") == 0)
		return report_decide(
			setup, options->day, options->reject ? "rejected" : "approved");
	if (strcmp(options->command, "resume") == 0)
		return report_resume(setup, options->sent_until);
	if (strcmp(options->command, "retention") == 0)
		return retention_command(
			&setup->db, &setup->retention, setup->at, options->dry_run);
	return run(setup, options, arena);
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct setup setup;
	int status = read_options(argc, argv, &options);
	if (status >= 0)
		return status;
	if (!is_command(options.command))
		return usage_error("there is no command ", options.command);

	/* What a batch needs at once goes back to the system after it, instead of lying in pieces
	 * between what lives longer. Said, so that malloc does not change it by what it sees. */
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	struct arena *arena = arena_create();
	bool done = setup_load(&setup, arena);
	setup.at = options.at;
	if (done)
		done = perform(&setup, &options, arena);
	arena_destroy(arena);
	return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
