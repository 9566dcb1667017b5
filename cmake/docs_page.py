"""Makes the documentation page from the OpenAPI document and the catalogue of errors:
docs_page.py OPENAPI.json TEMPLATES OUT.html OUT.csp ERRORS.c...

The page needs no network and no JavaScript. OUT.csp is its Content-Security-Policy, which names the one style sheet
by its hash."""
import base64
import hashlib
import json
import sys
from pathlib import Path

import jinja2

import docs_errors
from docs_model import Document
from docs_text import Markdown, json_html

POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def main(source, templates, page, policy, *catalogue):
    document = Document(json.loads(Path(source).read_text(encoding="utf-8")), docs_errors.read(catalogue))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined)
    environment.filters |= {"json": json_html, "markdown": Markdown(document.anchors).block,
                            "inline": Markdown(document.anchors).inline}
    style = (Path(templates) / "page.css").read_text(encoding="utf-8").strip()
    html = environment.get_template("page.html.j2").render(document=document, style=style)
    Path(page).write_text(html + "\n", encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    Path(policy).write_text(POLICY.format(digest), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
