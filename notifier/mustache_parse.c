/* Turns the text of a Mustache template into a tree. Pure. */
#include "notifier/mustache_parse.h"

#include <string.h>

struct frame {
	const char *name; /* the open section; NULL at the top */
	struct mustache_node **tail;
};

struct parser {
	struct arena *arena;
	const char *start;
	const char *at; /* everything before it is in the tree */
	const char *open;
	const char *close;
	struct frame frames[MUSTACHE_DEPTH + 1];
	int depth;
	const char *error;
};

/* One tag as found in the text. */
struct tag {
	char sigil; /* 0 for a plain variable */
	const char *content;
	const char *begin;
	const char *end;
};

static int line_of(const struct parser *parser, const char *place)
{
	int line = 1;
	for (const char *at = parser->start; at < place; at++)
		if (*at == '\n')
			line++;
	return line;
}

static bool fail(struct parser *parser, const char *place, const char *what, const char *name)
{
	parser->error = arena_printf(
		parser->arena, "line %d: %s%s", line_of(parser, place), what, name ? name : "");
	return false;
}

static struct mustache_node *add(struct parser *parser, enum mustache_kind kind, const char *text)
{
	struct mustache_node *node = arena_alloc(parser->arena, sizeof(*node));
	struct frame *frame = &parser->frames[parser->depth];
	node->kind = kind;
	node->text = text;
	*frame->tail = node;
	frame->tail = &node->next;
	return node;
}

static void add_text(struct parser *parser, const char *end)
{
	if (end > parser->at)
		add(parser, MUSTACHE_TEXT, parser->at)->length = (size_t)(end - parser->at);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

static const char *trimmed(struct arena *arena, const char *begin, const char *end)
{
	while (begin < end && is_space(*begin))
		begin++;
	while (end > begin && is_space(end[-1]))
		end--;
	return arena_strndup(arena, begin, (size_t)(end - begin));
}

/* Where the tag's line begins, if only blanks stand before the tag; else NULL. */
static const char *blank_before(const struct parser *parser, const struct tag *tag)
{
	const char *at = tag->begin;
	while (at > parser->start && is_blank(at[-1]))
		at--;
	return at == parser->start || at[-1] == '\n' ? at : NULL;
}

/* Where the next line begins, if only blanks stand after the tag; else NULL. */
static const char *blank_after(const struct tag *tag)
{
	const char *at = tag->end;
	while (is_blank(*at))
		at++;
	if (*at == '\r' && at[1] == '\n')
		return at + 2;
	if (*at == '\n')
		return at + 1;
	return *at ? NULL : at;
}

static bool set_delimiters(struct parser *parser, const struct tag *tag)
{
	size_t open = strcspn(tag->content, " \t\r\n");
	const char *rest = tag->content + open + strspn(tag->content + open, " \t\r\n");
	if (!open || !*rest || strpbrk(rest, " \t\r\n=") || memchr(tag->content, '=', open))
		return fail(parser, tag->begin, "delimiters that cannot be used: ", tag->content);
	parser->open = arena_strndup(parser->arena, tag->content, open);
	parser->close = arena_strdup(parser->arena, rest);
	return true;
}

static bool open_section(struct parser *parser, const struct tag *tag, enum mustache_kind kind)
{
	if (parser->depth == MUSTACHE_DEPTH)
		return fail(parser, tag->begin, "sections nest too deep at ", tag->content);
	struct mustache_node *node = add(parser, kind, tag->content);
	parser->frames[++parser->depth] =
		(struct frame){ .name = tag->content, .tail = &node->children };
	return true;
}

static bool close_section(struct parser *parser, const struct tag *tag)
{
	const char *name = parser->frames[parser->depth].name;
	if (!name || strcmp(name, tag->content) != 0)
		return fail(parser, tag->begin, "no section is open that ends with ", tag->content);
	parser->depth--;
	return true;
}

static bool stands_alone(char sigil)
{
	return sigil && strchr("#^/!>=", sigil);
}

static bool apply(struct parser *parser, const struct tag *tag, const char *indent)
{
	switch (tag->sigil) {
	case '!':
		return true;
	case '=':
		return set_delimiters(parser, tag);
	case '#':
		return open_section(parser, tag, MUSTACHE_SECTION);
	case '^':
		return open_section(parser, tag, MUSTACHE_INVERTED);
	case '/':
		return close_section(parser, tag);
	case '>':
		add(parser, MUSTACHE_PARTIAL, tag->content)->indent = indent;
		return true;
	case '{':
	case '&':
		add(parser, MUSTACHE_RAW, tag->content);
		return true;
	default:
		add(parser, MUSTACHE_VARIABLE, tag->content);
		return true;
	}
}

/* {{{ and {{= end with their own sign before the delimiter. */
static const char *closing_of(const struct parser *parser, char sigil)
{
	if (sigil == '{')
		return arena_printf(parser->arena, "}%s", parser->close);
	if (sigil == '=')
		return arena_printf(parser->arena, "=%s", parser->close);
	return parser->close;
}

static bool read_tag(struct parser *parser, const char *begin)
{
	const char *content = begin + strlen(parser->open);
	struct tag tag = { .begin = begin };
	if (*content && strchr("!=#^/>{&", *content))
		tag.sigil = *content++;
	const char *closing = closing_of(parser, tag.sigil);
	const char *end = strstr(content, closing);
	if (!end)
		return fail(parser, begin, "a tag is not closed", NULL);
	tag.content = trimmed(parser->arena, content, end);
	tag.end = end + strlen(closing);
	if (!*tag.content && tag.sigil != '!')
		return fail(parser, begin, "a tag is empty", NULL);

	const char *line = stands_alone(tag.sigil) ? blank_before(parser, &tag) : NULL;
	const char *next = line ? blank_after(&tag) : NULL;
	const char *indent = NULL;
	if (next)
		indent = arena_strndup(parser->arena, line, (size_t)(begin - line));
	add_text(parser, next ? line : begin);
	parser->at = next ? next : tag.end;
	return apply(parser, &tag, indent);
}

bool mustache_parse(
	struct arena *arena, const char *template, struct mustache_node **first, const char **error)
{
	struct parser parser = {
		.arena = arena, .start = template, .at = template, .open = "{{", .close = "}}"
	};
	*first = NULL;
	parser.frames[0].tail = first;
	const char *begin;
	bool parsed = true;
	while (parsed && (begin = strstr(parser.at, parser.open)))
		parsed = read_tag(&parser, begin);
	if (parsed && parser.depth > 0)
		parsed = fail(&parser, parser.at,
			"a section is not closed: ", parser.frames[parser.depth].name);
	if (parsed)
		add_text(&parser, parser.at + strlen(parser.at));
	*error = parser.error;
	return parsed;
}
