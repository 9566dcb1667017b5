/* What both cell readers need of a published cell's bytes: plain punctuation and valid UTF-8. */
#include "common/cell_text.h"

#include <stdbool.h>
#include <string.h>

#include "common/text.h"

struct span {
	unsigned first;
	unsigned last;
	char plain;
};

/* Code points that are punctuation in disguise, sorted. U+F0B7 and U+F0A7 are Word's bullets. */
static const struct span spans[] = {
	{ 0x00a0, 0x00a0, ' ' },
	{ 0x00ad, 0x00ad, ' ' },
	{ 0x00b4, 0x00b4, '\'' },
	{ 0x00b7, 0x00b7, '\n' },
	{ 0x2000, 0x200b, ' ' },
	{ 0x2010, 0x2015, '-' },
	{ 0x2018, 0x201b, '\'' },
	{ 0x201c, 0x201f, '"' },
	{ 0x2022, 0x2023, '\n' },
	{ 0x2026, 0x2026, '.' },
	{ 0x2028, 0x2029, '\n' },
	{ 0x202f, 0x202f, ' ' },
	{ 0x2032, 0x2032, '\'' },
	{ 0x2043, 0x2043, '\n' },
	{ 0x2044, 0x2044, '/' },
	{ 0x205f, 0x2060, ' ' },
	{ 0x2190, 0x2194, '-' },
	{ 0x2212, 0x2212, '-' },
	{ 0x2215, 0x2215, '/' },
	{ 0x25a0, 0x25ff, '\n' },
	{ 0x3000, 0x3000, ' ' },
	{ 0xf0a7, 0xf0b7, '\n' },
	{ 0xfeff, 0xfeff, ' ' },
	{ 0xff0f, 0xff0f, '/' },
};

static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

static size_t decode_two_or_three(const unsigned char *at, size_t left, unsigned *code)
{
	if (at[0] >= 0xc2 && at[0] <= 0xdf && left >= 2 && continues(at[1])) {
		*code = (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU);
		return 2;
	}
	if ((at[0] & 0xf0) != 0xe0 || left < 3 || !continues(at[1]) || !continues(at[2]))
		return 0;
	*code = (at[0] & 0xfU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
	bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
	return *code < 0x800 || surrogate ? 0 : 3;
}

/* Bytes of the character at `at` (RFC 3629), or 0 where it is none. */
static size_t decode(const unsigned char *at, size_t left, unsigned *code)
{
	if (at[0] < 0x80) {
		*code = at[0];
		return 1;
	}
	if ((at[0] & 0xf8) != 0xf0)
		return decode_two_or_three(at, left, code);
	if (left < 4 || !continues(at[1]) || !continues(at[2]) || !continues(at[3]))
		return 0;
	*code = (at[0] & 7U) << 18 | (at[1] & 0x3fU) << 12 | (at[2] & 0x3fU) << 6 | (at[3] & 0x3fU);
	return *code < 0x10000 || *code > 0x10ffff ? 0 : 4;
}

static char plain_of(unsigned code)
{
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]) && spans[i].first <= code; i++)
		if (code <= spans[i].last)
			return spans[i].plain;
	return '\0';
}

static char plain_ascii(char byte)
{
	if (byte == '\n' || byte == '\r' || byte == '\v' || byte == '\f')
		return '\n';
	return (char)(byte < ' ' || byte == 0x7f ? ' ' : byte);
}

void cell_text_clean(const char *text, size_t length, char *out)
{
	size_t at = 0;
	while (at < length) {
		if ((unsigned char)text[at] < 0x80) {
			bool pair = text[at] == '\r' && at + 1 < length && text[at + 1] == '\n';
			out[at] = (char)(pair ? ' ' : plain_ascii(text[at]));
			at++;
			continue;
		}
		unsigned code = 0;
		size_t bytes = decode((const unsigned char *)text + at, length - at, &code);
		char plain = (char)(bytes ? plain_of(code) : '\0');
		bytes = bytes ? bytes : 1;
		memcpy(out + at, text + at, bytes);
		if (plain) {
			memset(out + at, ' ', bytes);
			out[at] = plain;
		}
		at += bytes;
	}
}

char *cell_text_plain(struct arena *arena, const char *text)
{
	size_t length = strlen(text);
	char *out = arena_alloc(arena, length + 1);
	size_t used = 0;
	cell_text_clean(text, length, out);
	for (size_t at = 0; at < length; at++) {
		bool padding = at && out[at] == ' ' && continues((unsigned char)text[at]);
		if (!padding)
			out[used++] = out[at];
	}
	out[used] = '\0';
	return out;
}

static size_t valid_prefix(const char *text, size_t length)
{
	size_t at = 0;
	while (at < length) {
		unsigned code;
		size_t bytes = decode((const unsigned char *)text + at, length - at, &code);
		if (!bytes)
			break;
		at += bytes;
	}
	return at;
}

const char *cell_text_utf8(struct arena *arena, const char *text)
{
	size_t length = strlen(text);
	size_t good = valid_prefix(text, length);
	if (good == length)
		return text;
	struct text mended;
	text_init(&mended, arena);
	while (length) {
		text_add_bytes(&mended, text, good);
		if (good == length)
			break;
		text_add(&mended, "\xef\xbf\xbd");
		text += good + 1;
		length -= good + 1;
		good = valid_prefix(text, length);
	}
	return mended.bytes;
}

const char *cell_text_squeeze(struct arena *arena, const char *text, size_t length)
{
	char *out = arena_alloc(arena, length + 1);
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		bool blank = text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r');
		if (!blank)
			out[used++] = text[i];
		else if (used && out[used - 1] != ' ')
			out[used++] = ' ';
	}
	while (used && out[used - 1] == ' ')
		used--;
	out[used] = '\0';
	return out;
}
