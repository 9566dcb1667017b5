/* Writes one finished message: RFC 5322 headers, RFC 2045 to 2047 encodings. Pure: the same input
 * always gives the same bytes. */
#include "notifier/mime.h"

#include <string.h>

#include "notifier/mime_text.h"

#define LINE 76

struct writer {
	struct arena *arena;
	struct text *out;
	const char *error;
};

static bool check(struct writer *writer, const char *header, const char *value)
{
	if (value && mime_text_is_clean(value))
		return true;
	writer->error =
		arena_printf(writer->arena, "%s holds a control character or is not UTF-8", header);
	return false;
}

static bool add_header(struct writer *writer, const char *name, const char *value)
{
	if (!check(writer, name, value))
		return false;
	mime_text_header(writer->out, name, value);
	return true;
}

/* Name: display name <mailbox> */
static bool add_address(struct writer *writer, const char *header, const struct address *address)
{
	if (!check(writer, header, address->mailbox))
		return false;
	if (strpbrk(address->mailbox, "<> ,;")) {
		writer->error = arena_printf(writer->arena, "%s is no mailbox", header);
		return false;
	}
	size_t column = strlen(header) + 2;
	text_addf(writer->out, "%s: ", header);
	if (address->name && *address->name) {
		if (!check(writer, header, address->name))
			return false;
		const char *name = mime_text_undirected(writer->arena, address->name);
		column = mime_text_phrase(writer->out, name, column);
		bool fits = column + strlen(address->mailbox) + 3 <= LINE;
		text_add(writer->out, fits ? " " : "\r\n ");
	}
	text_addf(writer->out, "<%s>\r\n", address->mailbox);
	return true;
}

/* Never folded or encoded: it is one word. */
static bool add_message_id(struct writer *writer, const char *message_id)
{
	if (!check(writer, "Message-ID", message_id))
		return false;
	text_addf(writer->out, "Message-ID: %s\r\n", message_id);
	return true;
}

/* Not strftime: its names follow the locale. RFC 5322 section 3.3. */
static const char *date_text(struct arena *arena, time_t date)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	struct tm utc;
	gmtime_r(&date, &utc);
	return arena_printf(arena, "%s, %d %s %d %02d:%02d:%02d +0000", days[utc.tm_wday],
		utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
		utc.tm_sec);
}

/* "=_" can occur in no quoted-printable text, so the boundary is safe whatever the parts say. */
static const char *boundary_of(struct arena *arena, const char *message_id)
{
	size_t length = strcspn(message_id + 1, "@>");
	return arena_printf(arena, "=_%.*s", (int)(length < 60 ? length : 60), message_id + 1);
}

static void add_part(struct writer *writer, const char *boundary, const char *type,
	const char *language, const char *body)
{
	text_addf(writer->out,
		"--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Language: %s\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		boundary, type, language);
	mime_text_body(writer->out, body);
}

static bool add_headers(struct writer *writer, const struct mime_message *message)
{
	if (!add_header(writer, "Date", date_text(writer->arena, message->date)) ||
		!add_address(writer, "From", &message->from) ||
		!add_address(writer, "To", &message->to))
		return false;
	if (message->reply_to.mailbox && !add_address(writer, "Reply-To", &message->reply_to))
		return false;
	/* RFC 3834 section 5, and Exchange's own way ([MS-OXCMAIL] 2.1.3.2.20): no out-of-office
	 * answers. Delivery reports are wanted, so DR and NDR are not named. */
	return add_header(writer, "Subject", message->subject) &&
	       add_message_id(writer, message->message_id) &&
	       add_header(writer, "Auto-Submitted", "auto-generated") &&
	       add_header(writer, "X-Auto-Response-Suppress", "OOF, AutoReply");
}

bool mime_write(struct arena *arena, const struct mime_message *message, struct text *out,
	const char **error)
{
	struct writer writer = { .arena = arena, .out = out };
	bool written =
		add_headers(&writer, message) && check(&writer, "language", message->language);
	*error = writer.error;
	if (!written)
		return false;
	const char *boundary = boundary_of(arena, message->message_id);
	text_addf(out,
		"MIME-Version: 1.0\r\nContent-Language: %s\r\n"
		"Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n",
		message->language, boundary);
	add_part(&writer, boundary, "text/plain", message->language, message->text);
	add_part(&writer, boundary, "text/html", message->language, message->html);
	text_addf(out, "--%s--\r\n", boundary);
	return true;
}
