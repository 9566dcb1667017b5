/* Reads a published "lead" cell as posts. */
#include "common/lead_cell.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "common/cell_text.h"
#include "common/lead_cell/lead_cell_doubt.h"
#include "common/lead_cell/lead_cell_kind.h"
#include "common/lead_cell/lead_cell_split.h"

#define ASSUMPTIONS_MOST 8
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct label {
	const char *words;
	int role; /* enum lead_cell_role, or -1 = what the splitter found */
	int kind; /* enum lead_cell_kind, or -1 = what the name says */
};

/* What may stand before a colon. Longer ones first. */
static const struct label labels[] = {
	{ "lead officer", -1, -1 },
	{ "responsible officer", -1, -1 },
	{ "lead member", -1, LEAD_CABINET_MEMBER },
	{ "cabinet member", -1, LEAD_CABINET_MEMBER },
	{ "portfolio holder", -1, LEAD_CABINET_MEMBER },
	{ "member", -1, LEAD_CABINET_MEMBER },
	{ "supporting", LEAD_ROLE_SUPPORT, -1 },
	{ "support", LEAD_ROLE_SUPPORT, -1 },
	{ "consultee", LEAD_ROLE_CONSULTED, -1 },
	{ "consulted", LEAD_ROLE_CONSULTED, -1 },
	{ "consult", LEAD_ROLE_CONSULTED, -1 },
	{ "partners", LEAD_ROLE_SUPPORT, LEAD_PARTNER },
	{ "partner", LEAD_ROLE_SUPPORT, LEAD_PARTNER },
	{ "officer", -1, -1 },
	{ "sponsor", -1, -1 },
	{ "owner", -1, -1 },
	{ "lead", -1, -1 },
};

static const char *const no_names[] = { "tbc", "tba", "tbd", "to be confirmed", "to be agreed",
	"n/a", "na", "none", "not applicable", "vacant", "to be appointed", "to be determined",
	"unknown", "various", "?", "??", "???", "x", "xx", "xxx" };

static const char *const dittos[] = { "as above", "ditto", "\"", "\"\"", "''", "do.", "do", "same",
	"same as above", "as previous", "-\"-", "see above" };

static const char *const notes[] = { "(lead)", "(support)", "(supporting)", "(tbc)", "(interim)",
	"(unnamed)", "(vacant)", "(to be confirmed)", "(joint)", "(joint lead)" };

static bool is_one_of(const char *const *words, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(words[i], text) == 0)
			return true;
	return false;
}

/* "co- opt": a line's end stood behind the hyphen. */
static bool is_prefix(const char *text, size_t at)
{
	size_t start = at;
	while (start && islower((unsigned char)text[start - 1]))
		start--;
	bool whole = start == 0 || text[start - 1] == ' ';
	return whole && at > start && at - start <= 5 && islower((unsigned char)text[at + 2]);
}

/* A hyphen with a space on one side parts words, with none joins them. */
static size_t add_hyphen(char *out, size_t used, const char *text, size_t at, size_t length)
{
	bool before = at && text[at - 1] == ' ';
	bool after = at + 1 < length && text[at + 1] == ' ';
	if (!before && after && is_prefix(text, at))
		after = false;
	if ((before || after) && used && out[used - 1] != ' ')
		out[used++] = ' ';
	out[used++] = '-';
	if (before || after)
		out[used++] = ' ';
	return used;
}

static bool is_edge(char byte)
{
	return strchr(" .,;:&/-+|*\n", byte) != NULL;
}

/* Spaces, hyphens and stray punctuation at the ends put right. */
static char *tidy(struct arena *arena, const char *text, size_t length)
{
	while (length && is_edge(*text)) {
		text++;
		length--;
	}
	char *out = arena_alloc(arena, 3 * length + 1);
	size_t used = 0;
	for (size_t at = 0; at < length; at++) {
		if (text[at] == '-')
			used = add_hyphen(out, used, text, at, length);
		else if (text[at] != ' ' && text[at] != '\n')
			out[used++] = text[at];
		else if (at && text[at - 1] == '-' && used && out[used - 1] == '-')
			continue;
		else if (used && out[used - 1] != ' ')
			out[used++] = ' ';
	}
	while (used && is_edge(out[used - 1]))
		used--;
	out[used] = '\0';
	return out;
}

static void assume(struct arena *arena, struct lead_cell *out, const char *assumption)
{
	if (!out->assumptions)
		out->assumptions =
			arena_alloc(arena, ASSUMPTIONS_MOST * sizeof(out->assumptions[0]));
	for (int i = 0; i < out->assumption_count; i++)
		if (out->assumptions[i] == assumption)
			return;
	if (out->assumption_count < ASSUMPTIONS_MOST)
		out->assumptions[out->assumption_count++] = assumption;
}

static void refuse(struct arena *arena, struct lead_cell *out, const char *why)
{
	out->lead_count = out->assumption_count = 0;
	out->confidence = LEAD_UNREADABLE;
	assume(arena, out, why);
}

/* "Portfolio Holder: Cllr D Brown": the label gives the kind and goes. A label of a post stays
 * ("Executive Director: Delivery"). */
