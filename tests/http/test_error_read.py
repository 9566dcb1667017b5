"""GET /errors and /errors/{code}: the pages that problems lead to"""
import base64
import hashlib
import re

import pytest

from page import Page
from support import programs

HEADINGS = ("h1", "h2", "h3")


def catalogue():
    """The codes in the order of the sources."""
    return [code for name in ("errors.c", "errors_import.c")
            for code in re.findall(r'^\t\{ "([a-z0-9_]+)", \d+,', (programs.ROOT / "api" / name).read_text(), re.M)]


@pytest.fixture
def page_at(api):
    """The page at an address, which must be whole, load nothing and run nothing."""
    def read(path):
        answer = api.get(path, headers={"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert answer.content.startswith(b'<!DOCTYPE html>\n<html lang="en-GB">\n')
        style = re.search("<style>(.*?)</style>", answer.text, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert answer.headers["Content-Security-Policy"] == f"default-src 'none'; style-src 'sha256-{digest}'; " \
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        page = Page(answer.text)
        tags = [tag for tag, _ in page.elements]
        assert not {"script", "img", "link", "iframe", "object", "form"} & set(tags)
        assert tags.count("title") == tags.count("main") == tags.count("h1") == 1
        assert next(tag for tag in tags if tag in HEADINGS) == "h1"
        assert len(page.ids) == len(set(page.ids))
        return page
    return read


def test_the_list_leads_to_a_page_for_every_code(page_at):
    listed = [link for link in page_at("/errors").links]
    assert listed == [f"errors/{code}" for code in catalogue()]


def test_each_page_says_what_it_is_and_what_to_do(page_at):
    for code in catalogue():
        page = page_at(f"/errors/{code}")
        words = re.sub(r"\s+", " ", page.text)
        assert f"({code}) – Errors of Golden Thread" in words
        assert re.search(rf"Code {code} (Status [45]\d\d )?What it means .+\. What to do .+\. $", words), words
        assert page.links == ["../errors"]


def test_it_tells_the_status_and_the_title_of_a_problem(page_at, api):
    problem = api.get("/v1/no-such-thing").json()
    page = page_at(problem["type"][len(api.url):])
    assert problem["title"] in page.text
    assert "Status\n404" in page.text


@pytest.mark.parametrize("code", ["no_such_code", "NOT_FOUND", "not-found", "%3Cscript%3E", "not_found%20", "ŵ"])
def test_what_is_no_code_is_404(api, code):
    answer = api.get(f"/errors/{code}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_it_cannot_answer_in_json(api):
    assert api.get("/errors/not_found", headers={"Accept": "application/json"}).status_code == 406
