/* Writes down what happens to messages under lease. One thread does it for all that send: what they
 * bring while it writes goes together next, in one statement and one commit. */
#include "notifier/ledger.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "common/db_array.h"
#include "common/log.h"
#include "common/stop.h"
#include "notifier/backoff.h"
#include "notifier/grace.h"
#include "notifier_queries.h"

#define RECORD_PAUSE_MS 1000
#define STOP_CHECK_MS 100
/* Results of bodies that were allowed in a batch come so fast that more are worth waiting for. */
#define GATHER_MS 4
#define GATHER_COUNT 64

/* Somebody who waits to hear whether a body may leave. */
struct question {
	struct question *next;
	const struct parcel *parcel;
	bool answered;
	enum ledger_answer answer;
};

struct ledger {
	pthread_mutex_t lock;
	pthread_cond_t asked;   /* work for the thread */
	pthread_cond_t changed; /* an answer, or nothing is left */
	pthread_t thread;
	struct db *db;
	struct arena *arena;
	struct held *held;
	void (*due_again)(void *context);
	void *context;
	struct question *questions;
	struct parcel_list results;
	bool writing;
	bool ending;
};

static struct timespec after_ms(int milliseconds)
{
	long long at_ms = grace_now_ms() + milliseconds;
	return (struct timespec){ .tv_sec = at_ms / 1000,
		.tv_nsec = (long)(at_ms % 1000) * 1000000 };
}

enum ledger_answer ledger_body(struct ledger *ledger, const struct parcel *parcel)
{
	struct question question = { .parcel = parcel };
	pthread_mutex_lock(&ledger->lock);
	question.next = ledger->questions;
	ledger->questions = &question;
	pthread_cond_signal(&ledger->asked);
	while (!question.answered)
		pthread_cond_wait(&ledger->changed, &ledger->lock);
	pthread_mutex_unlock(&ledger->lock);
	return question.answer;
}

void ledger_record(struct ledger *ledger, struct parcel *parcel)
{
	pthread_mutex_lock(&ledger->lock);
	parcel_add(&ledger->results, parcel);
	/* While it gathers, it looks by itself. */
	if (ledger->results.count == 1 || ledger->results.count >= GATHER_COUNT ||
		!parcel->body_until_ms)
		pthread_cond_signal(&ledger->asked);
	pthread_mutex_unlock(&ledger->lock);
}

static bool is_named(const struct db_rows *rows, long long token)
{
	for (int i = 0; i < rows->count; i++)
		if (db_int(rows, i, 0) == token)
			return true;
	return false;
}

/* Fills in the answers; the caller tells them. */
static void ask_bodies(struct ledger *ledger, struct question *questions)
{
	struct db_array ids;
	struct db_array tokens;
	struct db_rows rows;
	db_array_init(&ids, ledger->arena, DB_ARRAY_INT8);
	db_array_init(&tokens, ledger->arena, DB_ARRAY_INT8);
	for (struct question *one = questions; one; one = one->next) {
		db_array_add_int(&ids, one->parcel->id);
		db_array_add_int(&tokens, one->parcel->token);
	}
	const struct db_param params[] = { db_array_param(&ids), db_array_param(&tokens) };
	bool done = db_run_params(ledger->db, ledger->arena, N_BODY, params, &rows) == DB_DONE;
	for (struct question *one = questions; one; one = one->next) {
		one->answer = LEDGER_AWAY;
		if (done)
			one->answer = is_named(&rows, one->parcel->token) ? LEDGER_GO : LEDGER_LOST;
	}
}

/* Called with the lock held, like all from here on that says nothing else. */
static void answer(struct ledger *ledger)
{
	struct question *questions = ledger->questions;
	if (!questions)
		return;
	ledger->questions = NULL;
	pthread_mutex_unlock(&ledger->lock);
	ask_bodies(ledger, questions);
	arena_reset(ledger->arena);
	pthread_mutex_lock(&ledger->lock);
	while (questions) {
		struct question *one = questions;
		questions = one->next; /* it is gone as soon as its owner may go on */
		one->answered = true;
	}
	pthread_cond_broadcast(&ledger->changed);
}

enum { ID, TOKEN, OUTCOME, WAIT, CURL_CODE, REPLY_CODE, DETAIL, PROVIDER_ID, COLUMNS };

