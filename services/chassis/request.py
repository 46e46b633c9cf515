"""One HTTP request as an entrypoint sees it: who asks, how far they reach, what they sent."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

import msgspec
import werkzeug
from marshmallow import RAISE, Schema, ValidationError
from werkzeug.datastructures import MultiDict

from services.chassis.access import Principal, Scope
from services.chassis.context import Context, new_context
from services.chassis.errors import (
    FieldError,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    UnprocessableInput,
)
from services.chassis.traceparent import read, trace_id_of

CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")


class MalformedJson(InvalidInput):
    """The body is not JSON."""

    code = "malformed-json"


class LengthRequired(InvalidInput):
    """A body came without its length."""

    code = "length-required"
    status = 411
    title = "Send the body with a Content-Length"


class NotJson(InvalidInput):
    """The body says that it is something else."""

    code = "unsupported-media-type"
    status = 415
    title = "Send the body as application/json"


class BodyTooLarge(InvalidInput):
    """The body is larger than this route takes."""

    code = "body-too-large"
    status = 413
    title = "The body is too large"


class Request:
    """What came in. `data` and `query` are the loaded schemas' values, where a route has them;
    `caller` is the service that calls an internal route, `guest` whom a route's door let in.
    `problem_members` go into every problem document that answers it, whatever went wrong;
    `failure` is the type of a bug or an outage.
    """

    principal_or_none: Principal | None = None
    caller: str = ""
    guest: Any = None
    failure: str = ""
    scope: Scope | None = None
    data: Any = None
    query: Any = None

    def __init__(
        self, raw: werkzeug.Request, proxies: Sequence[IPv4Network | IPv6Network] = ()
    ) -> None:
        self.raw = raw
        self.path_values: Mapping[str, Any] = {}
        self.headers = raw.headers
        self.method = raw.method
        self.path = raw.path
        self._proxies = proxies
        self.body = b""
        self.context = _context(raw, proxies)
        self.problem_members: dict[str, Any] = {}

    @property
    def args(self) -> MultiDict[str, str]:
        """The query's parameters as they came."""
        return self.raw.args

    @property
    def cookies(self) -> MultiDict[str, str]:
        """What the browser keeps for us."""
        return self.raw.cookies

    @cached_property
    def remote_addr(self) -> str:
        """Who called: behind proxies of ours, the address they name."""
        return client_address(self.raw, self._proxies)

    @property
    def correlation_id(self) -> str:
        """The loop this request belongs to."""
        return self.context.correlation_id

    @property
    def principal(self) -> Principal:
        """Who asks; raises NotAuthenticated where nobody is signed in."""
        if self.principal_or_none is None:
            raise NotAuthenticated
        return self.principal_or_none

    def require(self, action: str) -> None:
        """For what not everybody may have of a route: NotAuthenticated, NotAllowed."""
        if self.principal.scope_of(action) is None:
            raise NotAllowed

    @property
    def language(self) -> str:
        """`zh` or `en`, as the browser prefers; Chinese where it does not say."""
        return self.raw.accept_languages.best_match(["zh", "en"], default="zh") or "zh"

    def read_body(self, limit: int) -> None:
        """Read the body; refuses one that is too large or does not say its length."""
        environ = self.raw.environ
        if "CONTENT_LENGTH" not in environ:
            if "HTTP_TRANSFER_ENCODING" in environ:
                raise LengthRequired
            return
        length = int(environ["CONTENT_LENGTH"])
        if length > limit:
            raise BodyTooLarge(f"at most {limit} bytes")
        self.body = environ["wsgi.input"].read(length)
        if len(self.body) < length:
            raise InvalidInput("the body ended early")

    def json(self) -> Any:
        """The body as JSON; raises MalformedJson saying where it stops making sense."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise MalformedJson(
                str(error), errors=[FieldError("body", "expected a JSON document", "malformed")]
            ) from error

    def expect_json(self) -> None:
        """Raise NotJson where the body says that it is anything else."""
        if not self.raw.is_json and "CONTENT_TYPE" in self.raw.environ:
            fault = FieldError("Content-Type", "expected application/json", "type")
            raise NotJson(errors=[fault])


def refuse_nul(document: Any) -> None:
    """Raise UnprocessableInput for text with NUL characters, which no database here keeps."""
    waiting = [("", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(path, name) for name in value]
            waiting += [(_join(path, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(_join(path, str(number)), inner) for number, inner in enumerate(value)]
        elif isinstance(value, str) and "\0" in value:
            fault = FieldError(path or "body", "expected text without NUL characters", "nul")
            raise UnprocessableInput(errors=[fault])


def load(schema: type[Schema] | Schema, document: Any) -> Any:
    """Load JSON by a schema; raises UnprocessableInput naming each field."""
    instance = schema if isinstance(schema, Schema) else _instance(schema)
    if not isinstance(document, Mapping):
        raise UnprocessableInput(errors=[FieldError("body", "expected an object", "type")])
    try:
        return instance.load(document)
    except ValidationError as error:
        raise UnprocessableInput(errors=list(field_errors(error.messages))) from error


@cache
def _instance(schema: type[Schema]) -> Schema:
    # Making one copies every field, which costs more than loading a query does.
    return schema(unknown=RAISE)


def field_errors(messages: Any, path: str = "") -> list[FieldError]:
    """marshmallow's tree of messages as a flat list with dotted paths."""
    if isinstance(messages, Mapping):
        return [
            found
            for name, inner in messages.items()
            for found in field_errors(inner, _join(path, str(name)))
        ]
    if isinstance(messages, (list, tuple)):
        return [found for inner in messages for found in field_errors(inner, path)]
    return [FieldError(path or "body", str(messages))]


def client_address(raw: werkzeug.Request, proxies: Sequence[IPv4Network | IPv6Network]) -> str:
    """Who called: the last address of the forwarding chain that is no proxy of ours."""
    chain = [*raw.access_route, raw.remote_addr or ""] if proxies else [raw.remote_addr or ""]
    address = ""
    for address in reversed(chain):
        if not _is_proxy(address, proxies):
            break
    return address


def _is_proxy(address: str, proxies: Sequence[IPv4Network | IPv6Network]) -> bool:
    try:
        return any(ip_address(address) in network for network in proxies)
    except ValueError:
        return False


def _join(path: str, name: str) -> str:
    if name == "_schema":
        return path
    return f"{path}.{name}" if path else name


def _context(raw: werkzeug.Request, proxies: Sequence[IPv4Network | IPv6Network]) -> Context:
    asked = raw.environ.get("HTTP_CORRELATION_ID", "")
    context = Context(asked) if CORRELATION.fullmatch(asked) else new_context()
    traceparent = raw.environ.get("HTTP_TRACEPARENT")
    if traceparent is None or not _is_cause(traceparent, context, raw, proxies):
        return context
    return context.under(traceparent)


def _is_cause(
    traceparent: str,
    context: Context,
    raw: werkzeug.Request,
    proxies: Sequence[IPv4Network | IPv6Network],
) -> bool:
    """A span of the same loop, or one that a proxy of ours names; a stranger's is left out."""
    found = read(traceparent)
    if found is None:
        return False
    return found[0] == trace_id_of(context.correlation_id) or _is_proxy(
        raw.remote_addr or "", proxies
    )
