/* Which recipients' domains may have another thread: one that hangs must not hold them all.
 *
 * There is one mail server, but a server that passes mail on often asks the next one first, so it
 * hangs for some domains and not for others. Therefore a domain begins with one thread; each answer
 * gives it one more, up to all but one; silence takes it back to one. Slow domains share half of
 * the threads. */
#include "notifier/domains.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/arena.h"
#include "common/log.h"

#define SLOW_MS 5000
#define BUCKETS 1024

struct domain {
	struct domain *next; /* in its bucket */
	int busy;            /* threads it has */
	int most;            /* that it may have */
	bool slow;           /* its last message took long, or one does now */
	char name[];
};

struct sending {
	struct domain *domain; /* NULL: none */
	long long begun_ms;
};

struct domains {
	struct domain *buckets[BUCKETS];
	int threads;
	int slow;      /* domains that are */
	int slow_busy; /* threads that they have */
	struct sending sending[];
};

static int at_least_one(int count)
{
	return count > 1 ? count : 1;
}

struct domains *domains_create(int threads)
{
	struct domains *domains =
		xcalloc(1, sizeof(*domains) + (size_t)threads * sizeof(domains->sending[0]));
	domains->threads = threads;
	return domains;
}

void domains_destroy(struct domains *domains)
{
	if (!domains)
		return;
	for (int i = 0; i < BUCKETS; i++)
		for (struct domain *one = domains->buckets[i], *next; one; one = next) {
			next = one->next;
			free(one);
		}
	free(domains);
}

static unsigned bucket_of(const char *name)
{
	unsigned hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + ((unsigned char)*name | 0x20);
	return hash % BUCKETS;
}

struct domain *domains_of(struct domains *domains, const char *address)
{
	const char *at = strrchr(address, '@');
	const char *name = at ? at + 1 : address;
	struct domain **bucket = &domains->buckets[bucket_of(name)];
	for (struct domain *one = *bucket; one; one = one->next)
		if (strcasecmp(one->name, name) == 0)
			return one;
	size_t size = strlen(name) + 1;
	struct domain *made = xcalloc(1, sizeof(*made) + size);
	memcpy(made->name, name, size);
	made->most = 1;
	made->next = *bucket;
	*bucket = made;
	return made;
}

static void set_slow(struct domains *domains, struct domain *domain, bool slow)
{
	if (slow && !domain->slow)
		log_warn("mail: %s is slow to answer: others go first", domain->name);
	if (slow != domain->slow) {
		domains->slow += slow ? 1 : -1;
		domains->slow_busy += slow ? domain->busy : -domain->busy;
	}
	domain->slow = slow;
}

static bool is_stuck(const struct sending *sending, long long now_ms)
{
	return sending->domain && now_ms - sending->begun_ms > SLOW_MS;
}

static bool has_stuck(const struct domains *domains, const struct domain *domain, long long now_ms)
{
	for (int i = 0; i < domains->threads; i++)
		if (domains->sending[i].domain == domain && is_stuck(&domains->sending[i], now_ms))
			return true;
	return false;
}

bool domains_may_begin(const struct domains *domains, const struct domain *domain)
{
	if (domain->busy >= domain->most)
		return false;
	return !domain->slow || domains->slow_busy < at_least_one(domains->threads / 2);
}

bool domains_any_held_up(const struct domains *domains)
{
	return domains->slow > 0;
}

bool domains_is_held_up(const struct domains *domains, const struct domain *domain)
{
	return domain->slow && !domains_may_begin(domains, domain);
}

void domains_begin(struct domains *domains, struct domain *domain, int thread, long long now_ms)
{
	domain->busy++;
	domains->slow_busy += domain->slow;
	domains->sending[thread] = (struct sending){ domain, now_ms };
}

bool domains_end(struct domains *domains, int thread, bool answered, long long now_ms)
{
	struct sending *sending = &domains->sending[thread];
	struct domain *domain = sending->domain;
	if (!domain)
		return false;
	bool slow = is_stuck(sending, now_ms);
	bool more = domain->slow;
	domain->busy--;
	domains->slow_busy -= domain->slow;
	sending->domain = NULL;
	set_slow(domains, domain, slow || (domain->slow && has_stuck(domains, domain, now_ms)));
	if (!answered) {
		domain->most = 1;
	} else if (domain->most < domains->threads - 1) {
		domain->most++;
		more = true;
	}
	return more;
}

void domains_look(struct domains *domains, long long now_ms)
{
	for (int i = 0; i < domains->threads; i++) {
		const struct sending *sending = &domains->sending[i];
		if (is_stuck(sending, now_ms))
			set_slow(domains, sending->domain, true);
	}
}
