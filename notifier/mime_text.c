/* The encodings of RFC 2045 and RFC 2047 for UTF-8. Pure. */
#include "notifier/mime_text.h"

#include <ctype.h>
#include <string.h>

#define LINE 76
#define WORD_OPEN "=?utf-8?q?"
#define WORD_CLOSE "?="
#define WORD_FRAME (sizeof(WORD_OPEN WORD_CLOSE) - 1)
#define WORD_LIMIT 75

/* Bytes of the UTF-8 character at text (RFC 3629); 0: none. */
static size_t character_length(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t length = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (c[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
		(c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return length;
}

bool mime_text_is_clean(const char *value)
{
	while (*value) {
		unsigned char c = (unsigned char)*value;
		size_t length = character_length(value);
		bool c1 = c == 0xc2 && (unsigned char)value[1] < 0xa0;
		if (!length || c < 0x20 || c == 0x7f || c1)
			return false;
		value += length;
	}
	return true;
}

static bool is_direction(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	if (c[0] != 0xe2)
		return false;
	return (c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae) ||
	       (c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9);
}

const char *mime_text_undirected(struct arena *arena, const char *value)
{
	struct text out;
	text_init(&out, arena);
	while (*value) {
		if (is_direction(value)) {
			value += 3;
			continue;
		}
		text_add_bytes(&out, value++, 1);
	}
	return out.bytes;
}

/* RFC 2047 section 5 (3): what may stand for itself even inside a phrase. */
static bool is_plain_in_word(unsigned char c)
{
	return c < 0x80 && (isalnum(c) || strchr("!*+-/", c)) && c;
}

static size_t encoded_length(const char *text, size_t length)
{
	size_t total = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		total += is_plain_in_word(c) || c == ' ' ? 1 : 3;
	}
	return total;
}

static void add_hex(struct text *out, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char hex[] = { '=', digits[c >> 4], digits[c & 15] };
	text_add_bytes(out, hex, sizeof(hex));
}

static void add_encoded(struct text *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c == ' ')
			text_add(out, "_");
		else if (is_plain_in_word(c))
			text_add_bytes(out, &text[i], 1);
		else
			add_hex(out, c);
	}
}

/* Encoded words, a new line before each that would not fit. Space between two of them is not part
 * of the text, so every character, spaces too, is inside one. */
static size_t add_words(struct text *out, const char *value, size_t column)
{
	while (*value) {
		if (column + WORD_FRAME + 12 > LINE) { /* not even one character fits */
			text_add(out, "\r\n ");
			column = 1;
		}
		text_add(out, WORD_OPEN);
		size_t used = WORD_FRAME;
		size_t room = LINE - column < WORD_LIMIT ? LINE - column : WORD_LIMIT;
		while (*value) {
			size_t length = character_length(value);
			size_t cost = encoded_length(value, length);
			if (used + cost > room)
				break;
			add_encoded(out, value, length);
			used += cost;
			value += length;
		}
		text_add(out, WORD_CLOSE);
		column += used;
	}
	return column;
}

/* Fits on lines by folding at its spaces, and cannot be taken for an encoded word. */
static bool is_foldable(const char *value, size_t column)
{
	if (strstr(value, "=?"))
		return false;
	for (const char *at = value; *at;) {
		size_t length = strcspn(at, " ");
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)at[i] >= 0x80)
				return false;
		if (column + length > LINE || length == 0)
			return false; /* a long word; or two spaces, which folding would not keep */
		at += length;
		at += *at == ' ';
		column = 1;
	}
	return true;
}

static size_t add_folded(struct text *out, const char *value, size_t column)
{
	bool first = true;
	while (*value) {
		size_t length = strcspn(value, " ");
		bool fits = column + length + (first ? 0 : 1) <= LINE;
		if (!first) {
			text_add(out, fits ? " " : "\r\n ");
			column = fits ? column + 1 : 1;
		}
		text_add_bytes(out, value, length);
		column += length;
		value += length;
		value += *value == ' ';
		first = false;
	}
	return column;
}

void mime_text_header(struct text *out, const char *name, const char *value)
{
	size_t column = strlen(name) + 2;
	text_addf(out, "%s: ", name);
	if (is_foldable(value, column))
		add_folded(out, value, column);
	else
		add_words(out, value, column);
	text_add(out, "\r\n");
}

/* RFC 5322 section 3.2.3, and the space between atoms. */
static bool is_atoms(const char *name)
{
	for (const char *at = name; *at; at++) {
		unsigned char c = (unsigned char)*at;
		if (c >= 0x80 || (!isalnum(c) && !strchr("!#$%&'*+-/=?^_`{|}~ ", c)))
			return false;
	}
	return true;
}

static const char *quoted(struct arena *arena, const char *name)
{
	struct text out;
	text_init(&out, arena);
	text_add(&out, "\"");
	for (const char *at = name; *at; at++) {
		if (*at == '"' || *at == '\\')
			text_add(&out, "\\");
		text_add_bytes(&out, at, 1);
	}
	text_add(&out, "\"");
	return out.bytes;
}

size_t mime_text_phrase(struct text *out, const char *name, size_t column)
{
	const char *plain = is_atoms(name) ? name : quoted(out->arena, name);
	if (is_foldable(plain, column))
		return add_folded(out, plain, column);
	return add_words(out, name, column);
}

static bool is_line_end(const char *at)
{
	return *at == '\0' || *at == '\n' || (*at == '\r' && at[1] == '\n');
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_plain_in_body(unsigned char c, bool last)
{
	if (is_blank((char)c))
		return !last; /* space before a line's end may be lost on the way */
	return c > 0x20 && c < 0x7f && c != '=';
}

/* How many bytes from here on stand for themselves, up to a limit. */
static size_t plain_length(const char *at, size_t most)
{
	size_t length = 0;
	while (length < most && is_plain_in_body((unsigned char)at[length], false))
		length++;
	bool last = length > 0 && is_blank(at[length - 1]) && is_line_end(at + length);
	return last ? length - 1 : length;
}

void mime_text_body(struct text *out, const char *body)
{
	size_t column = 0;
	const char *at = body;
	while (*at) {
		if (is_line_end(at)) {
			text_add_bytes(out, "\r\n", 2);
			column = 0;
			at += *at == '\r' ? 2 : 1;
			continue;
		}
		size_t plain = column < LINE - 1 ? plain_length(at, LINE - 1 - column) : 0;
		if (plain > 0) {
			text_add_bytes(out, at, plain);
			column += plain;
			at += plain;
			continue;
		}
		bool last = is_line_end(at + 1);
		bool hex = !is_plain_in_body((unsigned char)*at, last);
		size_t cost = hex ? 3 : 1;
		if (column + cost > (last ? LINE : LINE - 1)) { /* room for the "=" of a soft end */
			text_add_bytes(out, "=\r\n", 3);
			column = 0;
		}
		if (hex)
			add_hex(out, (unsigned char)*at);
		else
			text_add_bytes(out, at, 1);
		column += cost;
		at++;
	}
	if (column)
		text_add_bytes(out, "\r\n", 2);
}
