/* The pages that the type of every problem leads to: what went wrong and what to do. */
#include "api/errors.h"
#include "api/handlers.h"
#include "common/text.h"

#define STYLE                                                                                      \
	"body{font:1.1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem;"         \
	"color:#0b0c0c;background:#fff}a{color:#1d70b8}dt{font-weight:bold;margin-top:.5rem}"      \
	"dd{margin:0}"

/* The hash is that of STYLE: nothing else on the page is taken (CSP level 3). */
#define POLICY                                                                                     \
	"default-src 'none'; style-src 'sha256-ChphpnTUTR0NZTPzKNFzuf9qv4UA77vZs6dE4+pU3d8='; "    \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static void add_escaped(struct text *page, const char *words)
{
	for (; *words; words++) {
		if (*words == '&' || *words == '<')
			text_add(page, *words == '&' ? "&amp;" : "&lt;");
		else
			text_add_bytes(page, words, 1);
	}
}

static void add_element(struct text *page, const char *tag, const char *words)
{
	text_addf(page, "<%s>", tag);
	add_escaped(page, words);
	text_addf(page, "</%s>\n", tag);
}

static void begin_page(struct text *page, struct arena *arena, const char *title)
{
	text_init(page, arena);
	text_add(page,
		"<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	add_element(page, "title", title);
	text_add(page, "<style>" STYLE "</style>\n</head>\n<body>\n<main>\n");
}

static struct reply end_page(struct text *page)
{
	text_add(page, "</main>\n</body>\n</html>\n");
	return reply_page(page->bytes, page->length, POLICY);
}

struct reply error_list(struct request *req)
{
	struct text page;
	begin_page(&page, req->arena, "Errors of Golden Thread");
	text_add(&page, "<h1>Errors</h1>\n");
	for (size_t i = 0; i < ERROR_GROUPS; i++) {
		add_element(&page, "h2", error_groups[i].name);
		add_element(&page, "p", error_groups[i].intro);
		text_add(&page, "<dl>\n");
		for (const struct error *error = error_groups[i].errors; error->code; error++) {
			text_addf(&page, "<dt><a href=\"errors/%s\"><code>%s</code></a></dt>\n",
				error->code, error->code);
			add_element(&page, "dd", error->title);
		}
		text_add(&page, "</dl>\n");
	}
	return end_page(&page);
}

struct reply error_read(struct request *req)
{
	struct text page;
	const struct error *error = errors_find(req->path[0]);
	if (!error)
		return reply_problem(404, "not_found", "No error has this code");
	begin_page(&page, req->arena,
		arena_printf(req->arena, "%s (%s) – Errors of Golden Thread", error->title,
			error->code));
	text_add(&page, "<p><a href=\"../errors\">All errors</a></p>\n");
	add_element(&page, "h1", error->title);
	text_addf(&page, "<dl>\n<dt>Code</dt>\n<dd><code>%s</code></dd>\n", error->code);
	if (error->status)
		text_addf(&page, "<dt>Status</dt>\n<dd>%d</dd>\n", error->status);
	text_add(&page, "</dl>\n<h2>What it means</h2>\n");
	add_element(&page, "p", error->meaning);
	text_add(&page, "<h2>What to do</h2>\n");
	add_element(&page, "p", error->remedy);
	return end_page(&page);
}
