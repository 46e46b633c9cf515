"""Answers: JSON, and problem documents for refusals."""

from collections.abc import Mapping
from typing import Any

import msgspec
from werkzeug.wrappers import Response

from services.chassis.errors import ServiceError, problem

PROBLEM_TYPE = "application/problem+json"

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def encode_json(document: Any) -> bytes:
    """JSON with RFC 3339 times (`Z`) and canonical UUIDs."""
    return msgspec.json.encode(document)


def json_response(
    document: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer."""
    return Response(
        encode_json(document), status=status, headers=headers, mimetype="application/json"
    )


def problem_response(
    error: ServiceError, correlation_id: str, members: Mapping[str, Any] | None = None
) -> Response:
    """The answer to a refusal; `members` are the route's own additions."""
    document = {**problem(error, correlation_id), **(members or {})}
    return Response(
        encode_json(document), status=error.status, headers=error.headers, mimetype=PROBLEM_TYPE
    )
