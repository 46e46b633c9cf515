"""One request to a page, as the page's function sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from werkzeug.wrappers import Response

from services.chassis.request import Request
from services.portal.client.refusals import Problem, ServiceDown
from services.portal.client.services import Api
from services.portal.client.shelf import Shelf
from services.portal.help.views import HelpCard, help_card
from services.portal.settings import PortalSettings
from services.portal.web import times
from services.portal.web.forms import Form, read_form, refused_form
from services.portal.web.frame import Frame, Notice, Tone, navigation
from services.portal.web.headers import PAGE_HEADERS
from services.portal.web.language import Translator
from services.portal.web.rendering import Renderer
from services.portal.web.session import SignedIn, Visitor

FLASH_TONES: Mapping[str, Tone] = {"signin.needed": "info", "signin.ended": "warm"}


@dataclass
class Visit:
    """Who is there, what they sent, and how to answer. `visitor` is written back as a cookie."""

    request: Request
    t: Translator
    visitor: Visitor
    api: Api
    renderer: Renderer
    settings: PortalSettings
    now: datetime
    secure: bool
    https: bool
    shelf: Shelf
    trusted: bool = False
    notices: list[Notice] = field(default_factory=list)
    unread: int = 0

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a sent form; `trusted` says that it came from one of our pages."""
        return read_form(self.request.body)

    @property
    def person(self) -> SignedIn | None:
        """Who is signed in."""
        return self.visitor.signed_in

    @property
    def safe_connection(self) -> bool:
        """Can the browser keep a session here? Not over plain http to another machine."""
        return self.https or not self.secure

    @property
    def card(self) -> HelpCard:
        """Whom to call."""
        return help_card(self.settings.hotlines, self.t)

    def argument(self, name: str) -> str:
        """One value of the address's query, or nothing."""
        return str(self.request.args.get(name, "")).strip()

    @staticmethod
    def fresh_key() -> str:
        """A key that makes the form it stands in harmless to send twice."""
        return str(uuid4())

    def say(self, key: str, tone: Tone = "info", **values: object) -> None:
        """A sentence above this page."""
        self.say_text(self.t(key, **values), tone)

    def say_text(self, text: str, tone: Tone = "info") -> None:
        """The same with words that are already there."""
        self.notices.append(Notice(text, tone))

    def ask(self, service: str, path: str, otherwise: Any = None, **query: Any) -> Any:
        """Read something the page can do without: `otherwise` and a notice if it is away."""
        try:
            return self.api.get(service, path, **query)
        except ServiceDown:
            notice = Notice(self.t("failure.partly"), "warm")
            if notice not in self.notices:
                self.notices.append(notice)
            return otherwise

    def shared(self, service: str, path: str) -> Any:
        """Read something that is the same for everybody, in the page's language."""
        name = (service, path, self.t.language)
        return self.shelf.get(name, lambda: self.api.get(service, path))

    def page(self, template: str, *, status: int = 200, **view: Any) -> Response:
        """The page as HTML, with the sentence that was left for it."""
        self._show_flash()
        html = self.renderer.page(
            template,
            me=self.frame(),
            t=self.t,
            csrf_token=self.visitor.csrf,
            **view,
        )
        return Response(html, status=status, headers=PAGE_HEADERS, mimetype="text/html")

    def anonymous_page(self, template: str, **view: Any) -> Response:
        """A page without anything of the person, which the browser may keep."""
        html = self.renderer.page(template, me=Frame(path="/"), t=self.t, **view)
        return Response(html, headers=PAGE_HEADERS, mimetype="text/html")

    def frame(self) -> Frame:
        """What surrounds the page."""
        roles = self.visitor.roles
        path = self.request.path
        return Frame(
            path=self._address(),
            signed_in=self.person is not None,
            name=self.person.name if self.person else "",
            roles=roles,
            nav=navigation(roles, path, self.unread) if self.person else (),
            unread=self.unread,
            notices=tuple(self.notices),
        )

    def go(self, path: str, flash: str = "") -> Response:
        """To another page, where the sentence is shown."""
        if flash:
            self.visitor = self.visitor.with_flash(flash)
        return Response(status=303, headers={**PAGE_HEADERS, "Location": path})

    def refused(self, problem: Problem) -> Form:
        """The sent form with a service's refusal told at its fields."""
        return refused_form(self.form, problem, self.t)

    def failure(self, name: str, status: int, *, correlation: bool = False) -> Response:
        """One of the plain failure pages; all of them carry the help card."""
        view: Mapping[str, Any] = {
            "title": self.t(f"failure.{name}"),
            "text": self.t(f"failure.{name}_text"),
            "again": self._address() if self.request.method == "GET" else "/",
            "id": self.request.correlation_id if correlation else "",
            "card": self.card,
        }
        return self.page("failure.html", status=status, **view)

    def _address(self) -> str:
        if self.request.method != "GET":
            return "/"
        query = self.request.raw.query_string.decode("ascii", "ignore")
        return f"{self.request.path}?{query}" if query else self.request.path

    def _show_flash(self) -> None:
        key = self.visitor.flash
        if key and self.t.has(key):
            self.say(key, FLASH_TONES.get(key, "good"))
        self.visitor = replace(self.visitor, flash="")


def city_now(moment: datetime) -> datetime:
    """The moment in the city's time."""
    return moment.astimezone(times.CITY)


def local_path(wish: str, otherwise: str = "/") -> str:
    """A path on this site, or `otherwise`: never an address elsewhere."""
    harmless = wish.startswith("/") and not wish.startswith(("//", "/\\"))
    if not harmless or any(ord(sign) < 33 or sign == "\\" for sign in wish):
        return otherwise
    return wish
