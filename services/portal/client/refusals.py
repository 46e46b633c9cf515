"""What a service may answer instead of what was asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FieldProblem:
    """One field a service refused."""

    field: str
    message: str
    code: str = "invalid"


@dataclass(frozen=True)
class Problem:
    """An RFC 9457 problem document; `members` holds everything else it carried."""

    status: int
    code: str = ""
    detail: str = ""
    errors: tuple[FieldProblem, ...] = ()
    correlation_id: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """A service said no and told why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}")
        self.problem = problem


class SignInNeeded(Exception):
    """The person's token is missing, has expired or is not accepted any more."""


class ServiceDown(Exception):
    """A service did not answer, or answered nonsense."""

    def __init__(self, service: str, reason: str = "") -> None:
        super().__init__(f"{service}: {reason}")
        self.service, self.reason = service, reason


def read_problem(status: int, document: Any) -> Problem:
    """A problem document, read with patience: anything missing is empty."""
    if not isinstance(document, dict):
        return Problem(status)
    return Problem(
        status=status,
        code=str(document.get("code") or ""),
        detail=str(document.get("detail") or document.get("title") or ""),
        errors=tuple(_errors(document.get("errors"))),
        correlation_id=str(document.get("correlation_id") or ""),
        members=document,
    )


def _errors(listed: Any) -> list[FieldProblem]:
    if not isinstance(listed, list):
        return []
    return [
        FieldProblem(
            field=str(each.get("field", "")),
            message=str(each.get("message", "")),
            code=str(each.get("code") or "invalid"),
        )
        for each in listed
        if isinstance(each, dict)
    ]
