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

/* Notes the use of the key, at most once a minute and key. */
void auth_touch(struct request *req);