static void add_result(struct db_array columns[COLUMNS], const struct parcel *parcel)
{
	const struct transport_result *result = &parcel->result;
	db_array_add_int(&columns[ID], parcel->id);
	db_array_add_int(&columns[TOKEN], parcel->token);
	db_array_add_text(&columns[OUTCOME], parcel->outcome);
	if (parcel->wait_s == BACKOFF_GIVE_UP)
		db_array_add_null(&columns[WAIT]);
	else
		db_array_add_int(&columns[WAIT], parcel->wait_s);
	if (*result->provider_id)
		db_array_add_text(&columns[PROVIDER_ID], result->provider_id);
	else
		db_array_add_null(&columns[PROVIDER_ID]);
	if (!*result->detail) { /* not even tried */
		db_array_add_null(&columns[CURL_CODE]);
		db_array_add_null(&columns[REPLY_CODE]);
		db_array_add_null(&columns[DETAIL]);
		return;
	}
	db_array_add_int(&columns[CURL_CODE], result->curl_code);
	db_array_add_int(&columns[REPLY_CODE], result->reply_code);
	db_array_add_text(&columns[DETAIL], result->detail);
}

/* Runs N_FINISH for a list. */
static enum db_outcome finish(
	struct ledger *ledger, const struct parcel_list *list, struct db_rows *rows)
{
	static const enum db_array_type types[COLUMNS] = { DB_ARRAY_INT8, DB_ARRAY_INT8,
		DB_ARRAY_TEXT, DB_ARRAY_INT4, DB_ARRAY_INT4, DB_ARRAY_INT4, DB_ARRAY_TEXT,
		DB_ARRAY_TEXT };
	struct db_array columns[COLUMNS];
	struct db_param params[COLUMNS];
	for (int i = 0; i < COLUMNS; i++)
		db_array_init(&columns[i], ledger->arena, types[i]);
	for (const struct parcel *one = list->first; one; one = one->next)
		add_result(columns, one);
	for (int i = 0; i < COLUMNS; i++)
		params[i] = db_array_param(&columns[i]);
	return db_run_params(ledger->db, ledger->arena, N_FINISH, params, rows);
}

static void tell(struct ledger *ledger, const struct parcel *parcel, const char *problem)
{
	struct arena *arena = ledger->arena;
	const struct transport_result *result = &parcel->result;
	log_context("mail", parcel->name);
	log_event(problem || parcel->wait_s == BACKOFF_GIVE_UP ? LOG_WARN : LOG_INFO, "delivery",
		"outcome", parcel->outcome, "attempt", arena_printf(arena, "%d", parcel->attempt),
		"curl", arena_printf(arena, "%d", result->curl_code), "reply",
		arena_printf(arena, "%d", result->reply_code), "wait_s",
		parcel->wait_s > 0 ? arena_printf(arena, "%d", parcel->wait_s) : NULL, "problem",
		problem, NULL);
	log_context("mail", NULL);
}

/* Without the lock. */
static void let_go(struct ledger *ledger, struct parcel_list *list, enum db_outcome outcome,
	const struct db_rows *rows)
{
	struct parcel *parcel;
	bool again = false;
	while ((parcel = parcel_take(list))) {
		const char *problem = NULL;
		if (outcome != DB_DONE)
			problem = "not recorded: its lease runs out by itself";
		else if (!is_named(rows, parcel->token))
			problem = "its lease had been lost: not recorded again";
		tell(ledger, parcel, problem);
		/* For whoever is next in line. */
		again = again || parcel->result.outcome == TRANSPORT_UNDELIVERABLE ||
			parcel->result.outcome == TRANSPORT_REFUSED;
		held_remove(ledger->held, parcel->token);
		parcel_destroy(parcel);
	}
	if (again)
		ledger->due_again(ledger->context);
}

/* Troubles of the database that pass: gone, busy, or in the middle of an upgrade. */
static bool may_end(enum db_outcome outcome)
{
	return outcome == DB_AWAY || outcome == DB_BUSY || outcome == DB_SCHEMA;
}

/* Without the lock. One that the database refuses must not take the others with it. */
static void record_each(struct ledger *ledger, struct parcel_list *list)
{
	struct parcel *parcel;
	while ((parcel = parcel_take(list))) {
		struct parcel_list one = { 0 };
		struct db_rows rows;
		parcel_add(&one, parcel);
		enum db_outcome outcome = finish(ledger, &one, &rows);
		let_go(ledger, &one, outcome, &rows);
	}
}

