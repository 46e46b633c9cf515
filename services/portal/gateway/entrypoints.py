"""Where no ingress stands before the services, the portal passes `/api/<service>/…` on."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import urllib3
from urllib3.exceptions import HTTPError
from werkzeug.wrappers import Response

from services.chassis.errors import NotFound, Unavailable
from services.chassis.http import http
from services.chassis.request import Request
from services.chassis.response import problem_response
from services.portal.client.refusals import ServiceDown
from services.portal.help.views import help_card
from services.portal.settings import MEGABYTE
from services.portal.web.desk import Desk
from services.portal.web.language import Translator, chosen_language
from services.portal.wiring import DeskProvider

PATH = "/api/<any(accounts, assessment, booking, notification, reporting):service>/<path:rest>"
MOST = 12 * MEGABYTE
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_PASSED_ON = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
        "host",
        "cookie",
        "set-cookie",
        "traceparent",
        "tracestate",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "accept-encoding",
        "server",
        "date",
    }
)
CHUNK = 64 * 1024


class NoGateway(NotFound):
    """This portal is no gateway: an ingress routes `/api`."""

    code = "no-gateway"
    title = "There is nothing at this path"


class ServiceAway(Unavailable):
    """The service behind the path does not answer."""

    code = "service-away"
    title = "This part of the system does not answer at the moment"


class GatewayEntrypoints:
    """Passing on, and nothing else: never `/internal`, never cookies."""

    desk: Desk = DeskProvider()

    def _pass_on(self, request: Request, service: str, rest: str) -> Response:
        settings = self.desk.settings
        if not settings.gateway or any(part in {"", ".", ".."} for part in rest.split("/")):
            raise NoGateway
        try:
            answer = self.desk.pools.send(
                service,
                request.method,
                _target(request, service, rest),
                headers=_headers(request),
                body=request.body or None,
                whole=False,
            )
        except ServiceDown:
            return self._away(request, service)
        headers = [pair for pair in answer.headers.items() if pair[0].lower() not in NOT_PASSED_ON]
        return Response(_pieces(answer), status=answer.status, headers=headers)

    def _away(self, request: Request, service: str) -> Response:
        """A refusal of assessment carries the help card, also where assessment is away."""
        members: dict[str, Any] = {}
        if service == "assessment":
            t = Translator(chosen_language(request.language))
            lines = help_card(self.desk.settings.hotlines, t).lines
            members["support"] = {
                "title": t("help.title"),
                "message": t("help.card_lead"),
                "lines": [
                    {"number": line.number, "title": line.name, "note": line.note} for line in lines
                ],
            }
        return problem_response(ServiceAway(service), request.correlation_id, members)

    @http("GET", PATH, action=None, summary="Passed on to the service")
    def pass_get(self, request: Request, service: str, rest: str) -> Response:
        """Read."""
        return self._pass_on(request, service, rest)

    @http("POST", PATH, action=None, idempotent=False, limit=MOST, summary="Passed on")
    def pass_post(self, request: Request, service: str, rest: str) -> Response:
        """Write."""
        return self._pass_on(request, service, rest)

    @http("PUT", PATH, action=None, idempotent=False, limit=MOST, summary="Passed on")
    def pass_put(self, request: Request, service: str, rest: str) -> Response:
        """Replace."""
        return self._pass_on(request, service, rest)

    @http("PATCH", PATH, action=None, idempotent=False, limit=MOST, summary="Passed on")
    def pass_patch(self, request: Request, service: str, rest: str) -> Response:
        """Change."""
        return self._pass_on(request, service, rest)

    @http("DELETE", PATH, action=None, idempotent=False, limit=MOST, summary="Passed on")
    def pass_delete(self, request: Request, service: str, rest: str) -> Response:
        """Remove."""
        return self._pass_on(request, service, rest)


def _target(request: Request, service: str, rest: str) -> str:
    query = request.raw.query_string.decode("latin-1")
    path = f"/api/{service}/{quote(rest, safe='/:@,;=+!$&()*~')}"
    return f"{path}?{query}" if query else path


def _headers(request: Request) -> dict[str, str]:
    passed = {
        name: value for name, value in request.headers.items() if name.lower() not in NOT_PASSED_ON
    }
    return {
        **passed,
        "Accept-Encoding": "identity",
        "Correlation-Id": request.correlation_id,
        "X-Forwarded-For": request.remote_addr,
    }


def _pieces(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """The body piece by piece; a service that breaks off in the middle ends the answer."""
    try:
        yield from answer.stream(CHUNK, decode_content=False)
    except HTTPError:
        return
    finally:
        answer.release_conn()
