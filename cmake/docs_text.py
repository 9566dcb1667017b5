"""Text of the OpenAPI document as HTML: Markdown, and JSON with its parts told apart."""
import json
import re

import markdown
from markupsafe import Markup, escape

NAMES = re.compile(r"<code>([A-Za-z_]+)</code>")
JSON_PARTS = re.compile(r'("(?:[^"\\]|\\.)*")(:)?|(-?[0-9]+(?:\.[0-9]+)?|true|false|null)')


class Markdown:
    """Descriptions, whose `words` become links where the page has a place for them."""

    def __init__(self, anchors):
        self.anchors = anchors

    def _linked(self, found):
        anchor = self.anchors.get(found[1])
        return f'<a href="#{anchor}">{found[0]}</a>' if anchor else found[0]

    def block(self, text):
        html = markdown.markdown(text or "", extensions=["fenced_code", "sane_lists", "tables"], output_format="html")
        return Markup(NAMES.sub(self._linked, html))

    def inline(self, text):
        """Without the paragraph around it; several paragraphs are joined by line breaks."""
        html = self.block((text or "").strip())
        return Markup(re.sub(r"</p>\s*<p>", "<br>", html.removeprefix("<p>").removesuffix("</p>")))


def compact(value, indent=0, width=76):
    """JSON as a person writes it: what fits on a line stays on it."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or len(flat) + indent <= width:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {compact(one, indent + 2)}"
                 for key, one in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + compact(one, indent + 2) for one in value) + "\n" + " " * indent + "]"


def json_html(value):
    text, at, out = compact(value), 0, []
    for part in JSON_PARTS.finditer(text):
        out.append(escape(text[at:part.start()]))
        kind = "k" if part[2] else "s" if part[1] else "n"
        out.append(Markup('<span class="{}">{}</span>').format(kind, part[1] or part[3]))
        at = part.end() - len(part[2] or "")
    out.append(escape(text[at:]))
    return Markup("").join(out)
