"""A service's OpenAPI 3.1 document, generated from its routes and marshmallow schemas."""

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from services.chassis.access import ACCESS
from services.chassis.constraints import teach
from services.chassis.http import HttpEntrypoint

CONVERTERS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
PATH_PART = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
KEY = {"type": "string", "minLength": 1, "maxLength": 128}
EVERYWHERE = frozenset({400, 411, 413, 500, 503})
NOWHERE, NOT_JSON, FIELDS_WRONG = 404, 415, 422


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
    retry_after = fields.Integer(metadata={"description": "seconds, with 429"})


def document_of(container: Any) -> dict[str, Any]:
    """The document of a running service: its public routes, never the internal ones."""
    service, plugin = container.service_cls, MarshmallowPlugin()
    spec = APISpec(
        title=service.title or f"Huixin {service.name}",
        version="1",
        openapi_version="3.1.0",
        info={"description": service.description},
        plugins=[plugin],
    )
    teach(plugin.converter)
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    spec.components.security_scheme("person", bearer)
    spec.components.security_scheme("subscriber", {"type": "http", "scheme": "basic"})
    correlation = {"description": "The loop this belongs to", "schema": {"type": "string"}}
    spec.components.header("Correlation-Id", {**correlation, "required": True})
    routes = [each for each in container.entrypoints if isinstance(each, HttpEntrypoint)]
    for route in sorted(routes, key=lambda each: (each.url, each.method)):
        if not route.url.startswith("/internal/"):
            spec.path(PATH_PART.sub(r"{\g<name>}", route.url), operations=_operation(route))
    found: dict[str, Any] = spec.to_dict()
    for path in found["paths"].values():
        for operation in path.values():
            _without_null(operation["parameters"])
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
    elif route.door is not None and route.door.schemes:
        operation["security"] = [{scheme: []} for scheme in route.door.schemes]
    if route.documents is not None:
        operation["requestBody"] = {
            "required": route.body is not None or _asks_for_something(route.documents),
            "content": {"application/json": {"schema": route.documents}},
        }
    elif route.files:
        content: dict[str, Any] = {kind: {"schema": {}} for kind in route.files}
        operation["requestBody"] = {"required": True, "content": content}
    return {route.method.lower(): operation}


def _asks_for_something(schema: type[Schema]) -> bool:
    return any(field.required for field in schema().fields.values())


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
        found.append({"in": "header", "name": "Idempotency-Key", "schema": KEY})
    return found


def _without_null(parameters: list[Any]) -> None:
    """A query cannot say null: what is left out is not asked for."""
    for schema in (each["schema"] for each in parameters if each["in"] == "query"):
        if isinstance(schema.get("type"), list):
            schema["type"] = next(each for each in schema["type"] if each != "null")
        if "enum" in schema:
            schema["enum"] = [each for each in schema["enum"] if each is not None]
        if schema.get("default", ...) is None:
            del schema["default"]


def _responses(route: HttpEntrypoint) -> dict[str, Any]:
    headers = {"Correlation-Id": {"$ref": "#/components/headers/Correlation-Id"}}
    success: dict[str, Any] = {"description": "Done", "headers": headers}
    if route.answer_schema is not None:
        success["content"] = {"application/json": {"schema": route.answer_schema}}
    responses = {str(route.status): success}
    for status in sorted(_refusals(route)):
        codes = sorted({error.code for error in route.errors if error.status == status})
        text = f"Refused: {', '.join(codes)}" if codes else "Refused"
        problem = {"application/problem+json": {"schema": _problem(route, status)}}
        refused = {"description": text, "headers": headers, "content": problem}
        responses[str(status)] = refused
    return responses


def _problem(route: HttpEntrypoint, status: int) -> Any:
    own = route.problem_schema or ProblemSchema
    # An id that is none leads to no route, and so past what the route adds.
    return (
        {"anyOf": [own, ProblemSchema]} if status == NOWHERE and own is not ProblemSchema else own
    )


def _refusals(route: HttpEntrypoint) -> set[int]:
    """Every status a route may refuse with: what it says itself, and what the chassis adds."""
    statuses = {error.status for error in route.errors} | EVERYWHERE
    if route.action is not None or (route.door is not None and route.door.schemes):
        statuses |= {401, 403}
    if "<" in route.url:
        statuses.add(NOWHERE)
    if route.documents is not None or route.query is not None:
        statuses.add(FIELDS_WRONG)
    if route.body is not None:
        statuses.add(NOT_JSON)
    if route.idempotent and route.action is not None:
        statuses.add(409)
    return statuses
