/* A request as it came and an answer as it goes, free of any server library. */
#include "api/http.h"

#include <strings.h>

const char *http_header(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (strcasecmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

void http_answer_header(struct http_answer *answer, const char *name, const char *value)
{
	size_t room = sizeof(answer->headers) / sizeof(*answer->headers);
	if (value && answer->header_count < room)
		answer->headers[answer->header_count++] = (struct http_header){ name, value };
}
