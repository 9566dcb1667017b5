/* Reads the parts of a request: its parameters, its body, its conditions. */
#include "api/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/canonical.h"
#include "api/etag.h"
#include "api/percent.h"
#include "common/log.h"
#include "common/text.h"

#define JSON_DEPTH 32
#define IF_MATCH_BYTES 1024

const char *request_query(const struct request *req, const char *name)
{
	for (size_t i = 0; i < req->query_count; i++)
		if (strcmp(req->query[i].name, name) == 0)
			return req->query[i].value;
	return NULL;
}

const char *request_text(const struct request *req, const char *name)
{
	return json_string_value(json_object_get(req->body, name));
}

static void read_parameter(struct request *req, const char *pair, size_t length)
{
	const char *equals = memchr(pair, '=', length);
	size_t name_length = equals ? (size_t)(equals - pair) : length;
	const char *name = percent_decode(req->arena, pair, name_length, true);
	const char *value =
		equals ? percent_decode(req->arena, equals + 1, length - name_length - 1, true)
		       : "";
	if (request_query(req, name)) {
		faults_add(&req->faults, arena_printf(req->arena, "?%s", name),
			"repeated_parameter", "Must be given once");
		return;
	}
	value = schema_check_parameter(req->route->query, name, value, &req->faults);
	if (value)
		req->query[req->query_count++] = (struct parameter){ name, value };
}

/* A parameter with a value that cannot be used was given; its own fault says so. */
static bool was_named(const struct request *req, const char *name)
{
	const char *pointer = arena_printf(req->arena, "?%s", name);
	for (size_t i = 0; i < req->faults.count; i++)
		if (strcmp(req->faults.list[i].pointer, pointer) == 0)
			return true;
	return request_query(req, name) != NULL;
}

static void require_parameters(struct request *req)
{
	for (const struct field *field = req->route->query; field && field->name; field++)
		if (field->required && !was_named(req, field->name))
			faults_add(&req->faults, arena_printf(req->arena, "?%s", field->name),
				"required", "Must be given");
}

const char *request_read_query(struct request *req, const char **detail)
{
	size_t count = 0;
	for (const char *at = req->raw_query ? req->raw_query : ""; *at;) {
		size_t length = strcspn(at, "&");
		if (++count > REQUEST_PARAMETERS) {
			*detail = "There are more than 32 parameters";
			return "bad_request";
		}
		if (length)
			read_parameter(req, at, length);
		at += length;
		at += *at == '&';
	}
	require_parameters(req);
	return NULL;
}

/* Only JSON in UTF-8, under either name, and merge-patch for PATCH (RFC 7396). */
static bool is_json_type(const char *type, bool patch)
{
	size_t length = type ? strcspn(type, "; \t") : 0;
	bool json = length == 16 && strncasecmp(type, "application/json", 16) == 0;
	bool merge =
		patch && length == 28 && strncasecmp(type, "application/merge-patch+json", 28) == 0;
	if (!json && !merge)
		return false;
	const char *rest = type + length;
	rest += strspn(rest, "; \t");
	return !*rest || strcasecmp(rest, "charset=utf-8") == 0 ||
	       strcasecmp(rest, "charset=\"utf-8\"") == 0;
}

