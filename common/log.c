/* One line a fact, to standard error, as JSON or as key=value text. Never personal data. */
#include "common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 4096

static const char *program_name = "goldenthread";
static enum log_format line_format = LOG_TEXT;
static enum log_level threshold = LOG_INFO;
static _Thread_local const char *context_key;
static _Thread_local const char *context_value;

static const char *const level_names[] = { "error", "warn", "info", "debug" };

/* A line under construction: a fixed buffer, so that logging works when memory has run out. */
struct line {
	char bytes[LINE_BYTES];
	size_t length;
};

void log_init(const char *program, enum log_format format, enum log_level level)
{
	program_name = program;
	line_format = format;
	threshold = level;
}

void log_context(const char *key, const char *value)
{
	context_key = value ? key : NULL;
	context_value = value;
}

static void put(struct line *line, const char *text)
{
	size_t room = sizeof(line->bytes) - 8 - line->length; /* keeps room for the closing */
	size_t length = strlen(text);
	if (length > room)
		length = room;
	memcpy(line->bytes + line->length, text, length);
	line->length += length;
}

/* Control bytes and quotes are escaped in both formats: one fact can never look like two lines. */
static void put_quoted(struct line *line, const char *text)
{
	put(line, "\"");
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		char escaped[8] = { (char)byte, '\0' };
		if (byte == '"' || byte == '\\')
			snprintf(escaped, sizeof(escaped), "\\%c", byte);
		else if (byte < 0x20 || byte == 0x7f)
			snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
		put(line, escaped);
	}
	put(line, "\"");
}

static void put_pair(struct line *line, const char *key, const char *value)
{
	if (!value)
		return;
	bool json = line_format == LOG_JSON;
	if (line->length > (json ? 1U : 0U))
		put(line, json ? "," : " ");
	if (json)
		put_quoted(line, key);
	else
		put(line, key);
	put(line, json ? ":" : "=");
	bool bare = !json && *value && !strpbrk(value, " \"\\=\n\r\t");
	if (bare)
		put(line, value);
	else
		put_quoted(line, value);
}

static void start_line(struct line *line, enum log_level level)
{
	struct timespec now;
	struct tm utc;
	char stamp[40];
	char full[64];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(full, sizeof(full), "%s.%03dZ", stamp, (int)(now.tv_nsec / 1000000));

	line->length = 0;
	if (line_format == LOG_JSON)
		put(line, "{");
	put_pair(line, "time", full);
	put_pair(line, "level", level_names[level]);
	put_pair(line, "program", program_name);
	if (context_key)
		put_pair(line, context_key, context_value);
}

static void end_line(struct line *line)
{
	if (line_format == LOG_JSON)
		line->bytes[line->length++] = '}';
	line->bytes[line->length++] = '\n';
	/* One write a line, so that lines of several threads never mix. A log that cannot be
	 * written must not stop the work. */
	ssize_t written = write(STDERR_FILENO, line->bytes, line->length);
	(void)written;
}

static void log_message(enum log_level level, const char *format, va_list args)
{
	if (level > threshold)
		return;
	char message[LINE_BYTES / 2];
	struct line line;
	vsnprintf(message, sizeof(message), format, args);
	start_line(&line, level);
	put_pair(&line, "message", message);
	end_line(&line);
}

void log_event(enum log_level level, const char *event, ...)
{
	if (level > threshold)
		return;
	struct line line;
	va_list args;
	start_line(&line, level);
	put_pair(&line, "event", event);
	va_start(args, event);
	for (const char *key = va_arg(args, const char *); key; key = va_arg(args, const char *))
		put_pair(&line, key, va_arg(args, const char *));
	va_end(args);
	end_line(&line);
}

#define LOG_VERB(verb, level)                                                                      \
	void verb(const char *format, ...)                                                         \
	{                                                                                          \
		va_list args;                                                                      \
		va_start(args, format);                                                            \
		log_message(level, format, args);                                                  \
		va_end(args);                                                                      \
	}

LOG_VERB(log_error, LOG_ERROR)
LOG_VERB(log_warn, LOG_WARN)
LOG_VERB(log_info, LOG_INFO)
LOG_VERB(log_debug, LOG_DEBUG)

noreturn void fatal(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	log_message(LOG_ERROR, format, args);
	va_end(args);
	exit(EXIT_FAILURE);
}
