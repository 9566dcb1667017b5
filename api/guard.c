/* Refuses requests whose shape two parsers could read differently, before anything reads them. */
#include "api/guard.h"

#include <string.h>
#include <strings.h>

#include "api/percent.h"
#include "api/utf8.h"

static bool is_token(const char *name)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	if (!*name)
		return false;
	for (const char *at = name; *at; at++) {
		bool alphanumeric = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
				    (*at >= 'a' && *at <= 'z');
		if (!alphanumeric && !strchr(marks, *at))
			return false;
	}
	return true;
}

/* libmicrohttpd 0.9 joins a folded line to the header's name when there is no value before it: what
 * others read as a length or a coding arrives here as "Content-Length2" (RFC 9112 section 5.2). */
static bool is_folded_framing(const char *name)
{
	static const char *const framing[] = { "Content-Length", "Transfer-Encoding" };
	for (size_t i = 0; i < sizeof(framing) / sizeof(*framing); i++) {
		size_t length = strlen(framing[i]);
		if (strncasecmp(name, framing[i], length) == 0 && name[length])
			return true;
	}
	return false;
}

static bool has_control(const char *value)
{
	for (; *value; value++)
		if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7f)
			return true;
	return false;
}

/* Repeated headers arrive joined, unless they are spelled in two ways: then only one would be read.
 */
static bool is_repeated(const struct http_request *request, const char *name)
{
	size_t count = 0;
	for (size_t i = 0; i < request->header_count; i++)
		count += strcasecmp(request->headers[i].name, name) == 0;
	return count > 1;
}

static const char *one_header_fault(const struct http_header *header)
{
	if (!is_token(header->name))
		return "A header's name is not a token";
	if (is_folded_framing(header->name))
		return "The framing of the body is folded over two lines";
	if (!utf8_is_valid(header->value, strlen(header->value)))
		return "A header's value is not UTF-8";
	return has_control(header->value) ? "A header's value holds a control character" : NULL;
}

static const char *header_fault(const struct http_request *request)
{
	/* Those that this service reads: which may come once, which may be lists. */
	static const char *const single[] = { "Authorization", "Content-Type", "Host",
		"Idempotency-Key", "X-Request-Id" };
	static const char *const lists[] = { "Accept", "Accept-Encoding", "Content-Encoding",
		"Content-Length", "If-Match", "If-None-Match", "Transfer-Encoding" };
	for (size_t i = 0; i < request->header_count; i++) {
		const char *fault = one_header_fault(&request->headers[i]);
		if (fault)
			return fault;
	}
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++) {
		const char *value = http_header(request, single[i]);
		if (value && (strchr(value, ',') || is_repeated(request, single[i])))
			return "A header that may come once came more than once";
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (is_repeated(request, lists[i]))
			return "A header came in two spellings";
	const char *host = http_header(request, "Host");
	return host && *host ? NULL : "There is no Host header";
}

static const char *framing_fault(const struct http_request *request)
{
	const char *length = http_header(request, "Content-Length");
	const char *coding = http_header(request, "Transfer-Encoding");
	if (length && coding)
		return "Content-Length and Transfer-Encoding exclude each other";
	if (length && (!*length || length[strspn(length, "0123456789")]))
		return "Content-Length is not one number";
	if (coding && strcasecmp(coding, "chunked") != 0)
		return "Only Transfer-Encoding: chunked is understood";
	bool wants_body = strcmp(request->method, "POST") == 0 ||
			  strcmp(request->method, "PATCH") == 0 ||
			  strcmp(request->method, "PUT") == 0;
	bool has_body = request->body_length > 0 || coding || (length && strcmp(length, "0") != 0);
	if (has_body && !wants_body)
		return "This method takes no body";
	return NULL;
}

static const char *escape_fault(const char *target)
{
	char decoded[GUARD_TARGET_BYTES + 1];
	size_t length = 0;
	for (const char *at = target; *at; at++) {
		int byte = (unsigned char)*at;
		if (byte <= 0x20 || byte == 0x7f)
			return "The address holds a space or a control character";
		if (*at == '%') {
			byte = percent_byte(at);
			at += 2;
		}
		if (byte < 0)
			return "The address holds a broken percent escape";
		if (byte == 0)
			return "The address holds a NUL";
		decoded[length++] = (char)byte;
	}
	return utf8_is_valid(decoded, length) ? NULL : "The address is not UTF-8";
}

static bool has_dot_segment(const char *path, size_t length)
{
	size_t start = 1;
	for (size_t i = 1; i <= length; i++) {
		if (i < length && path[i] != '/')
			continue;
		size_t size = i - start;
		if ((size == 1 && path[start] == '.') ||
			(size == 2 && path[start] == '.' && path[start + 1] == '.'))
			return true;
		start = i + 1;
	}
	return false;
}

static const char *target_fault(const char *target)
{
	if (strlen(target) > GUARD_TARGET_BYTES)
		return "The address is longer than 4,096 bytes";
	if (target[0] != '/')
		return "The address does not begin with a slash";
	const char *fault = escape_fault(target);
	if (fault)
		return fault;
	size_t path = strcspn(target, "?");
	for (size_t i = 0; i + 1 < path; i++) {
		if (target[i] == '/' && target[i + 1] == '/')
			return "The path holds an empty segment";
		if (target[i] == '%' && percent_byte(target + i) == '/')
			return "The path holds an escaped slash";
		if (target[i] == '%' && percent_byte(target + i) == '.')
			return "The path holds an escaped dot";
	}
	if (path > 1 && target[path - 1] == '/')
		return "The path ends with a slash";
	return has_dot_segment(target, path) ? "The path holds a dot segment" : NULL;
}

const char *guard_fault(const struct http_request *request)
{
	const char *fault = header_fault(request);
	if (!fault)
		fault = framing_fault(request);
	/* OPTIONS * is the one target that is not a path (RFC 9112 section 3.2.4). */
	bool asterisk =
		strcmp(request->method, "OPTIONS") == 0 && strcmp(request->target, "*") == 0;
	if (!fault && !asterisk)
		fault = target_fault(request->target);
	return fault;
}
