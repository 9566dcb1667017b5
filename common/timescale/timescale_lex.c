/* A timescale's text as a fixed array of tagged tokens. */
#include "common/timescale/timescale_lex.h"

#include <string.h>

#include "common/cell_text.h"
#include "common/timescale/timescale_phrases.h"
#include "common/timescale/timescale_words.h"

#define WORD_BYTES 24 /* longer words mean nothing here */
#define NUMBER_DIGITS 8

struct lexer {
	const char *clean; /* the text with plain punctuation, same offsets */
	size_t length;
	size_t at;
	struct tokens *out;
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (unsigned char)byte >= 0x80;
}

static char lower(char byte)
{
	bool upper = byte >= 'A' && byte <= 'Z';
	return (char)(upper ? byte + 32 : byte);
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	if (lexer->at + ahead >= lexer->length)
		return '\0';
	return lexer->clean[lexer->at + ahead];
}

static struct token *add(struct lexer *lexer, enum tag tag, size_t bytes)
{
	struct token *token = &lexer->out->at[lexer->out->end++];
	*token = (struct token){ .tag = (unsigned char)tag, .start = (unsigned short)lexer->at };
	lexer->at += bytes;
	token->end = (unsigned short)lexer->at;
	lexer->out->seen[tag] = true;
	return token;
}

static enum tag punctuation(char byte)
{
	switch (byte) {
	case '-':
	case '~':
		return byte == '-' ? T_DASH : T_UNSURE;
	case '/':
	case '\\':
		return T_SLASH;
	case ',':
		return T_COMMA;
	case '.':
		return T_DOT;
	case ':':
		return T_COLON;
	case ';':
		return T_SEMI;
	case '\n':
	case '|':
		return T_BREAK;
	case '(':
	case '[':
		return T_OPEN;
	case ')':
	case ']':
		return T_CLOSE;
	case '\'':
	case '`':
		return T_APOSTROPHE;
	case '?':
		return T_QUESTION;
	case '%':
		return T_PERCENT;
	case '"':
		return T_DITTO;
	case '&':
	case '+':
		return T_AND;
	default:
		return T_EDGE; /* noise */
	}
}

/* "st", "nd", "rd" or "th" that ends here, also when a space was left between ("31 st"). */
static size_t ordinal_suffix(const struct lexer *lexer)
{
	static const char suffixes[] = "stndrdth";
	size_t gap = peek(lexer, 0) == ' ' ? 1 : 0;
	char first = (char)(peek(lexer, gap) | 0x20);
	char second = (char)(peek(lexer, gap + 1) | 0x20);
	/* "31stMarch" happens; after a space the suffix must stand alone. */
	if (gap && is_letter(peek(lexer, gap + 2)))
		return 0;
	for (size_t i = 0; suffixes[i]; i += 2)
		if (first == suffixes[i] && second == suffixes[i + 1])
			return gap + 2;
	return 0;
}

static void lex_number(struct lexer *lexer)
{
	size_t digits = 0;
	int value = 0;
	while (is_digit(peek(lexer, digits))) {
		if (digits < NUMBER_DIGITS)
			value = value * 10 + (peek(lexer, digits) - '0');
		digits++;
	}
	struct token *token = add(lexer, T_NUMBER, digits);
	token->digits = (unsigned char)(digits < 99 ? digits : 99);
	token->value = digits <= NUMBER_DIGITS ? value : -1;
	size_t suffix = digits <= 2 ? ordinal_suffix(lexer) : 0;
	token->ordinal = suffix > 0;
	lexer->at += suffix;
	token->end = (unsigned short)lexer->at;
}

/* Length of the word here, apostrophes within it included ("Council's"). */
static size_t word_length(const struct lexer *lexer)
{
	size_t length = 0;
	while (is_letter(peek(lexer, length)) ||
		(peek(lexer, length) == '\'' && length && is_letter(peek(lexer, length + 1))))
		length++;
	return length;
}

/* "T.B.C." as "tbc": letters into word, bytes of the text back; 0 = not such a shorthand. */
static size_t dotted_word(const struct lexer *lexer, char *word, size_t *letters)
{
	size_t at = 0;
	*letters = 0;
	while (is_letter(peek(lexer, at)) && peek(lexer, at + 1) == '.' && *letters < 5) {
		word[(*letters)++] = (char)(peek(lexer, at) | 0x20);
		at += 2;
	}
	if (*letters && is_letter(peek(lexer, at)) && !is_letter(peek(lexer, at + 1))) {
		word[(*letters)++] = (char)(peek(lexer, at) | 0x20);
		at++;
	}
	return *letters >= 2 ? at : 0;
}

static void set_word(struct token *token, const struct timescale_word *word, struct tokens *out)
{
	token->tag = word->tag;
	token->value = word->value;
	out->seen[word->tag] = true;
	if (word->tag != T_NUMBER || word->value >= 0)
		return;
	token->value = -word->value; /* "third" */
	token->ordinal = true;
}

static bool lex_phrase(struct lexer *lexer, bool capital)
{
	size_t length = lexer->length - lexer->at;
	const struct timescale_word *phrase =
		timescale_phrases_find(lexer->clean + lexer->at, &length);
	if (!phrase)
		return false;
	struct token *token = add(lexer, T_OTHER, length);
	set_word(token, phrase, lexer->out);
	token->capital = capital;
	return true;
}

