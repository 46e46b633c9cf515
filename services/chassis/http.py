"""The `@http` entrypoint: who may call, what is read, and how every answer looks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import Schema
from nameko.exceptions import ContainerBeingKilled
from nameko.web.handlers import HttpRequestHandler
from werkzeug.wrappers import Response

from services.chassis.access import ACCESS, INTERNAL
from services.chassis.container import HuixinWorkerContext
from services.chassis.doors import Door
from services.chassis.errors import (
    NotAllowed,
    NotAuthenticated,
    NotFound,
    ServiceError,
    Unavailable,
)
from services.chassis.idempotency import IdempotentCall
from services.chassis.logs import get_logger
from services.chassis.request import Request, load, refuse_nul
from services.chassis.response import json_response, problem_response
from services.chassis.server import HttpServer

__all__ = ["INTERNAL", "Request", "Response", "http", "json_response"]

log = get_logger()

DEFAULT_LIMIT = 64 * 1024
READS = frozenset({"GET", "HEAD"})
ESCAPED_NUL = rb"\u0000"


class InternalError(ServiceError):
    """A bug or an outage; what it was stands in the log under the correlation id."""

    code = "internal-error"
    status = 500
    title = "Something went wrong on our side"


class HttpEntrypoint(HttpRequestHandler):
    """A route. `action` names a row of the access table; None opens it to everybody.

    `callers` are the services whose tokens an internal route takes; no other route has any.
    `door` guards a route without an action, where it is not for persons with a role.
    `body` and `query` are marshmallow schemas, `answer` dumps what the method returns;
    `documents` describes a body that the method reads itself, `files` names the content types of
    one that is no JSON;
    `problem_members(request)` adds members to every problem document of the route.
    """

    server = HttpServer()
    problem_schema: ClassVar[type[Schema] | None] = None

    def __init__(
        self,
        method: str,
        url: str,
        *,
        action: str | None,
        callers: Collection[str] = (),
        door: Door | None = None,
        body: type[Schema] | None = None,
        documents: type[Schema] | None = None,
        files: Sequence[str] = (),
        query: type[Schema] | None = None,
        answer: type[Schema] | None = None,
        status: int = 200,
        limit: int = DEFAULT_LIMIT,
        idempotent: bool = True,
        pool: str = "web",
        summary: str = "",
        errors: Sequence[type[ServiceError]] = (),
        problem_members: Callable[[Request], Mapping[str, Any]] | None = None,
    ) -> None:
        super().__init__(method, url)
        if action not in {None, INTERNAL} and action not in ACCESS:
            raise ValueError(f"{method} {url}: no action {action!r} in the access table")
        if (action == INTERNAL) != bool(callers):
            raise ValueError(f"{method} {url}: an internal route, and no other, names its callers")
        if action is not None and door is not None:
            raise ValueError(f"{method} {url}: a route has an action or a door of its own")
        self.action, self.callers, self.door = action, frozenset(callers), door
        self.body, self.query, self.status, self.limit = body, query, status, limit
        self.documents, self.files = documents or body, tuple(files)
        self.answer_schema = answer
        self._dump = answer() if answer else None
        self.idempotent = idempotent and method not in READS and action != INTERNAL
        self.pool = pool
        self.summary, self.errors, self.problem_members = summary, tuple(errors), problem_members

    def setup(self) -> None:
        """Put the service's name where the path asks for it, and register the route."""
        self.url: str = self.address(self.container.service_name)
        super().setup()

    def address(self, service: str) -> str:
        """The path as the service answers it."""
        return str(self.url.replace("{service}", service))

    def handle_request(self, request: Request) -> Response:
        """Admit the request, run the method in a worker, and answer; never raises."""
        try:
            self._admit(request)
            return self._run(request)
        except ServiceError as refusal:
            return self._refuse(request, refusal)
        except ContainerBeingKilled:
            return self._refuse(request, Unavailable("shutting down"))
        except Exception as error:
            request.failure = type(error).__name__
            log.error("request-failed", route=self.url, error=request.failure, exc_info=True)
            return self._refuse(request, InternalError())

    def call(self, worker: HuixinWorkerContext, method: Callable[..., Any]) -> Response:
        """In the worker: the method's result as an answer, idempotent where a key is given."""
        request: Request = worker.args[0]
        keyed = self._keyed(request)
        if keyed is None or worker.transaction is None:
            return self._respond(worker, method)
        return self._call_once(worker, method, request, keyed)

    def _keyed(self, request: Request) -> IdempotentCall | None:
        if not self.idempotent:
            return None
        return IdempotentCall.of(
            request, f"{self.method} {self.url}", self.container.runtime.keyring
        )

    def _admit(self, request: Request) -> None:
        self._identify(request)
        request.read_body(self.limit)
        if "\0" in request.path:
            raise NotFound
        if self.query is not None:
            values = request.args.to_dict()
            refuse_nul(values)
            request.query = load(self.query, values)
        if self.body is not None:
            request.expect_json()
            document = request.json()
            if ESCAPED_NUL in request.body:
                refuse_nul(document)
            request.data = load(self.body, document)

    def _identify(self, request: Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        runtime = self.container.runtime
        if self.action == INTERNAL:
            request.caller = runtime.service_tokens.check(token)
            if request.caller not in self.callers:
                raise NotAllowed
            return
        if token and scheme.lower() == "bearer":
            self._identify_person(request, token)
        elif self.action is not None:
            raise NotAuthenticated(headers={"WWW-Authenticate": "Bearer"})
        if self.door is not None:
            self.door.check(request, runtime)

    def _identify_person(self, request: Request, token: str) -> None:
        try:
            principal = self.container.runtime.tokens.principal(token)
        except ServiceError:
            if self.action is None:
                return
            raise
        request.principal_or_none = principal
        request.context = request.context.acting(principal.person)
        if self.action is not None:
            request.scope = principal.scope_of(self.action)
            if request.scope is None:
                raise NotAllowed

    def _run(self, request: Request) -> Response:
        response: Response = self.container.run_worker(
            self, (request,), request.path_values, request.context
        )
        return response

    def _call_once(
        self,
        worker: HuixinWorkerContext,
        method: Callable[..., Any],
        request: Request,
        keyed: IdempotentCall,
    ) -> Response:
        transaction, keyring = worker.transaction, self.container.runtime.keyring
        assert transaction is not None  # noqa: S101  # the caller looked
        transaction.hold()
        answered = keyed.answered(transaction.connection, keyring)
        if answered is not None:
            return answered
        try:
            response = self._respond(worker, method)
        except ServiceError as refusal:
            if not transaction.kept:
                raise
            response = self._refuse(request, refusal)
        except Exception:
            if transaction.kept:
                keyed.release(transaction.connection)
                transaction.finish()
            raise
        if transaction.kept:
            correlation_id = transaction.context.correlation_id
            keyed.keep(transaction.connection, keyring, response, correlation_id)
            transaction.finish()
        return response

    def _respond(self, worker: HuixinWorkerContext, method: Callable[..., Any]) -> Response:
        result = response = method(*worker.args, **worker.kwargs)
        if not isinstance(result, Response):
            document = self._dump.dump(result) if self._dump and result is not None else result
            empty = document is None and self.status == 204
            response = Response(status=204) if empty else json_response(document, self.status)
        if worker.transaction is not None:
            response.headers.setdefault("Correlation-Id", worker.transaction.context.correlation_id)
        answer: Response = response
        return answer

    def _refuse(self, request: Request, refusal: ServiceError) -> Response:
        members = self.problem_members(request) if self.problem_members else {}
        members = {**members, **request.problem_members}
        return problem_response(refusal, request.correlation_id, members)


http = HttpEntrypoint.decorator
