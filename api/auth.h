/* Who is calling: the token of a request, and what its key may do. */
#pragma once

#include "api/reply.h"
#include "api/request.h"

/* Whether the caller shows what the route's role needs: nothing, a token that could be ours, or the
 * one that GOV.UK Notify was given for its receipts. False: the answer is 401. */
bool auth_is_known(struct request *req) MUSTCHECK;

/* Looks the key up to say precisely why a request gets nothing: 401 or 403 as a problem in *out,
 * or true when the key is good for this route. False with 503 when the database is away. */
bool auth_check(struct request *req, struct reply *out) MUSTCHECK;

/* Takes one call from what the key may make a minute, without the database. False: used up; the
 * answer is 429 and req->key.retry_s says when to come again. */
bool auth_may_call(struct request *req) MUSTCHECK;

/* Once the answer is there: notes the use of a key that was good, and puts its limit and a near end
 * into the answer's headers. */
void auth_finish(struct request *req, struct http_answer *answer);
