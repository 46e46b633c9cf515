"""A service's OpenAPI 3.1 document, generated from its routes and marshmallow schemas."""

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from services.chassis.access import ACCESS, INTERNAL
from services.chassis.http import HttpEntrypoint

CONVERTERS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
PATH_PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")


class FieldErrorSchema(Schema):
    """One field of a problem document."""

    field = fields.String(required=True)
    message = fields.String(required=True)
    code = fields.String(required=True)


class ProblemSchema(Schema):
    """RFC 9457 problem details, with this project's `code`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    correlation_id = fields.String(required=True)
    errors = fields.List(fields.Nested(FieldErrorSchema))


def document_of(container: Any) -> dict[str, Any]:
    """The document of a running service: its public routes, never the internal ones."""
    service = container.service_cls
    spec = APISpec(
        title=service.title or f"Huixin {service.name}",
        version="1",
        openapi_version="3.1.0",
        info={"description": service.description},
        plugins=[MarshmallowPlugin()],
    )
    spec.components.security_scheme(
        "person", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    spec.components.schema("Problem", schema=ProblemSchema)
    routes = [each for each in container.entrypoints if isinstance(each, HttpEntrypoint)]
    for route in sorted(routes, key=lambda each: (each.url, each.method)):
        if route.action != INTERNAL:
            spec.path(PATH_PART.sub(r"{\g<name>}", route.url), operations=_operation(route))
    found: dict[str, Any] = spec.to_dict()
    return found


def _operation(route: HttpEntrypoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{route.method_name}",
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.action is not None:
        operation["security"] = [{"person": []}]
        operation["x-action"] = route.action
        operation["x-roles"] = {
            str(role): str(scope) for role, scope in ACCESS[route.action].items()
        }
    if route.documents is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": route.documents}},
        }
    return {route.method.lower(): operation}


def _parameters(route: HttpEntrypoint) -> list[Any]:
    found: list[Any] = [
        {
            "in": "path",
            "name": match["name"],
            "required": True,
            "schema": CONVERTERS.get(match["kind"] or "", {"type": "string"}),
        }
        for match in PATH_PART.finditer(route.url)
    ]
    if route.query is not None:
        found.append({"in": "query", "schema": route.query})
    if route.idempotent and route.action is not None:
        schema = {"type": "string", "minLength": 1, "maxLength": 128}
        found.append({"in": "header", "name": "Idempotency-Key", "schema": schema})
    return found


def _responses(route: HttpEntrypoint) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done"}
    if route.answer_schema is not None:
        success["content"] = {"application/json": {"schema": route.answer_schema}}
    statuses = {500, 503} | {error.status for error in route.errors}
    if route.action is not None:
        statuses |= {401, 403}
    if "<" in route.url:
        statuses.add(404)
    if (
        route.documents is not None
        or route.query is not None
        or route.method not in {"GET", "HEAD"}
    ):
        statuses |= {400, 411, 413, 422}
    if route.idempotent and route.action is not None:
        statuses.add(409)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = {str(route.status): success}
    for status in sorted(statuses):
        codes = sorted({error.code for error in route.errors if error.status == status})
        text = f"Refused: {', '.join(codes)}" if codes else "Refused"
        responses[str(status)] = {"description": text, "content": problem}
    return responses