static int depth_of(const json_t *value, int limit)
{
	int deepest = 0;
	size_t i;
	const char *key;
	json_t *inner;
	if (limit == 0)
		return 1;
	json_array_foreach((json_t *)value, i, inner)
	{
		int depth = depth_of(inner, limit - 1);
		deepest = depth > deepest ? depth : deepest;
	}
	json_object_foreach((json_t *)value, key, inner)
	{
		int depth = depth_of(inner, limit - 1);
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + (json_is_array(value) || json_is_object(value));
}

static void free_json(void *json)
{
	json_decref(json);
}

const char *request_parse_json(struct request *req, const char **detail)
{
	json_error_t error;
	const struct http_request *http = req->http;
	json_t *body = json_loadb(http->body_length ? http->body : "", http->body_length,
		JSON_REJECT_DUPLICATES, &error);
	if (!body) {
		*detail = arena_printf(req->arena,
			"The body is not JSON as this service reads it: "
			"line %d, column %d: %s",
			error.line, error.column, error.text);
		return "malformed_json";
	}
	arena_defer(req->arena, free_json, body);
	if (!json_is_object(body)) {
		*detail = "The body must be a JSON object";
		return "malformed_json";
	}
	if (depth_of(body, JSON_DEPTH + 1) > JSON_DEPTH) {
		*detail = "The body is nested deeper than 32 levels";
		return "malformed_json";
	}
	req->body = body;
	req->body_text = arena_strndup(req->arena, http->body, http->body_length);
	return NULL;
}

static void make_canonical(struct request *req)
{
	if (!canonical_body(req->arena, req->route->body, req->body))
		return;
	char *text = json_dumps(req->body, JSON_COMPACT);
	if (!text)
		fatal("out of memory writing a body");
	req->body_text = arena_strdup(req->arena, text);
	free(text);
}

/* The body stays as it came. Parameters of the type (charset) decide nothing: the bytes do. */
static const char *check_raw_type(struct request *req, const char **detail)
{
	const char *header = http_header(req->http, "Content-Type");
	const char *given = header ? header : "";
	size_t length = strcspn(given, "; \t");
	struct text takes;
	text_init(&takes, req->arena);
	for (const char *const *type = req->route->raw; *type; type++) {
		if (strlen(*type) == length && strncasecmp(given, *type, length) == 0)
			return NULL;
		text_addf(&takes, "%s%s", takes.length ? ", " : "", *type);
	}
	*detail = arena_printf(req->arena, "The body must be one of %s", takes.bytes);
	return "unsupported_media_type";
}

const char *request_read_body(struct request *req, const char **detail)
{
	bool patch = strcmp(req->http->method, "PATCH") == 0;
	const char *coding = http_header(req->http, "Content-Encoding");
	if (!req->route->body && !req->route->raw) {
		*detail = "This call takes no body";
		return req->http->body_length ? "bad_request" : NULL;
	}
	if (coding && strcasecmp(coding, "identity") != 0) {
		*detail = "A body must come without Content-Encoding";
		return "unsupported_media_type";
	}
	if (req->route->raw)
		return check_raw_type(req, detail);
	if (!is_json_type(http_header(req->http, "Content-Type"), patch)) {
		*detail =
			patch ? "The body must be application/merge-patch+json or application/json, in UTF-8"
			      : "The body must be application/json, in UTF-8";
		return "unsupported_media_type";
	}
	const char *code = request_parse_json(req, detail);
	if (code)
		return code;
	schema_check_body(req->route->body, req->body, patch, &req->faults);
	if (!req->faults.count)
		make_canonical(req);
	return NULL;
}

/* A weak tag never matches (RFC 9110 section 13.1.1); nor does one that we never gave. */
static bool is_version(const struct etag *tag)
{
	return !tag->weak && tag->length >= 1 && tag->length <= 18 && *tag->opaque != '0' &&
	       strspn(tag->opaque, "0123456789") >= tag->length;
}

/* False when it is not a list of entity tags. */
static bool read_versions(const char *list, struct text *versions)
{
	struct etag tag;
	if (strlen(list) > IF_MATCH_BYTES)
		return false;
	while (list) {
		if (!etag_next(&list, &tag))
			return false;
		if (is_version(&tag))
			text_addf(versions, "%s%.*s", versions->length > 1 ? "," : "",
				(int)tag.length, tag.opaque);
	}
	return true;
}

const char *request_read_if_match(struct request *req, const char **detail)
{
	const char *header = http_header(req->http, "If-Match");
	struct text versions;
	if (!header) {
		*detail =
			"Say which version you change: send If-Match with the ETag that you read, or "
			"* to change whatever is there";
		return "precondition_required";
	}
	if (strcmp(header, "*") == 0)
		return NULL;
	text_init(&versions, req->arena);
	text_add(&versions, "{");
	if (!read_versions(header, &versions)) {
		*detail = "If-Match must be * or quoted entity tags, such as \"3\"";
		return "bad_request";
	}
	text_add(&versions, "}");
	req->if_match = versions.bytes;
	return NULL;
}
