"""Each way of breaking a reader of a released event is planted, and named."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from services.cli.contracting.compatibility.events import broken_events
from services.contracts.catalogue import EVENTS
from services.contracts.schemas import schema_of

KIND = "booking.case-opened.v1"
Schema = dict[str, Any]


def released() -> Schema:
    return copy.deepcopy(schema_of(EVENTS[KIND]))


def data(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["CaseOpenedV1"]
    return found


def field(name: str, **said: Any) -> Callable[[Schema], None]:
    return lambda schema: data(schema)["properties"][name].update(said)


def removed(schema: Schema) -> None:
    del data(schema)["properties"]["source"]
    data(schema)["required"].remove("source")


def optional_removed(schema: Schema) -> None:
    del data(schema)["properties"]["acute"]


def choices(change: Callable[[list[str]], None]) -> Callable[[Schema], None]:
    return lambda schema: change(schema["$defs"]["FlagSource"]["enum"])


def person_always(schema: Schema) -> None:
    data(schema)["properties"]["person"] = {"type": "string", "format": "uuid"}


def case_perhaps(schema: Schema) -> None:
    known = data(schema)["properties"]["case"]
    data(schema)["properties"]["case"] = {"anyOf": [known, {"type": "null"}]}


def required_added(schema: Schema) -> None:
    data(schema)["properties"]["site"] = {"type": "string"}
    data(schema)["required"].append("site")


def inside_a_list(schema: Schema) -> None:
    schema["$defs"]["PageStep"]["properties"]["tier"]["type"] = "string"


BREAKS: dict[str, tuple[Callable[[Schema], None], str, str]] = {
    "a field is removed": (removed, "data.source", "field-removed"),
    "an optional field is removed": (optional_removed, "data.acute", "field-removed"),
    "another type": (field("crisis", type="string"), "data.crisis", "type-changed"),
    "a type is narrowed": (field("crisis", const=True), "data.crisis", "const-changed"),
    "another format": (field("case", format="email"), "data.case", "format-changed"),
    "a pattern": (field("case", pattern="^5"), "data.case", "pattern-changed"),
    "a limit": (field("case", maxLength=12), "data.case", "limit-changed"),
    "another default": (field("acute", default=True), "data.acute", "default-changed"),
    "never null any more": (person_always, "data.person", "null-refused"),
    "null now and then": (case_perhaps, "data.case", "null-allowed"),
    "optional, now required": (
        lambda schema: data(schema)["required"].append("acute"),
        "data.acute",
        "field-required",
    ),
    "required, now optional": (
        lambda schema: data(schema)["required"].remove("crisis"),
        "data.crisis",
        "field-optional",
    ),
    "a new field that must be there": (required_added, "data.site", "required-field-added"),
    "a value more": (choices(lambda known: known.append("robot")), "data.source", "choice-added"),
    "a value less": (
        choices(lambda known: known.remove("hotline")),
        "data.source",
        "choice-removed",
    ),
    "a type inside a list": (inside_a_list, "data.chain[].tier", "type-changed"),
    "another data class": (
        lambda schema: schema["properties"]["dataclass"].update(const="public"),
        "dataclass",
        "data-class-changed",
    ),
    "an attribute is removed": (
        lambda schema: schema["properties"].pop("unit"),
        "unit",
        "field-removed",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_change_that_breaks_a_reader_is_named(name: str) -> None:
    change, place, rule = BREAKS[name]
    new = released()
    change(new)

    (broken,) = broken_events({KIND: released()}, {KIND: new})

    assert (broken.contract, broken.field, broken.rule) == (KIND, place, rule)
    assert "booking.case-opened.v2" in broken.remedy


def test_what_is_as_it_was_and_what_only_grows_breaks_nothing() -> None:
    new = released()
    data(new)["properties"]["note"] = {"type": "string", "default": ""}
    new["properties"]["subscriptionsequence"] = {"type": "string"}
    new["description"] = data(new)["properties"]["case"]["description"] = "Said better."

    assert list(broken_events({KIND: released()}, {KIND: released()})) == []
    assert list(broken_events({KIND: released()}, {KIND: new})) == []
    assert list(broken_events({}, {KIND: new})) == []


def test_a_list_that_was_declared_open_may_grow_and_may_not_shrink() -> None:
    old = released()
    old["$defs"]["FlagSource"]["x-open"] = True
    more, fewer = copy.deepcopy(old), copy.deepcopy(old)
    more["$defs"]["FlagSource"]["enum"].append("robot")
    fewer["$defs"]["FlagSource"]["enum"].remove("hotline")

    assert list(broken_events({KIND: old}, {KIND: more})) == []
    assert [each.rule for each in broken_events({KIND: old}, {KIND: fewer})] == ["choice-removed"]


def test_an_event_goes_only_after_a_release_that_said_it_would() -> None:
    retired = {**released(), "deprecated": True}

    (broken,) = broken_events({KIND: released()}, {})

    assert (broken.contract, broken.rule) == (KIND, "event-removed")
    assert "booking.case-opened.v2" in broken.remedy
    assert list(broken_events({KIND: retired}, {})) == []


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_in_every_event_every_field_counts(kind: str) -> None:
    event = schema_of(EVENTS[kind])
    for name in event["$defs"][EVENTS[kind].__name__]["properties"]:
        new = copy.deepcopy(event)
        del new["$defs"][EVENTS[kind].__name__]["properties"][name]

        (broken,) = broken_events({kind: event}, {kind: new})

        assert (broken.field, broken.rule) == (f"data.{name}", "field-removed")