static const struct label *take_label(char **name)
{
	for (size_t i = 0; i < COUNT(labels); i++) {
		size_t length = strlen(labels[i].words);
		if (strncasecmp(*name, labels[i].words, length) != 0)
			continue;
		const char *rest = *name + length;
		while (*rest == ' ' || *rest == 's')
			rest++;
		bool dash = strncmp(rest, "- ", 2) == 0 && labels[i].kind == LEAD_CABINET_MEMBER &&
			    lead_cell_kind_begins_member(rest + 2);
		if (*rest != ':' && !dash)
			continue;
		*name += rest - *name + 1;
		while (**name == ' ')
			(*name)++;
		return &labels[i];
	}
	return NULL;
}

/* The note in brackets that ends the name, which loses it; NULL when there is none. */
static const char *take_note(char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < COUNT(notes); i++) {
		size_t size = strlen(notes[i]);
		if (length <= size || strcasecmp(name + length - size, notes[i]) != 0)
			continue;
		length -= size;
		while (length && name[length - 1] == ' ')
			length--;
		name[length] = '\0';
		return notes[i];
	}
	return NULL;
}

static bool is_known(struct arena *arena, const struct lead_cell *out, const char *name)
{
	const char *key = lead_cell_post_key(arena, name);
	for (int i = 0; i < out->lead_count; i++)
		if (strcmp(lead_cell_post_key(arena, out->leads[i].name), key) == 0)
			return true;
	return *key == '\0';
}

static void add_lead(
	struct arena *arena, struct lead_cell *out, const struct lead_cell_piece *piece)
{
	bool sure;
	char *name = tidy(arena, piece->begin, piece->length);
	const struct label *label = take_label(&name);
	if (strncasecmp(name, "the ", 4) == 0)
		name += 4;
	const char *note = take_note(name);
	bool support = note && strncmp(note, "(support", 8) == 0;
	if (note && !support && strcmp(note, "(lead)") != 0)
		assume(arena, out, "A note in brackets was left out of the name");
	if (!*name)
		return;
	if (is_one_of(no_names, COUNT(no_names), name)) {
		assume(arena, out, "Part of the cell names nobody");
		return;
	}
	if (is_known(arena, out, name))
		return;
	struct lead_cell_lead *lead = &out->leads[out->lead_count++];
	*lead = (struct lead_cell_lead){ .name = name, .role = piece->role };
	lead->kind = lead_cell_kind_of(name, &sure);
	if (label && label->kind >= 0)
		lead->kind = (enum lead_cell_kind)label->kind;
	if (label && label->role >= 0)
		lead->role = (enum lead_cell_role)label->role;
	if (support)
		lead->role = LEAD_ROLE_SUPPORT;
	if (lead->kind == LEAD_CABINET_MEMBER && lead->role != LEAD_ROLE_CONSULTED && !support)
		lead->role = LEAD_ROLE_CABINET_MEMBER;
	const char *doubt = lead_cell_doubt(name, lead->kind);
	if (doubt)
		assume(arena, out, doubt);
	if (!sure)
		assume(arena, out,
			"Whether initials stand for an officer, a councillor or a team is a guess");
}

static void read_pieces(struct arena *arena, char *plain, struct lead_cell *out)
{
	struct lead_cell_split split;
	lead_cell_split(plain, &split);
	if (split.too_many) {
		refuse(arena, out, "More names than a lead cell can hold");
		return;
	}
	out->leads = arena_alloc(arena, (size_t)split.count * sizeof(out->leads[0]));
	for (int i = 0; i < split.count; i++)
		add_lead(arena, out, &split.pieces[i]);
	if (out->lead_count == 0) {
		refuse(arena, out, "The cell names nobody");
		return;
	}
	if (split.guessed)
		assume(arena, out, "Two posts joined in one cell were read as two leads");
	if (out->assumption_count)
		out->confidence = LEAD_ASSUMED;
}

void lead_cell_read(struct arena *arena, const char *text, struct lead_cell *out)
{
	*out = (struct lead_cell){ .text = text };
	if (strnlen(text, LEAD_CELL_TEXT_BYTES + 1) > LEAD_CELL_TEXT_BYTES) {
		refuse(arena, out, "The text is too long for a lead cell");
		return;
	}
	char *plain = cell_text_plain(arena, cell_text_utf8(arena, text));
	const char *whole = cell_text_squeeze(arena, plain, strlen(plain));
	out->ditto = is_one_of(dittos, COUNT(dittos), whole);
	if (out->ditto)
		out->confidence = LEAD_ASSUMED;
	else
		read_pieces(arena, plain, out);
	if (out->ditto)
		assume(arena, out, "The same leads as the row before");
}

const char *lead_cell_kind_name(enum lead_cell_kind kind)
{
	static const char *const names[] = { "officer", "cabinet_member", "team", "partner" };
	return names[kind];
}

const char *lead_cell_role_name(enum lead_cell_role role)
{
	static const char *const names[] = { "lead", "cabinet_member", "support", "consulted" };
	return names[role];
}

const char *lead_cell_confidence_name(enum lead_cell_confidence confidence)
{
	static const char *const names[] = { "certain", "assumed", "unreadable" };
	return names[confidence];
}
