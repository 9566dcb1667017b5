/* Cuts a lead cell into the names it holds: at role words, never at "&" alone. */
#include "common/lead_cell/lead_cell_split.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "common/lead_cell/lead_cell_kind.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct connector {
	const char *words;
	enum lead_cell_role role;
};

/* Longer ones first. */
static const struct connector connectors[] = {
	{ "in consultation with", LEAD_ROLE_CONSULTED },
	{ "following consultation with", LEAD_ROLE_CONSULTED },
	{ "after consultation with", LEAD_ROLE_CONSULTED },
	{ "consulting with", LEAD_ROLE_CONSULTED },
	{ "consulting", LEAD_ROLE_CONSULTED },
	{ "with support from", LEAD_ROLE_SUPPORT },
	{ "with the support of", LEAD_ROLE_SUPPORT },
	{ "supported by", LEAD_ROLE_SUPPORT },
	{ "assisted by", LEAD_ROLE_SUPPORT },
	{ "in partnership with", LEAD_ROLE_SUPPORT },
	{ "in conjunction with", LEAD_ROLE_SUPPORT },
	{ "in liaison with", LEAD_ROLE_SUPPORT },
	{ "working with", LEAD_ROLE_SUPPORT },
	{ "together with", LEAD_ROLE_SUPPORT },
	{ "jointly with", LEAD_ROLE_SUPPORT },
	{ "along with", LEAD_ROLE_SUPPORT },
	{ "alongside", LEAD_ROLE_SUPPORT },
	{ "with", LEAD_ROLE_SUPPORT },
};

struct splitter {
	char *text;
	size_t start; /* of the piece being read */
	enum lead_cell_role role;
	bool listed; /* a comma has parted two bodies: "A Team, B Services and C Ltd" */
	struct lead_cell_split *out;
};

static bool starts_with(const char *text, const char *words)
{
	size_t length = strlen(words);
	return strncasecmp(text, words, length) == 0 && !isalnum((unsigned char)text[length]);
}

static size_t skip_blank(const char *text, size_t at)
{
	while (text[at] == ' ' || text[at] == '\n')
		at++;
	return at;
}

static void cut(struct splitter *splitter, size_t end, size_t next, enum lead_cell_role role)
{
	struct lead_cell_split *out = splitter->out;
	if (out->count == LEAD_CELL_PIECES) {
		out->too_many = true;
		return;
	}
	out->pieces[out->count++] =
		(struct lead_cell_piece){ .begin = splitter->text + splitter->start,
			.length = end - splitter->start,
			.role = splitter->role };
	splitter->start = next;
	splitter->role = role;
}

/* Bytes of the name that begins here, up to whatever could end it. */
static size_t name_length(const char *text)
{
	size_t at = 0;
	while (text[at] && !strchr(",;&/+|\n", text[at]) && !starts_with(text + at, " and"))
		at++;
	return at;
}

static size_t trimmed(const char *text, size_t length)
{
	while (length && (text[length - 1] == ' ' || text[length - 1] == '\n'))
		length--;
	return length;
}

static bool ends_with_word(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word);
	return length > size && strncasecmp(text + length - size, word, size) == 0 &&
	       !isalnum((unsigned char)text[length - size - 1]);
}

/* "John Smith & Jane Doe", "JC, MA": both sides are people. */
static bool are_people(const char *left, size_t left_length, const char *right)
{
	size_t right_length = trimmed(right, name_length(right));
	left_length = trimmed(left, left_length);
	bool initials = lead_cell_kind_is_initials(left, left_length) &&
			lead_cell_kind_is_initials(right, right_length);
	return initials || (lead_cell_kind_is_person(left, left_length) &&
				   lead_cell_kind_is_person(right, right_length));
}

/* "Deputy Leader and Cabinet Member for Finance" is one councillor. */
static bool is_leader(const char *left)
{
	return starts_with(left, "leader") || starts_with(left, "deputy leader") ||
	       starts_with(left, "council leader") || starts_with(left, "the leader");
}

static bool is_partner(const char *text, size_t length)
{
	char name[128];
	bool sure;
	if (length >= sizeof(name))
		return false;
	memcpy(name, text, length);
	name[length] = '\0';
	return lead_cell_kind_of(name, &sure) == LEAD_PARTNER;
}

/* "Communications Team and Democratic Services", "Members and SMT". */
static bool are_bodies(const char *left, size_t left_length, const char *right)
{
	size_t right_length = name_length(right);
	bool left_body = ends_with_word(left, left_length, "team") ||
			 ends_with_word(left, left_length, "board") ||
			 ends_with_word(left, left_length, "group") ||
			 ends_with_word(left, left_length, "members");
	return left_body && (lead_cell_kind_ends_in_body(right, right_length) ||
				    lead_cell_kind_is_capitals(right, right_length) ||
				    is_partner(right, right_length));
}

