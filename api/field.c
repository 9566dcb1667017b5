/* What makes one text value of a field right or wrong. Pure. */
#include "api/field.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/utf8.h"
#include "common/date.h"
#include "common/text.h"

#define FINE ((struct field_fault){ NULL, NULL })
#define EMAIL_BYTES 254 /* RFC 5321 section 4.5.3.1.3, less the angle brackets */
#define LOCAL_BYTES 64  /* RFC 5321 section 4.5.3.1.1 */

static struct field_fault fault(const char *code, const char *detail)
{
	return (struct field_fault){ code, detail };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct field_fault check_length(
	struct arena *arena, const struct field *field, const char *text)
{
	long length = (long)utf8_length(text);
	long max = field->max ? field->max : 500;
	if (length > max)
		return fault(
			"too_long", arena_printf(arena, "Must be at most %ld characters, not %ld",
					    max, length));
	if (length < (field->min ? field->min : 1))
		return fault("too_short", "Must not be empty");
	return FINE;
}

/* U+0085 and U+2028/2029 break lines; U+202A–202E and U+2066–2069 turn the reading direction and
 * can make one text look like another; U+FFFE and U+FFFF are no characters. */
static bool has_deceptive(const char *text)
{
	/* NOLINTBEGIN(misc-misleading-bidirectional): these are the marks to refuse */
	static const char *const marks[] = { "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
		"\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xef\xbf\xbe",
		"\xef\xbf\xbf" };
	/* NOLINTEND(misc-misleading-bidirectional) */
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strstr(text, marks[i]))
			return true;
	return false;
}

static bool has_control(const char *text, const char *allowed)
{
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if ((byte < 0x20 || byte == 0x7f) && !strchr(allowed, byte))
			return true;
	}
	return false;
}

static struct field_fault check_line(
	struct arena *arena, const struct field *field, const char *text)
{
	size_t length = strlen(text);
	if (has_control(text, "") || has_deceptive(text))
		return fault("bad_character", "Must be one line without control characters");
	if (length && (text[0] == ' ' || text[length - 1] == ' '))
		return fault("outer_space", "Must not begin or end with a space");
	return check_length(arena, field, text);
}

static struct field_fault check_prose(
	struct arena *arena, const struct field *field, const char *text)
{
	struct field copy = *field;
	if (has_control(text, "\n\r\t"))
		return fault("bad_character", "Must not hold control characters");
	if (has_deceptive(text))
		return fault("bad_character",
			"Must not hold characters that turn the reading direction");
	if (!text[strspn(text, " \n\r\t")])
		return fault("too_short", "Must not be empty");
	copy.max = field->max ? field->max : 20000;
	return check_length(arena, &copy, text);
}

static struct field_fault check_date(const char *text)
{
	struct date date;
	if (!date_parse_iso(text, &date) || date.year < 1900 || date.year > 2200)
		return fault(
			"bad_date", "Must be a day that exists, as YYYY-MM-DD, from 1900 to 2200");
	return FINE;
}

static int two_digits(const char *at)
{
	return is_digit(at[0]) && is_digit(at[1]) ? (at[0] - '0') * 10 + at[1] - '0' : 99;
}

static struct field_fault check_time(const char *text)
{
	if (strlen(text) != 5 || text[2] != ':' || two_digits(text) > 23 ||
		two_digits(text + 3) > 59)
		return fault("bad_time", "Must be a time of day as HH:MM");
	return FINE;
}

/* RFC 3339 date-time, with Z or a numeric offset, without leap seconds. */
static bool is_instant(const char *text)
{
	char day[11] = { 0 };
	struct date date;
	if (strlen(text) < 20 || (text[10] != 'T' && text[10] != 't'))
		return false;
	memcpy(day, text, 10);
	if (!date_parse_iso(day, &date) || date.year < 1900 || date.year > 2200)
		return false;
	if (two_digits(text + 11) > 23 || text[13] != ':' || two_digits(text + 14) > 59 ||
		text[16] != ':' || two_digits(text + 17) > 59)
		return false;
	const char *rest = text + 19;
	if (*rest == '.') {
		size_t digits = strspn(rest + 1, "0123456789");
		if (digits == 0 || digits > 9)
			return false;
		rest += digits + 1;
	}
	if (strcmp(rest, "Z") == 0 || strcmp(rest, "z") == 0)
		return true;
	return (*rest == '+' || *rest == '-') && strlen(rest) == 6 && rest[3] == ':' &&
	       two_digits(rest + 1) <= 14 && two_digits(rest + 4) <= 59;
}

static struct field_fault check_enum(
	struct arena *arena, const struct field *field, const char *text)
{
	struct text list;
	text_init(&list, arena);
	for (size_t i = 0; field->one_of[i]; i++) {
		if (strcmp(field->one_of[i], text) == 0)
			return FINE;
		text_addf(&list, "%s%s", i ? ", " : "", field->one_of[i]);
	}
	return fault("unknown_value", arena_printf(arena, "Must be one of: %s", list.bytes));
}

/* RFC 5321 section 4.1.2, less address literals: at least two labels of letters, digits and
 * hyphens. */
static bool is_ascii_domain(const char *domain)
{
	size_t labels = 0;
	for (const char *at = domain;; labels++) {
		size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					   "0123456789-");
		if (length < 1 || length > 63 || at[0] == '-' || at[length - 1] == '-')
			return false;
		if (!at[length])
			return labels > 0;
		if (at[length] != '.')
			return false;
		at += length + 1;
	}
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* What IDNA leaves out of a name without a word (UTS 46, "ignored"): soft hyphen, zero width space,
 * word joiner, byte order mark, variation selectors and the like. */