/* The letter that a figure stands for where a scan took the one for the other. */
static char letter_of(char byte, char one)
{
	switch (byte) {
	case '0':
		return 'o';
	case '1':
		return one;
	case '5':
		return 's';
	default:
		return lower(byte);
	}
}

static size_t run_length(const struct lexer *lexer)
{
	size_t length = 0;
	while (is_letter(peek(lexer, length)) || is_digit(peek(lexer, length)))
		length++;
	return length;
}

/* "Ju1y", "0ctober", "Apr1l". */
static bool lex_lookalike_month(struct lexer *lexer, size_t length)
{
	static const char ones[] = "li";
	char word[WORD_BYTES];
	if (length < 3 || length >= WORD_BYTES)
		return false;
	for (const char *one = ones; *one; one++) {
		for (size_t i = 0; i < length; i++)
			word[i] = letter_of(peek(lexer, i), *one);
		const struct timescale_word *found = timescale_words_find(word, length);
		if (!found || found->tag != T_MONTH)
			continue;
		struct token *token = add(lexer, T_MONTH, length);
		token->value = found->value;
		token->capital = token->doubtful = true;
		return true;
	}
	return false;
}

/* Letters and figures in one run, as a bad scan leaves them. */
static bool lex_lookalike(struct lexer *lexer)
{
	size_t same = 0;
	bool digits = is_digit(peek(lexer, 0));
	while (digits ? is_digit(peek(lexer, same)) : is_letter(peek(lexer, same)))
		same++;
	char next = peek(lexer, same);
	if (digits ? !is_letter(next) : !is_digit(next))
		return false;
	return lex_lookalike_month(lexer, run_length(lexer));
}

static void lex_word(struct lexer *lexer)
{
	char word[WORD_BYTES];
	size_t letters = 0;
	bool capital = peek(lexer, 0) >= 'A' && peek(lexer, 0) <= 'Z';
	size_t bytes = dotted_word(lexer, word, &letters);
	if (!bytes) {
		bytes = word_length(lexer);
		letters = bytes < WORD_BYTES ? bytes : 0;
		for (size_t i = 0; i < letters; i++)
			word[i] = lower(peek(lexer, i));
	}
	const struct timescale_word *found = letters ? timescale_words_find(word, letters) : NULL;
	if (found && found->opens && lex_phrase(lexer, capital))
		return;
	struct token *token = add(lexer, T_OTHER, bytes);
	token->capital = capital;
	if (found)
		set_word(token, found, lexer->out);
	int month = !found && letters && is_digit(peek(lexer, peek(lexer, 0) == ' '))
			    ? timescale_words_misspelt_month(word, letters)
			    : 0;
	if (!month)
		return;
	token->tag = T_MONTH;
	token->value = month;
	token->doubtful = true;
	lexer->out->seen[T_MONTH] = true;
}

/* The plus of "2026+", but not of "2026 + 2027". */
static bool is_open_end(const struct lexer *lexer)
{
	bool glued = lexer->at && is_digit(lexer->clean[lexer->at - 1]);
	return glued && !is_digit(peek(lexer, 1)) && !is_letter(peek(lexer, 1));
}

/* The clean text shows an arrow as a dash. */
static bool is_arrow(const struct lexer *lexer)
{
	return lexer->out->text[lexer->at] != '-' ? lexer->out->text[lexer->at + 1] == '\x86'
						  : peek(lexer, 1) == '>';
}

static void lex_one(struct lexer *lexer)
{
	char byte = peek(lexer, 0);
	if ((is_digit(byte) || is_letter(byte)) && lex_lookalike(lexer))
		return;
	if (is_digit(byte)) {
		lex_number(lexer);
		return;
	}
	bool pound = byte == '\xc2' && peek(lexer, 1) == '\xa3';
	if (pound) {
		add(lexer, T_POUND, 2);
		return;
	}
	if (is_letter(byte)) {
		lex_word(lexer);
		return;
	}
	enum tag tag = byte == '+' && is_open_end(lexer) ? T_ONWARDS : punctuation(byte);
	/* "!6 January": the mark was a figure once. */
	if (byte == '!' && is_digit(peek(lexer, 1)))
		tag = T_OTHER;
	if (tag == T_EDGE) {
		lexer->at++;
		return;
	}
	bool arrow = tag == T_DASH && is_arrow(lexer);
	add(lexer, tag, 1)->value = arrow;
}

bool timescale_lex(const char *text, size_t length, struct tokens *out)
{
	char clean[TIMESCALE_TEXT_BYTES];
	struct lexer lexer = { .clean = clean, .length = length, .out = out };
	cell_text_clean(text, length, clean);
	out->text = text;
	out->at[0] = (struct token){ .tag = T_EDGE };
	out->end = 1;
	memset(out->seen, 0, sizeof(out->seen));
	while (lexer.at < length && out->end <= TIMESCALE_TOKENS)
		lex_one(&lexer);
	memset(&out->at[out->end], 0, TIMESCALE_LOOKAHEAD * sizeof(out->at[0]));
	return lexer.at == length;
}
