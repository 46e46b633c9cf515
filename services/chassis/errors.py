"""Refusals a caller can act on, and the one place that turns them into problem documents.

* ServiceError
  + InvalidInput         the request makes no sense               400
    - UnprocessableInput the fields it names are wrong            422
  + NotAuthenticated     nobody is signed in                      401
  + NotAllowed           not for this person                      403
  + NotFound             there is no such thing, or not yours     404
  + Conflict             it makes sense, but not now              409
  + TooManyRequests      later, please                            429
  + Unavailable          something this needs is away             503
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its dotted path, what was expected, and a code."""

    field: str
    message: str
    code: str = "invalid"

    def as_dict(self) -> dict[str, str]:
        """The form it has in a problem document."""
        return {"field": self.field, "message": self.message, "code": self.code}


class ServiceError(Exception):
    """A refusal the caller can act on; anything else that is raised is a bug or an outage."""

    code: ClassVar[str] = "service-error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "The request was refused"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.members = dict(members or {})
        self.headers = dict(headers or {})


class InvalidInput(ServiceError):
    """The request makes no sense."""

    code = "invalid-input"
    status = 400
    title = "The request cannot be read"


class UnprocessableInput(InvalidInput):
    """The request can be read, but the fields it names are wrong; without any, `field` is."""

    code = "invalid-fields"
    status = 422
    title = "Some fields are not as expected"
    field: ClassVar[str] = "body"

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **more: Any) -> None:
        fault = FieldError(self.field, detail or self.title, self.code)
        super().__init__(detail, errors=errors or [fault], **more)


class NotAuthenticated(ServiceError):
    """Nobody is signed in, or the token is no longer good."""

    code = "not-authenticated"
    status = 401
    title = "Sign in first"


class NotAllowed(ServiceError):
    """Not for this person."""

    code = "not-allowed"
    status = 403
    title = "This is not open to you"


class NotFound(ServiceError):
    """There is no such thing, or it is not yours."""

    code = "not-found"
    status = 404
    title = "There is no such thing, or it is not yours"


class Conflict(ServiceError):
    """It makes sense, but not now."""

    code = "conflict"
    status = 409
    title = "This is not possible in the present state"


class TooManyRequests(ServiceError):
    """Later, please."""

    code = "too-many-requests"
    status = 429
    title = "Too many attempts; try again later"


class Unavailable(ServiceError):
    """Something this needs is away."""

    code = "unavailable"
    status = 503
    title = "This is not available at the moment"


def problem(error: ServiceError, correlation_id: str) -> dict[str, Any]:
    """The RFC 9457 document of a refusal."""
    document: dict[str, Any] = {
        "type": f"urn:huixin:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "correlation_id": correlation_id,
    }
    if error.errors:
        document["errors"] = [each.as_dict() for each in error.errors]
    return {**document, **error.members}
