/* Which recipients' domains may have another thread: one that hangs must not hold them all. */
#pragma once

#include <stdbool.h>

struct domains;
struct domain;

/* For so many threads, which call with numbers from 0, one at a time: there is no lock in here. */
struct domains *domains_create(int threads);
void domains_destroy(struct domains *domains);

/* The domain of an address; the same pointer for the same domain, for as long as domains lives. */
struct domain *domains_of(struct domains *domains, const char *address);

/* Whether one more message to it may be sent now. */
bool domains_may_begin(const struct domains *domains, const struct domain *domain);

/* Whether any domain is held up, that is: whether it is worth asking for each. */
bool domains_any_held_up(const struct domains *domains);

/* It cannot have another thread, and not only because it has just begun to answer. */
bool domains_is_held_up(const struct domains *domains, const struct domain *domain);

void domains_begin(struct domains *domains, struct domain *domain, int thread, long long now_ms);
/* answered: the server said what becomes of the message. True: more threads may begin than the one
 * that ended. */
bool domains_end(struct domains *domains, int thread, bool answered, long long now_ms);

/* To be called now and then: notices what has been under way for too long. */
void domains_look(struct domains *domains, long long now_ms);