/* Whether "&" or "and" between the piece and `right` parts two leads. */
static bool and_parts(struct splitter *splitter, size_t end, const char *right)
{
	const char *left = splitter->text + skip_blank(splitter->text, splitter->start);
	size_t length = trimmed(left, (size_t)(splitter->text + end - left));
	bool member = lead_cell_kind_begins_member(left);
	if (lead_cell_kind_begins_member(right))
		return !(is_leader(left) && !starts_with(right, "deputy leader") &&
			 !starts_with(right, "chief"));
	if (lead_cell_kind_begins_officer(right)) {
		bool hat = lead_cell_kind_begins_hat(right) && !member;
		splitter->out->guessed |= !hat && !member;
		return !hat;
	}
	if (are_people(left, length, right))
		return true;
	size_t rest = name_length(right);
	bool last = splitter->listed &&
		    (lead_cell_kind_ends_in_body(right, rest) || is_partner(right, rest));
	bool bodies = last || are_bodies(left, length, right);
	splitter->out->guessed |= bodies;
	return bodies;
}

/* "NHS Kent ICB, Medway Council". */
static bool are_partners(const char *left, size_t left_length, const char *right)
{
	size_t length = name_length(right);
	return is_partner(left, left_length) &&
	       (is_partner(right, length) || lead_cell_kind_ends_in_body(right, length));
}

/* "Head of IT (lead), Comms Team (support)". */
static bool ends_in_role(const char *left, size_t length)
{
	static const char *const roles[] = { "(lead)", "(support)", "(supporting)" };
	for (size_t i = 0; i < COUNT(roles); i++) {
		size_t size = strlen(roles[i]);
		if (length > size && strncasecmp(left + length - size, roles[i], size) == 0)
			return true;
	}
	return false;
}

static bool comma_parts(struct splitter *splitter, size_t end, const char *right)
{
	const char *left = splitter->text + skip_blank(splitter->text, splitter->start);
	size_t length = (size_t)(splitter->text + end - left);
	bool named = lead_cell_kind_is_person(left, length) || starts_with(left, "cllr") ||
		     starts_with(left, "councillor");
	if (starts_with(right, "cllr") || starts_with(right, "councillor"))
		return !starts_with(left, "cabinet member") &&
		       !starts_with(left, "portfolio holder");
	if (lead_cell_kind_begins_member(right) || lead_cell_kind_begins_officer(right))
		return !named;
	if (are_bodies(left, length, right)) {
		splitter->out->guessed = splitter->listed = true;
		return true;
	}
	return are_people(left, length, right) || are_partners(left, length, right) ||
	       ends_in_role(left, length);
}

/* A spaced slash parts; a tight one only between initials, people and posts. */
static bool slash_parts(const struct splitter *splitter, size_t end, const char *right)
{
	const char *left = splitter->text + splitter->start;
	size_t length = end - splitter->start;
	bool spaced = splitter->text[end + 1] == ' ' || (end && splitter->text[end - 1] == ' ');
	if (spaced || are_people(left, length, right))
		return true;
	bool capitals = lead_cell_kind_is_capitals(left, length) ||
			lead_cell_kind_is_capitals(right, name_length(right));
	return capitals || lead_cell_kind_begins_officer(right) ||
	       lead_cell_kind_begins_member(right);
}

/* "Executive Director - Place" / "Services": what follows is no lead of its own. */
static bool is_post_wrapped(const char *left, size_t length, const char *right)
{
	size_t rest = trimmed(right, name_length(right));
	bool post = lead_cell_kind_begins_officer(left) || lead_cell_kind_begins_member(left);
	bool role = lead_cell_kind_begins_officer(right) || lead_cell_kind_begins_member(right);
	bool lone =
		lead_cell_kind_is_person(right, rest) || lead_cell_kind_is_capitals(right, rest);
	bool body = memchr(right, ' ', rest) && lead_cell_kind_ends_in_body(right, rest);
	return post && length && rest && !role && !lone && !body;
}

/* A line break that only wraps one name. */
static bool wraps(const struct splitter *splitter, size_t at)
{
	static const char *const joints[] = { "and", "for", "of", "the", "to", "in", "with" };
	const char *right = splitter->text + skip_blank(splitter->text, at);
	const char *left = splitter->text + splitter->start;
	size_t length = trimmed(left, at - splitter->start);
	/* A bullet leaves a line break of its own. */
	if (length && splitter->text[at + 1] == '\n')
		return false;
	if (!length || islower((unsigned char)*right) || *right == '&' || *right == '(' ||
		*right == '/')
		return true;
	if (strchr("&,-/+", left[length - 1]))
		return true;
	for (size_t i = 0; i < COUNT(joints); i++)
		if (ends_with_word(left, length, joints[i]))
			return true;
	if (is_post_wrapped(left, length, right))
		return true;
	size_t rest = strcspn(right, "\n ,;&/");
	bool single = !memchr(left, ' ', length) && (right[rest] == '\0' || right[rest] == '\n');
	if (!single || length + rest + 1 > 60)
		return false;
	char name[64];
	memcpy(name, left, length);
	name[length] = ' ';
	memcpy(name + length + 1, right, rest);
	return lead_cell_kind_is_person(name, length + 1 + rest);
}

