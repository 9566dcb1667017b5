/* Mail addresses: what may stand in an envelope or a header. Pure. */
#include "notifier/address.h"

#include <ctype.h>
#include <idn2.h>
#include <string.h>

#define LOCAL_BYTES 64
#define MAILBOX_BYTES 254

static bool is_local_part(const char *text, size_t length)
{
	static const char others[] = "!#$%&'*+-/=?^_`{|}~.";
	if (!length || length > LOCAL_BYTES || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x80 || (!isalnum(c) && !strchr(others, c)))
			return false;
		if (c == '.' && text[i + 1] == '.')
			return false;
	}
	return true;
}

static bool is_label(const char *text, size_t length)
{
	if (!length || length > 63 || text[0] == '-' || text[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x80 || (!isalnum(c) && c != '-'))
			return false;
	}
	return true;
}

static bool is_domain(const char *text)
{
	for (;;) {
		size_t length = strcspn(text, ".");
		if (!is_label(text, length))
			return false;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

static const char *ascii_domain(struct arena *arena, const char *domain)
{
	uint8_t *ascii = NULL;
	const uint8_t *given = (const uint8_t *)domain;
	if (idn2_lookup_u8(given, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	const char *copy = arena_strdup(arena, (const char *)ascii);
	idn2_free(ascii);
	return copy;
}

const char *address_mailbox(struct arena *arena, const char *text)
{
	const char *at = strrchr(text, '@');
	if (!at || !is_local_part(text, (size_t)(at - text)))
		return NULL;
	const char *domain = ascii_domain(arena, at + 1);
	if (!domain || !is_domain(domain))
		return NULL;
	const char *mailbox = arena_printf(arena, "%.*s@%s", (int)(at - text), text, domain);
	return strlen(mailbox) <= MAILBOX_BYTES ? mailbox : NULL;
}

const char *address_domain(const char *mailbox)
{
	return strrchr(mailbox, '@') + 1;
}

static const char *trimmed(struct arena *arena, const char *begin, const char *end)
{
	while (begin < end && *begin == ' ')
		begin++;
	while (end > begin && end[-1] == ' ')
		end--;
	if (end - begin >= 2 && *begin == '"' && end[-1] == '"')
		begin++, end--;
	return arena_strndup(arena, begin, (size_t)(end - begin));
}

bool address_read(struct arena *arena, const char *text, struct address *out, const char **error)
{
	const char *open = strrchr(text, '<');
	const char *close = open ? strchr(open, '>') : NULL;
	*out = (struct address){ 0 };
	if (open && (!close || close[1])) {
		*error = "must be an address, or a name and <address>";
		return false;
	}
	const char *mailbox =
		open ? arena_strndup(arena, open + 1, (size_t)(close - open - 1)) : text;
	out->mailbox = address_mailbox(arena, mailbox);
	if (open && open > text)
		out->name = trimmed(arena, text, open);
	if (out->mailbox)
		return true;
	*error = "does not hold an address that mail can be sent to";
	return false;
}