static bool has_ignored(const char *domain)
{
	static const char *const ignored[] = { "\xc2\xad", "\xcd\x8f", "\xe1\xa0\x8b",
		"\xe1\xa0\x8c", "\xe1\xa0\x8d", "\xe1\xa0\x8f", "\xe2\x80\x8b", "\xe2\x81\xa0",
		"\xe2\x81\xa4", "\xef\xb8", "\xef\xbb\xbf", "\xf0\x9b\xb2", "\xf3\xa0" };
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		if (strstr(domain, ignored[i]))
			return true;
	return false;
}

/* The domain in A-labels (RFC 5890), or NULL when it is none. It may be international. Without its
 * own rules for ASCII, which leave out what they do not like, libidn2 gives it to be judged here.
 */
static const char *ascii_domain(struct arena *arena, const char *domain)
{
	char *ascii = NULL;
	if (is_ascii(domain))
		return is_ascii_domain(domain) ? domain : NULL;
	if (has_ignored(domain))
		return NULL;
	int status = idn2_to_ascii_8z(domain, &ascii, IDN2_NONTRANSITIONAL);
	const char *copy = status == IDN2_OK ? arena_strdup(arena, ascii) : NULL;
	idn2_free(ascii);
	return copy && is_ascii_domain(copy) ? copy : NULL;
}

const char *field_email(struct arena *arena, const char *text)
{
	static const char atext[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "!#$%&'*+-/=?^_`{|}~.";
	const char *at = strchr(text, '@');
	size_t local = at ? (size_t)(at - text) : 0;
	if (local < 1 || local > LOCAL_BYTES || strspn(text, atext) != local || text[0] == '.' ||
		at[-1] == '.' || strchr(at + 1, '@'))
		return NULL;
	for (size_t i = 0; i + 1 < local; i++)
		if (text[i] == '.' && text[i + 1] == '.')
			return NULL;
	const char *domain = ascii_domain(arena, at + 1);
	if (!domain || local + 1 + strlen(domain) > EMAIL_BYTES)
		return NULL;
	return arena_printf(arena, "%.*s@%s", (int)local, text, domain);
}

static struct field_fault check_email(struct arena *arena, const char *text)
{
	return field_email(arena, text)
		       ? FINE
		       : fault("bad_email", "Must be one email address, such as name@example.org");
}

/* RFC 3986 section 2: an address is ASCII; everything else comes percent-encoded. */
static bool is_visible_ascii(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	return true;
}

static struct field_fault check_url(const char *text)
{
	bool http = strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
	const char *host = http ? strstr(text, "//") + 2 : "";
	if (!*host || *host == '/' || strlen(text) > 2000 || !is_visible_ascii(text) ||
		strpbrk(text, "<>\"\\^`{|}"))
		return fault(
			"bad_url", "Must be an http or https address of at most 2,000 characters");
	return FINE;
}

static bool is_slug(const char *text)
{
	size_t length = strlen(text);
	if (length < 1 || length > 80 || text[0] == '-' || text[length - 1] == '-' ||
		strstr(text, "--"))
		return false;
	return !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] &&
	       strpbrk(text, "abcdefghijklmnopqrstuvwxyz");
}

static bool is_id(const char *text)
{
	size_t length = strlen(text);
	return length >= 1 && length <= 18 && !text[strspn(text, "0123456789")] && text[0] != '0';
}

/* A number and a SHA-256, or the end. */
static bool is_place(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *hash = text + digits + 1;
	if (strcmp(text, "latest") == 0)
		return true;
	return digits >= 1 && digits <= 18 && text[digits] == ':' && strlen(hash) == 64 &&
	       !hash[strspn(hash, "0123456789abcdef")];
}

struct field_fault field_check_text(
	struct arena *arena, const struct field *field, const char *text)
{
	switch (field->kind) {
	case FIELD_LINE:
		return check_line(arena, field, text);
	case FIELD_PROSE:
		return check_prose(arena, field, text);
	case FIELD_DATE:
		return check_date(text);
	case FIELD_TIME:
		return check_time(text);
	case FIELD_INSTANT:
		return is_instant(text)
			       ? FINE
			       : fault("bad_instant", "Must be a moment as 2022-03-24T08:30:00Z");
	case FIELD_MOMENT:
		return is_id(text) || !check_date(text).code || is_instant(text)
			       ? FINE
			       : fault("bad_moment",
					 "Must be a day as 2022-03-24, a moment as "
					 "2022-03-24T08:30:00Z, or the id of a snapshot");
	case FIELD_ENUM:
		return check_enum(arena, field, text);
	case FIELD_EMAIL:
		return check_email(arena, text);
	case FIELD_URL:
		return check_url(text);
	case FIELD_SLUG:
		return is_slug(text)
			       ? FINE
			       : fault("bad_slug", "Must be lower-case letters, digits and single "
						   "hyphens, with a letter, at most 80");
	case FIELD_PLAN:
		return is_id(text) || is_slug(text)
			       ? FINE
			       : fault("bad_plan", "Must be a plan's id or slug");
	case FIELD_PLACE:
		return is_place(text) ? FINE
				      : fault("bad_place",
						"Must be a next_after of this feed, or \"latest\"");
	default:
		return fault("wrong_type", "Must not be text");
	}
}