/* "with responsibility for" belongs to the post. */
static const struct connector *connector_at(const char *text)
{
	for (size_t i = 0; i < COUNT(connectors); i++)
		if (starts_with(text, connectors[i].words)) {
			const char *after = text + strlen(connectors[i].words);
			bool post = starts_with(after, " responsibility") ||
				    starts_with(after, " lead") ||
				    starts_with(after, " portfolio") ||
				    starts_with(after, " oversight");
			return post ? NULL : &connectors[i];
		}
	return NULL;
}

/* "Chief Executive Cabinet Member for Finance": the line break between them was lost. */
static bool begins_lost_member(const struct splitter *splitter, size_t at)
{
	const char *text = splitter->text + at;
	if (!starts_with(text, "cabinet member") && !starts_with(text, "portfolio holder") &&
		!starts_with(text, "cllr") && !starts_with(text, "executive member"))
		return false;
	const char *left = splitter->text + skip_blank(splitter->text, splitter->start);
	return text > left + 1 && text[-1] == ' ' && isalnum((unsigned char)text[-2]) &&
	       lead_cell_kind_begins_officer(left);
}

/* A name that follows an opened bracket belongs to what stands before it. */
static size_t skip_bracket(const char *text, size_t at)
{
	size_t close = at + strcspn(text + at, ")\n");
	return text[close] == ')' ? close + 1 : at + 1;
}

/* "… Support: Policy Team": a label begins the next lead. */
static bool begins_label(const struct splitter *splitter, size_t at)
{
	static const char *const words[] = { "support", "supporting officer", "consulted",
		"lead member", "lead officer", "cabinet member", "portfolio holder", "partners",
		"partner" };
	const char *text = splitter->text + at;
	bool follows = at > splitter->start && text[-1] == ' ' &&
		       memchr(splitter->text + splitter->start, ':', at - splitter->start);
	for (size_t i = 0; follows && i < COUNT(words); i++)
		if (starts_with(text, words[i]) && text[strlen(words[i])] == ':')
			return true;
	return false;
}

static size_t at_word(struct splitter *splitter, size_t at)
{
	const char *text = splitter->text + at;
	const struct connector *connector = connector_at(text);
	if (connector) {
		size_t next = at + strlen(connector->words);
		cut(splitter, at, next, connector->role);
		return next;
	}
	size_t right = skip_blank(splitter->text, at + 3);
	if (starts_with(text, "and") && and_parts(splitter, at, splitter->text + right)) {
		cut(splitter, at, at + 3, splitter->role);
		return at + 3;
	}
	bool label = begins_label(splitter, at);
	if (label || begins_lost_member(splitter, at)) {
		splitter->out->guessed |= !label;
		cut(splitter, at, at, splitter->role);
	}
	return at + 1;
}

static bool sign_parts(struct splitter *splitter, size_t at)
{
	const char *right = splitter->text + skip_blank(splitter->text, at + 1);
	switch (splitter->text[at]) {
	case ';':
	case '|':
		return true;
	case '\n':
		return !wraps(splitter, at);
	case ',':
		return comma_parts(splitter, at, right);
	case '/':
		return slash_parts(splitter, at, right);
	case '&':
	case '+':
		return and_parts(splitter, at, right);
	default:
		return false;
	}
}

void lead_cell_split(char *text, struct lead_cell_split *out)
{
	struct splitter splitter = { .text = text, .out = out };
	out->count = 0;
	out->guessed = out->too_many = false;
	size_t at = 0;
	while (text[at]) {
		bool word = isalpha((unsigned char)text[at]) &&
			    (at == 0 || !isalnum((unsigned char)text[at - 1])) &&
			    (at == 0 || text[at - 1] != '\'');
		if (text[at] == '(') {
			at = skip_bracket(text, at);
		} else if (word) {
			at = at_word(&splitter, at);
		} else if (sign_parts(&splitter, at)) {
			cut(&splitter, at, at + 1,
				text[at] == '\n' || text[at] == ';' ? LEAD_ROLE_LEAD
								    : splitter.role);
			at++;
		} else {
			if (text[at] == '\n')
				text[at] = ' ';
			at++;
		}
	}
	cut(&splitter, at, at, LEAD_ROLE_LEAD);
}