/* Without the lock. False: some are left, because the database is away for now. */
static bool record(struct ledger *ledger, struct parcel_list *list)
{
	struct db_rows rows;
	enum db_outcome outcome = finish(ledger, list, &rows);
	if (may_end(outcome) && !grace_is_over())
		return false;
	if (outcome == DB_DONE || may_end(outcome) || list->count == 1)
		let_go(ledger, list, outcome, &rows);
	else
		record_each(ledger, list);
	return true;
}

/* A second between tries, in which questions are answered: they hold up those who send. */
static void pause_recording(struct ledger *ledger)
{
	struct timespec until = after_ms(RECORD_PAUSE_MS);
	while (!grace_is_over() &&
		pthread_cond_timedwait(&ledger->asked, &ledger->lock, &until) != ETIMEDOUT)
		answer(ledger);
}

static void write_down(struct ledger *ledger)
{
	struct parcel_list list = { 0 };
	parcel_move(&list, &ledger->results);
	bool done = false;
	while (list.count > 0 && !done) {
		pthread_mutex_unlock(&ledger->lock);
		done = record(ledger, &list);
		arena_reset(ledger->arena);
		pthread_mutex_lock(&ledger->lock);
		if (!done)
			pause_recording(ledger);
		if (!done)
			parcel_move(&list, &ledger->results);
	}
}

static bool is_worth_gathering(const struct ledger *ledger)
{
	return !ledger->questions && !ledger->ending && ledger->results.count > 0 &&
	       ledger->results.count < GATHER_COUNT && ledger->results.first->body_until_ms > 0;
}

static void wait_for_work(struct ledger *ledger)
{
	while (!ledger->questions && ledger->results.count == 0 && !ledger->ending)
		pthread_cond_wait(&ledger->asked, &ledger->lock);
	struct timespec until = after_ms(GATHER_MS);
	while (is_worth_gathering(ledger) &&
		pthread_cond_timedwait(&ledger->asked, &ledger->lock, &until) != ETIMEDOUT)
		;
}

static void *work(void *context)
{
	struct ledger *ledger = context;
	pthread_setname_np(pthread_self(), "ledger");
	pthread_mutex_lock(&ledger->lock);
	for (;;) {
		wait_for_work(ledger);
		if (!ledger->questions && ledger->results.count == 0)
			break;
		ledger->writing = true;
		answer(ledger);
		write_down(ledger);
		ledger->writing = false;
		pthread_cond_broadcast(&ledger->changed);
	}
	pthread_mutex_unlock(&ledger->lock);
	return NULL;
}

struct ledger *ledger_create(const struct db_settings *settings, struct held *held,
	void (*due_again)(void *context), void *context)
{
	struct ledger *ledger = xcalloc(1, sizeof(*ledger));
	pthread_condattr_t attributes;
	ledger->db = db_create(settings);
	ledger->arena = arena_create();
	ledger->held = held;
	ledger->due_again = due_again;
	ledger->context = context;
	pthread_mutex_init(&ledger->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&ledger->asked, &attributes);
	pthread_cond_init(&ledger->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&ledger->thread, NULL, work, ledger) != 0)
		fatal("cannot start a thread");
	return ledger;
}

void ledger_drain(struct ledger *ledger)
{
	pthread_mutex_lock(&ledger->lock);
	while ((ledger->writing || ledger->results.count > 0) && !stop_requested()) {
		struct timespec until = after_ms(STOP_CHECK_MS);
		pthread_cond_timedwait(&ledger->changed, &ledger->lock, &until);
	}
	pthread_mutex_unlock(&ledger->lock);
}

void ledger_destroy(struct ledger *ledger)
{
	if (!ledger)
		return;
	pthread_mutex_lock(&ledger->lock);
	ledger->ending = true;
	pthread_cond_signal(&ledger->asked);
	pthread_mutex_unlock(&ledger->lock);
	pthread_join(ledger->thread, NULL);
	pthread_cond_destroy(&ledger->changed);
	pthread_cond_destroy(&ledger->asked);
	pthread_mutex_destroy(&ledger->lock);
	arena_destroy(ledger->arena);
	db_destroy(ledger->db);
	free(ledger);
}
