/* The form in which an answer leaves: as it is, or in gzip (RFC 9110 section 8.4). */
#include "api/gzip.h"

#include <string.h>
#include <strings.h>

#define ZLIB_CONST
#include <zlib.h>

#include "api/accept.h"
#include "api/etag.h"
#include "common/log.h"

#define SHORT_BYTES 1024

/* A page of 50 actions, 30 KB: level 1 makes 3.9 KB in 65 us, level 3 makes 3.7 KB in 70, level 6
 * makes 3.2 KB in 220. With this window and memory a stream takes 128 KiB for as long as it packs,
 * and making one for each answer costs no more than keeping one for each thread; at zlib's own 15
 * and 8 it would cost 100 us, to save 5 % of the size. */
#define LEVEL 3
#define WINDOW_BITS 14
#define MEMORY_LEVEL 7
#define GZIP_WRAPPER 16 /* added to the window bits: zlib's way to ask for gzip */

static const char **header_slot(struct http_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return &answer->headers[i].value;
	return NULL;
}

static bool pays(const struct http_answer *answer)
{
	return answer->packing == HTTP_PACK_ALWAYS ||
	       (answer->packing == HTTP_PACK_LONG && answer->body_length > SHORT_BYTES);
}

/* A strong tag names bytes, so each form has its own (RFC 9110 section 8.8.3.3). */
static void mark_tag(struct arena *arena, struct http_answer *answer)
{
	const char **etag = header_slot(answer, "ETag");
	if (etag)
		*etag = arena_printf(arena, "%.*s" ETAG_GZIP "\"", (int)strlen(*etag) - 1, *etag);
}

static void pack(struct arena *arena, struct http_answer *answer)
{
	z_stream stream = { 0 };
	if (deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS + GZIP_WRAPPER, MEMORY_LEVEL,
		    Z_DEFAULT_STRATEGY) != Z_OK)
		fatal("out of memory for gzip");
	uLong room = deflateBound(&stream, answer->body_length);
	unsigned char *packed = arena_alloc(arena, room);
	stream.next_in = (const unsigned char *)answer->body;
	stream.avail_in = (uInt)answer->body_length;
	stream.next_out = packed;
	stream.avail_out = (uInt)room;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		fatal("gzip did not fit in the room that it asked for");
	answer->body = (const char *)packed;
	answer->body_length = stream.total_out;
	deflateEnd(&stream);
	http_answer_header(answer, "Content-Encoding", "gzip");
}

void gzip_finish(struct arena *arena, const struct http_request *http, struct http_answer *answer)
{
	enum accept_coding coding = accept_coding(http_header(http, "Accept-Encoding"));
	bool known = answer->status == 304;
	if (!answer->body_length && !known)
		return;
	http_answer_header(answer, "Vary", "Accept-Encoding");
	if (coding == ACCEPT_GZIP_ONLY || (coding == ACCEPT_GZIP && pays(answer))) {
		mark_tag(arena, answer);
		if (!known)
			pack(arena, answer);
	}
	if (known)
		answer->body_length = 0;
}
