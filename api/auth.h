/* Who is calling: the token of a request, and what its key may do. */
#pragma once

#include "api/reply.h"
#include "api/request.h"

/* Takes the token from Authorization into req->digest. False: there is none that could be ours;
 * the answer is 401 and no look-up is needed. */
bool auth_read_token(struct request *req) MUSTCHECK;

/* Looks the key up to say precisely why a request gets nothing: 401 or 403 as a problem in *out,
 * or true when the key is good for this route. False with 503 when the database is away. */
bool auth_check(struct request *req, struct reply *out) MUSTCHECK;

/* Takes one call from what the key may make a minute, without the database. False: used up; the
 * answer is 429 and req->key.retry_s says when to come again. */
bool auth_may_call(struct request *req) MUSTCHECK;

/* Once the answer is there: notes the use of a key that was good, and puts its limit and a near end
 * into the answer's headers. */
void auth_finish(struct request *req, struct http_answer *answer);
