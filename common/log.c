/* One line a fact, to standard error, as JSON or as key=value text. Never personal data. */
#include "common/log.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 4096
#define VALUE_ROOM 64 /* what a value leaves for a mask, its own end and the line's */
#define PAIR_ROOM 128 /* with less than this a pair is left out */
#define BARE_MAX 64
#define BARE                                                                                       \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'()*+,-./:;<>?@[]^_`{|}~"
#define WORD_ENDS " \t\r\n\"'`<>(){}[],;|"
#define KEY_PREFIX "gt_live_"

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

/* The last line of defence: nothing logs addresses, keys or URLs with a password on purpose, but
 * messages of libraries and of other servers may quote what they were given. NULL: the word may
 * stand. */
static const char *mask_of(const char *word, size_t length)
{
	const char *sign = memchr(word, '@', length);
	if (memmem(word, length, KEY_PREFIX, strlen(KEY_PREFIX)))
		return "[key]";
	return sign && sign > word ? "[address]" : NULL;
}

/* What an end of a log could take for an end of a line, or for the other direction. */
static bool is_invisible(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
	       (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

/* RFC 3629. The length of the character that begins there; 0: none does. */
static size_t read_character(const char *at, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*at;
	size_t length = first < 0x80   ? 1
			: first < 0xc2 ? 0
			: first < 0xe0 ? 2
			: first < 0xf0 ? 3
			: first < 0xf5 ? 4
				       : 0;
	*point = length < 2 ? first : first & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)at[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (next & 0x3fU);
	}
	bool surrogate = *point >= 0xd800 && *point <= 0xdfff;
	return length && *point >= least[length] && *point <= 0x10ffff && !surrogate ? length : 0;
}

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

static size_t room(const struct line *line)
{
	return LINE_BYTES - line->length;
}

/* All of it: who calls has made sure of the room. */
static void put(struct line *line, const char *text)
{
	size_t length = strlen(text);
	memcpy(line->bytes + line->length, text, length);
	line->length += length;
}

/* One character of a value, escaped where it has to be: the length of its UTF-8, 1 where that is
 * wrong. */
static size_t put_character(struct line *line, const char *at)
{
	char out[8];
	uint32_t point;
	size_t length = read_character(at, &point);
	if (point == '"' || point == '\\')
		snprintf(out, sizeof(out), "\\%c", (int)point);
	else if (is_invisible(point))
		snprintf(out, sizeof(out), "\\u%04x", (unsigned)point);
	else
		snprintf(out, sizeof(out), "%.*s", (int)length, at);
	put(line, length ? out : "\uFFFD");
	return length ? length : 1;
}

/* Control bytes and quotes are escaped in both formats: one fact can never look like two lines. A
 * value that is too long ends in "…"; the room behind it is for the closing. */
static void put_quoted(struct line *line, const char *text)
{
	bool begins = true;
	put(line, "\"");
	while (*text && room(line) > VALUE_ROOM) {
		size_t length = strcspn(text, WORD_ENDS);
		const char *mask = begins ? mask_of(text, length) : NULL;
		begins = length == 0;
		if (mask)
			put(line, mask);
		else
			length = put_character(line, text);
		text += length;
	}
	put(line, *text ? "…\"" : "\"");
}

static void put_pair(struct line *line, const char *key, const char *value)
{
	if (!value || room(line) < PAIR_ROOM + strlen(key))
		return;
	bool json = line_format == LOG_JSON;
	if (line->length > (json ? 1U : 0U))
		put(line, json ? "," : " ");
	if (json)
		put_quoted(line, key);
	else
		put(line, key);
	put(line, json ? ":" : "=");
	bool bare = !json && *value && !value[strspn(value, BARE)] && strlen(value) < BARE_MAX &&
		    !mask_of(value, strlen(value));
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
