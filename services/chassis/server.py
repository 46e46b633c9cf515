"""The HTTP server of a service, and the one place that answers what no route does."""

import socket
from typing import Any

import eventlet
import structlog
import werkzeug
from eventlet import wsgi
from nameko.web.server import BindAddress, WebServer
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import Map
from werkzeug.wrappers import Response

from services.chassis.connection import HttpConnection
from services.chassis.context import enter, new_context
from services.chassis.errors import InvalidInput, NotFound, ServiceError
from services.chassis.incoming import Environ
from services.chassis.logs import get_logger
from services.chassis.metrics import HTTP_REQUESTS
from services.chassis.request import BodyTooLarge, Request
from services.chassis.response import SECURITY_HEADERS, problem_response
from services.chassis.tracing import LOGGED, METHOD, ROUTE, STATUS, Kind, Span

log = get_logger()

IDLE_SECONDS = 60
BACKLOG = 1024
UNTRACED = ("/health/", "/metrics")
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


class NotHttp(InvalidInput):
    """The bytes are no HTTP request, or ask for more than is read."""

    code = "not-http"
    title = "This is no HTTP/1.1 request"


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
        """eventlet's, which here only knows the application and the time limit."""
        return wsgi.Server(
            sock,
            sock.getsockname(),
            wsgi_app,
            protocol=HttpConnection,
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
        except Exception as error:
            log.error("connection-broken", error=type(error).__name__, exc_info=True)

    def make_url_map(self) -> Map:
        """The routes of every entrypoint of the service."""
        routes = Map(strict_slashes=True, merge_slashes=False)
        for provider in self._providers:
            rule = provider.get_url_rule()
            rule.endpoint = provider
            routes.add(rule)
        return routes


class HttpApp:
    """Finds the route, counts, and puts the common headers on."""

    def __init__(self, server: HttpServer) -> None:
        self._container = server.container
        self._tracer = server.container.runtime.tracer
        self._routes = server.make_url_map().bind("")
        self._counters: dict[tuple[str, str, int], Any] = {}

    @property
    def stopping(self) -> bool:
        """Whether whoever calls next should call another process."""
        return bool(self._container.stopping)

    def begin(self) -> None:
        """A request is at work: the container waits for it before it stops."""
        self._container.requests_open += 1

    def end(self) -> None:
        """Its answer was sent."""
        self._container.requests_open -= 1

    def answer(self, environ: Environ) -> Response:
        """The answer to one request; never raises."""
        raw = werkzeug.Request(environ)
        request = Request(raw, self._container.runtime.settings.trusted_proxies)
        structlog.contextvars.bind_contextvars(
            service=self._container.service_name, correlation_id=request.correlation_id
        )
        span = None
        try:
            entrypoint, values = self._routes.match(raw.path, raw.method)
            request.path_values = values
            span = self._begin_span(request, entrypoint.url)
            enter(request.context)
            response, route = entrypoint.handle_request(request), entrypoint.url
        except HTTPException as error:
            response = problem_response(_refusal(error), request.correlation_id)
            route = "none"
        if span is not None:
            _end(span, request, response.status_code)
        return self._finished(response, request.correlation_id, request.method, route)

    def unreadable(self, status: int) -> Response:
        """The answer where the bytes are no request."""
        correlation_id = new_context().correlation_id
        response = problem_response(NotHttp(), correlation_id)
        response.status_code = status
        return self._finished(response, correlation_id, "other", "none")

    def _begin_span(self, request: Request, route: str) -> Span | None:
        if self._tracer is None:
            return None
        if route.startswith(UNTRACED):
            structlog.contextvars.unbind_contextvars(*LOGGED)
            return None
        attributes = {METHOD: request.method, ROUTE: route}
        name = f"{request.method} {route}"
        span: Span = self._tracer.begin(request.context, Kind.SERVER, name, attributes)
        request.context = span.context
        structlog.contextvars.bind_contextvars(**span.logged())
        return span

    def _finished(
        self, response: Response, correlation_id: str, method: str, route: str
    ) -> Response:
        headers = response.headers
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Correlation-Id", correlation_id)
        if response.status_code in {411, 413}:
            headers["Connection"] = "close"
        self._count(method if method in METHODS else "other", route, response.status_code)
        return response

    def _count(self, method: str, route: str, status: int) -> None:
        key = (method, route, status)
        if key not in self._counters:
            name = self._container.service_name
            self._counters[key] = HTTP_REQUESTS.labels(name, method, route, str(status))
        self._counters[key].inc()


def _end(span: Span, request: Request, status: int) -> None:
    span.end(request.failure or (str(status) if status >= 500 else ""), {STATUS: status})


def _refusal(error: HTTPException) -> ServiceError:
    if isinstance(error, NoSuchPath):
        return NoSuchRoute()
    if isinstance(error, MethodNotAllowed):
        return MethodNotOffered(headers={"Allow": ", ".join(sorted(error.valid_methods or ()))})
    if isinstance(error, RequestEntityTooLarge):
        return BodyTooLarge()
    return InvalidInput(error.description or "")
