"""Each way of breaking a client of a released route is planted, and named."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from services.cli.contracting.compatibility.routes import broken_routes

PATH = "/api/toy/v1/things/{thing}"
Document = dict[str, Any]


def released() -> Document:
    return copy.deepcopy(
        {
            "paths": {
                PATH: {
                    "post": {
                        "parameters": [
                            {"in": "path", "name": "thing", "required": True, "schema": {}},
                            {"in": "query", "name": "site", "schema": {"type": "string"}},
                        ],
                        "requestBody": {
                            "content": {"application/json": {"schema": _reference("Wish")}}
                        },
                        "responses": {
                            "200": {
                                "content": {"application/json": {"schema": _reference("Thing")}}
                            },
                            "404": {},
                        },
                    },
                    "get": {"responses": {"200": {}}},
                }
            },
            "components": {
                "schemas": {
                    "Wish": _object(size={"type": "integer", "maximum": 9}, note=_maybe("string")),
                    "Thing": _object("size", size={"type": "integer"}, mode={"enum": ["a", "b"]}),
                }
            },
        }
    )


def _reference(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(*required: str, **properties: Document) -> Document:
    return {"type": "object", "required": list(required), "properties": properties}


def _maybe(kind: str) -> Document:
    return {"type": [kind, "null"]}


def route(document: Document) -> Document:
    found: Document = document["paths"][PATH]["post"]
    return found


def shape(name: str) -> Callable[[Document], Document]:
    return lambda document: document["components"]["schemas"][name]


def part(name: str, **properties: Document) -> Callable[[Document], None]:
    return lambda document: shape(name)(document)["properties"].update(properties)


def without(name: str, field: str) -> Callable[[Document], None]:
    return lambda document: shape(name)(document)["properties"].pop(field)


def needs(name: str, field: str) -> Callable[[Document], None]:
    return lambda document: shape(name)(document)["required"].append(field)


def one_more_parameter(document: Document) -> None:
    route(document)["parameters"].append({"in": "header", "name": "X", "required": True})


BREAKS: dict[str, tuple[Callable[[Document], Any], str, str]] = {
    "a path is gone": (lambda new: new["paths"].clear(), "", "path-removed"),
    "a method is gone": (lambda new: new["paths"][PATH].pop("post"), "", "method-removed"),
    "one must sign in": (
        lambda new: route(new).update(security=[{"person": []}]),
        "",
        "sign-in-required",
    ),
    "a parameter is gone": (
        lambda new: route(new)["parameters"].pop(),
        "query site",
        "parameter-removed",
    ),
    "a parameter is another": (
        lambda new: route(new)["parameters"][1].update(schema={"type": "integer"}),
        "query site",
        "type-changed",
    ),
    "a parameter more": (one_more_parameter, "header X", "parameter-required"),
    "a body must be there": (
        lambda new: route(new)["requestBody"].update(required=True),
        "request",
        "body-required",
    ),
    "a body of another kind": (
        lambda new: route(new)["requestBody"].update(content={"text/csv": {}}),
        "request",
        "content-refused",
    ),
    "a field one sends is unknown": (without("Wish", "note"), "request.note", "field-removed"),
    "a field one sends is required": (needs("Wish", "size"), "request.size", "field-required"),
    "a field one sends has a tighter limit": (
        part("Wish", size={"type": "integer", "maximum": 5}),
        "request.size",
        "limit-changed",
    ),
    "a field one sends takes null no more": (
        part("Wish", note={"type": "string"}),
        "request.note",
        "null-refused",
    ),
    "an answer is gone": (
        lambda new: route(new)["responses"].update({"201": route(new)["responses"].pop("200")}),
        "answer 200",
        "answer-removed",
    ),
    "an answer is no JSON": (
        lambda new: route(new)["responses"]["200"].update(content={"text/csv": {}}),
        "answer 200",
        "content-removed",
    ),
    "a field of an answer is gone": (
        without("Thing", "mode"),
        "answer 200.mode",
        "field-removed",
    ),
    "a field of an answer may be missing": (
        lambda new: shape("Thing")(new)["required"].clear(),
        "answer 200.size",
        "field-optional",
    ),
    "a field of an answer may be null": (
        part("Thing", size=_maybe("integer")),
        "answer 200.size",
        "null-allowed",
    ),
    "a field of an answer has a value more": (
        part("Thing", mode={"enum": ["a", "b", "c"]}),
        "answer 200.mode",
        "choice-added",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_change_that_breaks_a_client_is_named(name: str) -> None:
    change, place, rule = BREAKS[name]
    new = released()
    change(new)

    broken = list(broken_routes({"toy": released()}, {"toy": new}))

    found = {(each.contract, each.field, each.rule) for each in broken}
    assert (f"POST {PATH}", place, rule) in found
    assert len(found) == (2 if rule == "path-removed" else 1)


GROWTH: dict[str, Callable[[Document], Any]] = {
    "another path": lambda new: new["paths"].update({"/api/toy/v1/other": {}}),
    "another refusal": lambda new: route(new)["responses"].update({"409": {}}),
    "an optional field to send": part("Wish", more={"type": "string"}),
    "a wider limit": part("Wish", size={"type": "integer", "maximum": 99}),
    "a field more in an answer": part("Thing", more={"type": "string"}),
    "a field of an answer that is always there": needs("Thing", "mode"),
    "a value less in an answer": part("Thing", mode={"enum": ["a"]}),
}


@pytest.mark.parametrize("name", GROWTH)
def test_what_grows_breaks_no_client(name: str) -> None:
    new = released()
    GROWTH[name](new)

    assert list(broken_routes({"toy": released()}, {"toy": new})) == []


def test_a_service_without_its_document_is_named() -> None:
    (broken,) = broken_routes({"toy": released()}, {})

    assert (broken.contract, broken.rule) == ("toy", "service-removed")
