"""Where every request to a page arrives: who is it, may they enter, and what goes wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Response

from services.chassis.clock import Clock
from services.chassis.logs import get_logger
from services.chassis.request import Request
from services.portal.client.refusals import Refused, ServiceDown, SignInNeeded
from services.portal.client.services import Api, Pools
from services.portal.client.shelf import Shelf
from services.portal.settings import PortalSettings
from services.portal.web import cookies
from services.portal.web.csrf import comes_from_our_page
from services.portal.web.forms import sentence
from services.portal.web.frame import may_open
from services.portal.web.headers import HSTS
from services.portal.web.language import Translator, chosen_language
from services.portal.web.rendering import Renderer
from services.portal.web.renewal import Renewals
from services.portal.web.session import (
    Sealer,
    SignedIn,
    Visitor,
    open_visitor,
    seal_visitor,
    signed_in_from,
)
from services.portal.web.visit import Visit, city_now

log = get_logger()

Handler = Callable[..., Response]
SIGN_IN = "/sign-in"


@dataclass(frozen=True)
class Gate:
    """Who may enter: everybody, whoever is signed in, or the roles of one door.

    `lenient` forms are taken without proof of where they come from: nobody who asks for help is
    turned away for a lost cookie. Their page must not act as the signed-in person then.
    """

    signed_in: bool = False
    door: str = ""
    lenient: bool = False

    @property
    def open(self) -> bool:
        """Whether the page is for everybody."""
        return not (self.signed_in or self.door)


@dataclass
class Desk:
    """Serves pages; made once per process."""

    settings: PortalSettings
    sealer: Sealer
    pools: Pools
    renderer: Renderer
    clock: Clock
    renewals: Renewals = field(default_factory=Renewals)
    shelf: Shelf = field(default_factory=Shelf)

    def serve(
        self, request: Request, gate: Gate, handler: Handler, values: Mapping[str, Any]
    ) -> Response:
        """The handler's answer, or the page that says why not; with the cookie as it is now."""
        visit = self._visit(request)
        known = visit.visitor
        response = self._answer(visit, gate, handler, values)
        self._finish(visit, known, response)
        return response

    def _answer(
        self, visit: Visit, gate: Gate, handler: Handler, values: Mapping[str, Any]
    ) -> Response:
        try:
            self._renew_for(visit, gate)
            refusal = self._refusal(visit, gate)
            return refusal if refusal is not None else handler(visit, **values)
        except SignInNeeded:
            return self._to_sign_in(visit, ended=visit.person is not None)
        except ServiceDown as down:
            log.warning("service-down", peer=down.service, reason=down.reason)
            return visit.failure("down", 503)
        except Refused as refused:
            return _refused_page(visit, refused)
        except Exception as error:
            log.error("page-failed", error=type(error).__name__, exc_info=True)
            return visit.failure("wrong", 500, correlation=True)

    def _refusal(self, visit: Visit, gate: Gate) -> Response | None:
        if visit.request.method == "POST":
            visit.trusted = comes_from_our_page(
                visit.visitor, visit.form, visit.request.headers.get("Sec-Fetch-Site")
            )
            if not visit.trusted and not gate.lenient:
                return visit.failure("expired", 403)
        if not gate.open and visit.person is None:
            return self._to_sign_in(visit, ended=False)
        if gate.door and not may_open(gate.door, visit.visitor.roles):
            return visit.failure("not_allowed", 403)
        return None

    def _visit(self, request: Request) -> Visit:
        https = cookies.is_https(request.headers.get("X-Forwarded-Proto"), request.raw.scheme)
        secure = cookies.secure_for(request.raw.host, https=https)
        cookie = request.cookies.get(cookies.session_cookie_name(secure=secure), "")
        visitor = open_visitor(cookie, self.sealer) if cookie else None
        visitor = visitor or Visitor()
        t = Translator(chosen_language(request.cookies.get(cookies.LANGUAGE)))
        token = visitor.signed_in.access_token if visitor.signed_in else None
        headers = {
            "Accept-Language": t.language,
            "Correlation-Id": request.correlation_id,
            "X-Forwarded-For": request.remote_addr,
        }
        return Visit(
            request=request,
            t=t,
            visitor=visitor,
            api=Api(self.pools, token, headers),
            renderer=self.renderer,
            settings=self.settings,
            now=city_now(self.clock.now()),
            secure=secure,
            https=https,
            shelf=self.shelf,
        )

    def _renew_for(self, visit: Visit, gate: Gate) -> None:
        """An open page goes on without the person whose tokens cannot be renewed."""
        try:
            self._renew(visit)
        except ServiceDown as down:
            if not gate.open:
                raise
            log.warning("service-down", peer=down.service, reason=down.reason)
            visit.visitor = replace(visit.visitor, signed_in=None)
        except SignInNeeded:
            if not gate.open or (visit.request.method == "POST" and not gate.lenient):
                raise
            visit.visitor = Visitor(flash="signin.ended")
        else:
            return
        visit.api = visit.api.as_person(None)

    def _renew(self, visit: Visit) -> None:
        person = visit.person
        if person is None or not person.needs_renewal(self.clock.now().timestamp()):
            return
        try:
            fresh = self.renewals.renew(person, lambda old: self._fresh(visit, old))
        except ServiceDown:
            if self.clock.now().timestamp() < person.access_until:
                return
            raise
        except Refused as refused:
            raise SignInNeeded from refused
        visit.visitor = visit.visitor.renewed(fresh)
        visit.api = visit.api.as_person(fresh.access_token)

    def _fresh(self, visit: Visit, person: SignedIn) -> SignedIn:
        stranger = visit.api.as_person(None)
        body = {"refresh_token": person.refresh_token}
        answer = stranger.post("accounts", "/sessions/refresh", body)
        return signed_in_from(answer, self.clock.now().timestamp())

    def _to_sign_in(self, visit: Visit, *, ended: bool) -> Response:
        if visit.request.headers.get("HX-Request"):
            return Response(status=401)
        back = visit.request.path if visit.request.method == "GET" else "/"
        if ended:
            visit.visitor = Visitor()
        target = SIGN_IN if back == "/" else f"{SIGN_IN}?next={quote(back)}"
        return visit.go(target, "signin.ended" if ended else "signin.needed")

    def _finish(self, visit: Visit, known: Visitor, response: Response) -> None:
        secure = visit.secure
        if visit.https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        came = visit.request.cookies.get(cookies.session_cookie_name(secure=secure))
        page = response.mimetype == "text/html" or response.status_code == 303
        kept = _kept(visit.visitor, known)
        if kept != known or (not came and page):
            cookies.set_session(response, seal_visitor(kept, self.sealer), secure=secure)


def _kept(visitor: Visitor, known: Visitor) -> Visitor:
    """What the cookie holds: whoever was only set aside, as accounts was away, stays signed in."""
    aside = visitor.signed_in is None and visitor.csrf == known.csrf
    return replace(visitor, signed_in=known.signed_in) if aside else visitor


def _refused_page(visit: Visit, refused: Refused) -> Response:
    problem = refused.problem
    pages = {403: "not_allowed", 404: "not_found"}
    if problem.status in pages:
        return visit.failure(pages[problem.status], problem.status)
    visit.say_text(sentence(problem, visit.t), "alarm")
    return visit.failure("wrong", problem.status, correlation=True)
