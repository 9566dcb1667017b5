"""GET /docs: the page for people"""
import base64
import hashlib
import re

import pytest

from page import Page


@pytest.fixture(scope="module")
def answer(api):
    return api.get("/docs")


@pytest.fixture(scope="module")
def page(answer):
    return Page(answer.text)


def test_it_is_a_page_that_needs_no_key(answer, api):
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert api.get("/docs", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}).text == answer.text


def test_it_loads_nothing_and_runs_nothing(answer, page):
    style = re.search("<style>(.*?)</style>", answer.text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; " \
        "frame-ancestors 'none'"
    assert not {"script", "img", "link", "iframe", "object", "form"} & {tag for tag, _ in page.elements}
    assert not [attrs for _, attrs in page.elements if "style" in attrs or any(name.startswith("on") for name in attrs)]
    assert "url(" not in style and "@import" not in style


def test_every_link_leads_somewhere_here(page, api):
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    elsewhere = {link for link in page.links if not link.startswith("#")} - {"https://www.standardwebhooks.com"}
    assert "/openapi.json" in elsewhere and "/errors/stale_version" in elsewhere
    assert {link: api.get(link).status_code for link in elsewhere} == dict.fromkeys(elsewhere, 200)


def test_every_operation_field_and_code_is_on_it(page, contract):
    for (method, path), operation in contract.operations.items():
        assert operation.node["operationId"] in page.ids
        assert f"{method} {path}" in re.sub(r"\s+", " ", page.text)
        for one in operation.parameters:
            assert one["name"] in page.text
        for name in operation.body_schema["properties"] if operation.body_schema else ():
            assert name in page.text
        for status, response in operation.responses.items():
            for code in re.findall(r"`([a-z_]+)`: ", response["description"]) if status >= 400 else ():
                assert f"code-{code}" in page.ids
