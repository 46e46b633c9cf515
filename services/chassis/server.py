"""The HTTP server of a service: eventlet's, behind one place that answers what no route does."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import structlog
import werkzeug
from eventlet import wsgi
from nameko.web.server import BindAddress, HttpOnlyProtocol, WebServer
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import Map
from werkzeug.wrappers import Response

from services.chassis.errors import InvalidInput, NotFound, ServiceError
from services.chassis.logs import get_logger
from services.chassis.metrics import HTTP_REQUESTS
from services.chassis.request import BodyTooLarge, Request
from services.chassis.response import SECURITY_HEADERS, problem_response

log = get_logger()

IDLE_SECONDS = 60
BACKLOG = 1024
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class NoSuchRoute(NotFound):
    """The path leads nowhere."""

    code = "no-such-route"
    title = "There is nothing at this path"


class MethodNotOffered(InvalidInput):
    """The path is right, the method is not."""

    code = "method-not-allowed"
    status = 405
    title = "This path does not take this method"


class HttpServer(WebServer):
    """nameko's web server on the service's own address."""

    _starting: bool
    _sock: Any

    @property
    def bind_addr(self) -> BindAddress:
        """Where the settings say."""
        settings = self.container.runtime.settings
        return BindAddress(settings.bind_host, settings.http_port)

    def start(self) -> None:
        """Listen, alone: eventlet would share the port with another system in silence."""
        if self._starting:
            return
        self._starting = True
        self._sock = eventlet.listen(self.bind_addr, backlog=BACKLOG, reuse_port=False)
        self._sock.settimeout(None)
        self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app())
        self._gt = self.container.spawn_managed_thread(self.run)

    def get_wsgi_app(self) -> "HttpApp":
        """Ours, which answers everything in one manner."""
        return HttpApp(self)

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, **_options: Any) -> Any:
        """eventlet's server without its own log lines, which would hold paths and addresses."""
        return wsgi.Server(
            sock,
            sock.getsockname(),
            wsgi_app,
            protocol=HttpOnlyProtocol,
            debug=False,
            log_output=False,
            socket_timeout=IDLE_SECONDS,
        )

    def process_request(self, sock: Any, address: Any) -> None:
        """Serve one connection; a client that goes away is no reason to stop the service."""
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            super().process_request(sock, address)
        except (OSError, ValueError, EOFError) as error:
            log.debug("connection-ended", error=type(error).__name__)

    def make_url_map(self) -> Map:
        """The routes of every entrypoint of the service."""
        routes = Map(strict_slashes=True, merge_slashes=False)
        for provider in self._providers:
            rule = provider.get_url_rule()
            rule.endpoint = provider
            routes.add(rule)
        return routes


class HttpApp:
    """The WSGI application: finds the route, counts, and puts the common headers on."""

    def __init__(self, server: HttpServer) -> None:
        self._container = server.container
        self._routes = server.make_url_map()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        raw = werkzeug.Request(environ)
        request = Request(raw, self._container.runtime.settings.trusted_proxies)
        structlog.contextvars.bind_contextvars(correlation_id=request.correlation_id)
        self._container.requests_open += 1
        try:
            response, route = self._answer(raw, request)
            self._finish(response, request, route)
            answer: Iterable[bytes] = response(environ, start_response)
            return answer
        finally:
            self._container.requests_open -= 1

    def _answer(self, raw: werkzeug.Request, request: Request) -> tuple[Response, str]:
        adapter = self._routes.bind_to_environ(raw.environ)
        try:
            entrypoint, values = adapter.match()
            request.path_values = dict(values)
            return entrypoint.handle_request(request), entrypoint.url
        except HTTPException as error:
            return problem_response(_refusal(error), request.correlation_id), "none"

    def _finish(self, response: Response, request: Request, route: str) -> None:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Correlation-Id", request.correlation_id)
        if response.status_code in {411, 413}:
            response.headers["Connection"] = "close"
        service = self._container.service_name
        method = request.method if request.method in METHODS else "other"
        HTTP_REQUESTS.labels(service, method, route, str(response.status_code)).inc()


def _refusal(error: HTTPException) -> ServiceError:
    if isinstance(error, NoSuchPath):
        return NoSuchRoute()
    if isinstance(error, MethodNotAllowed):
        return MethodNotOffered(headers={"Allow": ", ".join(sorted(error.valid_methods or ()))})
    if isinstance(error, RequestEntityTooLarge):
        return BodyTooLarge()
    return InvalidInput(error.description or "")
