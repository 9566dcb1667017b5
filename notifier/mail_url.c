/* GT_MAIL_URL: where messages go. Pure. */
#include "notifier/mail_url.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);
	return strncasecmp(text, prefix, length) == 0 ? text + length : NULL;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 3986 section 2.1. NULL: a broken escape or a control character. */
static const char *unescaped(struct arena *arena, const char *text, size_t length)
{
	char *out = arena_alloc(arena, length + 1);
	char *to = out;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (c == '%') {
			int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
			int low = high >= 0 ? hex_value(text[i + 2]) : -1;
			if (low < 0)
				return NULL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if ((unsigned char)c < 0x20 || c == 0x7f)
			return NULL;
		*to++ = c;
	}
	return out;
}

static bool is_host(const char *host)
{
	size_t length = strlen(host);
	if (length > 2 && host[0] == '[' && host[length - 1] == ']')
		return strspn(host + 1, "0123456789abcdefABCDEF:.%") == length - 2;
	if (!length || length > 253)
		return false;
	for (const char *at = host; *at; at++)
		if (!isalnum((unsigned char)*at) && *at != '-' && *at != '.')
			return false;
	return true;
}

bool mail_url_is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strlen(host));
}

static bool read_port(const char *text, int *port)
{
	char *end;
	long number = strtol(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || number < 1 || number > 65535)
		return false;
	*port = (int)number;
	return true;
}

/* host, host:port, [v6], [v6]:port */
static bool read_host(
	struct arena *arena, const char *text, struct mail_url *out, const char **error)
{
	const char *bracket = text[0] == '[' ? strchr(text, ']') : NULL;
	const char *colon = strchr(bracket ? bracket : text, ':');
	out->host = colon ? arena_strndup(arena, text, (size_t)(colon - text)) : text;
	if (!is_host(out->host)) {
		*error = "needs a host: smtp://user@mail.example.org:587";
		return false;
	}
	if (colon && !read_port(colon + 1, &out->port)) {
		*error = "has a port that is not a number from 1 to 65535";
		return false;
	}
	return true;
}

static bool read_user(struct arena *arena, const char *text, size_t length, struct mail_url *out,
	const char **error)
{
	if (memchr(text, ':', length)) {
		*error = "must not hold a password: put it into GT_MAIL_PASSWORD";
		return false;
	}
	out->user = unescaped(arena, text, length);
	if (!out->user || !*out->user) {
		*error = "has a user name that cannot be read";
		return false;
	}
	return true;
}

static bool read_options(const char *query, struct mail_url *out, const char **error)
{
	if (strcmp(query, "tls=none") == 0 && out->scheme == MAIL_SMTP) {
		out->tls = MAIL_TLS_NONE;
		return true;
	}
	*error = "has an unknown option: only smtp://…?tls=none is known";
	return false;
}

static bool read_smtp(
	struct arena *arena, const char *rest, struct mail_url *out, const char **error)
{
	size_t length = strcspn(rest, "/?#");
	const char *authority = arena_strndup(arena, rest, length);
	const char *at = strrchr(authority, '@');
	rest += length;
	if (*rest == '/')
		rest++;
	if (*rest && *rest != '?') {
		*error = "must end after the host and port";
		return false;
	}
	if (at && !read_user(arena, authority, (size_t)(at - authority), out, error))
		return false;
	if (!read_host(arena, at ? at + 1 : authority, out, error))
		return false;
	if (mail_url_is_loopback(out->host))
		out->tls = MAIL_TLS_NONE;
	return !*rest || read_options(rest + 1, out, error);
}

static bool read_file(
	struct arena *arena, const char *rest, struct mail_url *out, const char **error)
{
	const char *local = after(rest, "localhost/");
	const char *path = local ? local - 1 : rest;
	out->scheme = MAIL_FILE;
	out->directory = *path == '/' ? unescaped(arena, path, strlen(path)) : NULL;
	if (out->directory)
		return true;
	*error = "must name an absolute directory: file:///var/lib/goldenthread/mail";
	return false;
}

bool mail_url_read(struct arena *arena, const char *url, struct mail_url *out, const char **error)
{
	const char *rest;
	*out = (struct mail_url){ .scheme = MAIL_SMTP, .tls = MAIL_TLS_STARTTLS };
	if ((rest = after(url, "file://")))
		return read_file(arena, rest, out, error);
	if ((rest = after(url, "smtp://"))) {
		out->port = 587;
		return read_smtp(arena, rest, out, error);
	}
	if ((rest = after(url, "smtps://"))) {
		out->scheme = MAIL_SMTPS;
		out->port = 465;
		return read_smtp(arena, rest, out, error);
	}
	if (strcasecmp(url, "notify:") == 0) {
		out->scheme = MAIL_NOTIFY;
		return true;
	}
	*error =
		after(url, "notify:")
			? "must be notify: alone: what GOV.UK Notify needs is in GT_NOTIFY_… settings"
			: "must begin with smtp://, smtps:// or file:///, or be notify:";
	return false;
}
