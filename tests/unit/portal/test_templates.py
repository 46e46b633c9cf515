"""Every page as HTML: what the content security policy and accessibility ask of it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.portal.gallery import PAGES, a_page

TEMPLATES = Path("services/portal/templates")
VOID = {"meta", "link", "input", "img", "br", "path", "rect", "circle", "hr"}


class Page(HTMLParser):
    """Collects what the tests look at, and checks that tags nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.forms: list[str] = []
        self.inline: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self._labelled = 0
        self.tokens = 0
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._look(tag, given)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def _look(self, tag: str, given: dict[str, str | None]) -> None:
        self.ids += [given["id"]] if given.get("id") else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and not given.get("src"):
            self.inline.append("script")
        if tag == "style":
            self.inline.append("style")
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden"}:
            self.controls.append({**given, "in_label": "yes" if "label" in self._open else None})
        if tag == "form" and given.get("method") == "post":
            self.forms.append(str(given.get("action")))
        if tag == "input" and given.get("name") == "csrf":
            self.tokens += 1
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(str(given.get("href")))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
class TestEveryPage:
    def test_nothing_is_inline(self, name: str, language: str) -> None:
        assert Page(a_page(name, language)).inline == []

    def test_ids_are_unique(self, name: str, language: str) -> None:
        ids = Page(a_page(name, language)).ids

        assert sorted(ids) == sorted(set(ids))

    def test_every_control_has_a_label(self, name: str, language: str) -> None:
        page = Page(a_page(name, language))

        bare = [
            each
            for each in page.controls
            if not each["in_label"] and each.get("id") not in page.labels
        ]

        assert bare == []

    def test_every_form_that_changes_something_carries_the_token(
        self, name: str, language: str
    ) -> None:
        page = Page(a_page(name, language))

        assert page.tokens == len(page.forms)

    def test_help_is_in_reach_and_there_is_one_title(self, name: str, language: str) -> None:
        page = Page(a_page(name, language))

        assert "/help" in page.links
        assert page.headings.count(1) == 1

    def test_no_placeholder_is_left(self, name: str, language: str) -> None:
        text = re.sub(r"<[^>]*>", "", a_page(name, language))

        assert not re.search(r"\{[a-z]+\}|None", text)


def test_words_of_people_are_escaped() -> None:
    html = a_page("case", "zh", note="<script>alert(1)</script>")

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
