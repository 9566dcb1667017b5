/* The bytes of a text file as UTF-8 text. */
#include "api/import/source_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "api/import/table.h"
#include "api/import/words.h"
#include "common/text.h"

/* Windows-1252 differs from Latin-1 in 0x80 to 0x9f only; 0 = no character. */
static const uint16_t windows_1252[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c,
	0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };

int source_text_line(const char *bytes, size_t offset)
{
	int line = 1;
	for (size_t i = 0; i < offset; i++)
		line += bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n');
	return line;
}

static bool is_utf16(const char *bytes, size_t length)
{
	return length >= 2 && (!memcmp(bytes, "\xff\xfe", 2) || !memcmp(bytes, "\xfe\xff", 2));
}

static bool is_text(const char *bytes, size_t length, struct findings *errors)
{
	if (length > TABLE_BYTES) {
		finding_add(errors, "file_too_big", 0, NULL, "The file is larger than %zu MiB",
			TABLE_BYTES / 1024 / 1024);
		return false;
	}
	if (is_utf16(bytes, length)) {
		finding_add(errors, "not_utf8", 0, NULL,
			"The text is UTF-16 (\"Unicode text\"); save it as UTF-8");
		return false;
	}
	const char *nul = length ? memchr(bytes, '\0', length) : NULL;
	if (nul)
		finding_add(errors, "not_text", source_text_line(bytes, (size_t)(nul - bytes)),
			NULL, "There is a NUL byte: this is not a text file");
	return !nul;
}

/* 0 for a byte that stands for no character. */
static unsigned character_of(unsigned char byte)
{
	return byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;
}

static size_t put_utf8(char *out, unsigned c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

static char *from_windows(
	struct arena *arena, const char *bytes, size_t length, struct findings *errors)
{
	char *text = arena_alloc(arena, length * 3 + 1);
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned c = character_of((unsigned char)bytes[i]);
		if (!c) {
			finding_add(errors, "not_utf8", source_text_line(bytes, i), NULL,
				"Byte 0x%02x is neither UTF-8 nor Windows-1252",
				(unsigned char)bytes[i]);
			return NULL;
		}
		used += put_utf8(text + used, c);
	}
	return text;
}

char *source_text_decode(struct arena *arena, const char *bytes, size_t length,
	struct findings *doubts, struct findings *errors)
{
	if (!is_text(bytes, length, errors))
		return NULL;
	size_t mark = length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
	size_t valid = words_valid_utf8(bytes, length);
	if (valid == length)
		return arena_strndup(arena, bytes + mark, length - mark);
	char *text = from_windows(arena, bytes, length, errors);
	if (text)
		finding_add(doubts, "not_utf8", source_text_line(bytes, valid), NULL,
			"The text is not UTF-8; it was read as Windows-1252, the form of older "
			"Windows programs: check pound signs, dashes and accents");
	return text;
}
