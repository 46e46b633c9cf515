"""A browser without scripts: keeps cookies, reads forms, and sends them as they stand."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests


@dataclass
class FormSeen:
    """A form of the page."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[FormSeen] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(FormSeen(given.get("action", "")))
        elif self.forms and tag == "input" and given.get("type") == "hidden":
            self.forms[-1].values[given["name"]] = given.get("value", "")
        elif self.forms and tag == "button" and given.get("name"):
            self.forms[-1].buttons.append((given["name"], given.get("value", "")))


class Browser:
    """One person's browser."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.page: requests.Response | None = None

    def get(self, path: str, **options: object) -> requests.Response:
        """Open a page."""
        self.page = self.session.get(self.base + path, timeout=20, **options)
        return self.page

    def form(self, action: str) -> FormSeen:
        """The form of this page that goes there."""
        assert self.page is not None
        return next(each for each in _Reader(self.page.text).forms if each.action == action)

    def send(self, action: str, **values: str) -> requests.Response:
        """Fill the form in and send it."""
        data = {**self.form(action).values, **values}
        self.page = self.session.post(self.base + action, data=data, timeout=20)
        return self.page
