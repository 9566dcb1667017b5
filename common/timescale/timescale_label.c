/* The words that name each of several deadlines in one cell. */
#include "common/timescale/timescale_label.h"

#include "common/cell_text.h"

static const bool is_trimmed[T_TAGS] = { [T_DASH] = true,
	[T_SLASH] = true,
	[T_COMMA] = true,
	[T_DOT] = true,
	[T_COLON] = true,
	[T_SEMI] = true,
	[T_BREAK] = true,
	[T_OPEN] = true,
	[T_CLOSE] = true,
	[T_AND] = true,
	[T_GLUE] = true,
	[T_OF] = true,
	[T_BY] = true,
	[T_TO] = true,
	[T_UNTIL] = true,
	[T_THEN] = true,
	[T_FROM] = true,
	[T_WILL] = true,
	[T_UNSURE] = true,
	[T_BETWEEN] = true,
	[T_REVISED] = true,
	[T_QUESTION] = true,
	[T_APOSTROPHE] = true,
	[T_DITTO] = true,
	[T_OR] = true,
	[T_ONGOING] = true,
	[T_ONWARDS] = true };

static enum tag tag_at(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}

static int before(const struct cell *cell, int i)
{
	for (i--; i >= 0; i--)
		if (!cell->spans[i].dropped)
			return cell->spans[i].to->end;
	return 1;
}

static int after(const struct cell *cell, int i)
{
	for (i++; i < cell->span_count; i++)
		if (!cell->spans[i].dropped)
			return cell->spans[i].from->begin;
	return cell->tokens.end;
}

static bool has_words(const struct cell *cell, int begin, int end)
{
	for (int at = begin; at < end; at++)
		if (!is_trimmed[tag_at(cell, at)])
			return true;
	return false;
}

/* Rank of a token as the border between two labels. */
static int rank(enum tag tag)
{
	if (tag == T_SEMI || tag == T_BREAK)
		return 3;
	if (tag == T_CLOSE)
		return 2;
	return tag == T_COMMA || tag == T_DOT || tag == T_THEN ? 1 : 0;
}

/* The last border of the highest rank, or the first where labels stand before their dates; an open
 * bracket begins what belongs to the next date. */
static int find_border(const struct cell *cell, int begin, int end, bool leads)
{
	int best = 0;
	int found = -1;
	bool open = false;
	for (int at = begin; at < end; at++) {
		enum tag tag = tag_at(cell, at);
		bool closes = tag == T_CLOSE && open;
		int rank_here = tag == T_CLOSE && !closes ? 0 : rank(tag);
		if (tag == T_OPEN)
			rank_here = 2;
		open = tag == T_OPEN || (open && !closes);
		if (rank_here == 0 || rank_here < best || (leads && rank_here == best && !closes))
			continue;
		best = rank_here;
		found = tag == T_OPEN ? at : at + 1;
	}
	return found;
}

/* Where, between two dates, the words stop belonging to the first. */
static int border(const struct cell *cell, int begin, int end, bool leads)
{
	int found = find_border(cell, begin, end, leads);
	if (found >= 0 || leads)
		return found >= 0 ? found : begin;
	enum tag last = end > begin ? tag_at(cell, end - 1) : T_EDGE;
	return last == T_DASH || last == T_COLON ? begin : end;
}

/* "a)", "(ii)" and "2." count deadlines; they do not name them. */
static bool is_marker(const struct cell *cell, int begin, int end)
{
	const struct token *token = &cell->tokens.at[begin];
	enum tag after = tag_at(cell, end);
	return end == begin + 1 && token->end - token->start <= 3 &&
	       (after == T_CLOSE || after == T_DOT);
}

static const char *slice(const struct cell *cell, int begin, int end)
{
	while (begin < end && is_trimmed[tag_at(cell, begin)])
		begin++;
	bool open = false;
	for (int at = begin; at < end; at++)
		open |= tag_at(cell, at) == T_OPEN;
	while (end > begin && is_trimmed[tag_at(cell, end - 1)] &&
		!(open && tag_at(cell, end - 1) == T_CLOSE))
		end--;
	if (begin == end || is_marker(cell, begin, end))
		return NULL;
	const struct token *first = &cell->tokens.at[begin];
	const struct token *last = &cell->tokens.at[end - 1];
	const char *words = cell_text_squeeze(
		cell->arena, cell->tokens.text + first->start, (size_t)(last->end - first->start));
	return cell_text_utf8(cell->arena, words);
}

const char *timescale_label(const struct cell *cell, int i)
{
	const struct span *span = &cell->spans[i];
	int from = before(cell, i);
	int to = after(cell, i);
	int first = 0;
	while (cell->spans[first].dropped)
		first++;
	int start = cell->spans[first].from->begin;
	bool leads = has_words(cell, 1, start) || tag_at(cell, start - 1) == T_CLOSE;
	int left = i == first ? 1 : border(cell, from, span->from->begin, leads);
	int right = to == cell->tokens.end ? to : border(cell, span->to->end, to, leads);
	const char *label = slice(cell, left, span->from->begin);
	return label ? label : slice(cell, span->to->end, right);
}
