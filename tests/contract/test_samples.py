"""Every event has a sample that both sides read and write, and documents that match the code."""

import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest

from services.cli.contracting import documents
from services.contracts.catalogue import EVENTS
from services.contracts.envelope import UnreadableEvent, attributes_from_headers, decode
from services.contracts.event import DataClass
from services.contracts.schemas import meanings_of, schema_of
from services.contracts.subscriptions import SUBSCRIPTIONS

SAMPLES = Path(__file__).parent / "samples"


def sample(event_type: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((SAMPLES / f"{event_type}.json").read_text())
    return found


def test_each_event_has_a_sample_and_no_sample_is_left_over() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_a_sample_is_read_and_written_unchanged(event_type: str) -> None:
    text = json.dumps(sample(event_type)).encode()

    written = json.loads(decode(text).encode())

    assert written == sample(event_type)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_a_sample_is_valid_by_its_schema(event_type: str) -> None:
    schema = schema_of(EVENTS[event_type])
    checker = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )

    checker.validate(sample(event_type))

    without_data = {name: value for name, value in sample(event_type).items() if name != "data"}
    assert not checker.is_valid(without_data)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_a_reader_ignores_fields_it_does_not_know(event_type: str) -> None:
    document = sample(event_type)
    document["future"] = "attribute"
    document["data"]["future"] = {"any": "thing"}

    assert decode(json.dumps(document).encode()).type == event_type


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_an_event_without_one_of_its_fields_is_unreadable(event_type: str) -> None:
    required = [
        field.name
        for field in dataclasses.fields(EVENTS[event_type])
        if field.default is dataclasses.MISSING
    ]
    document = sample(event_type)
    del document["data"][required[0]]

    with pytest.raises(UnreadableEvent):
        decode(json.dumps(document).encode())


def test_an_unknown_type_and_a_wrong_data_class_are_unreadable() -> None:
    document = sample("booking.offer-made.v1")

    for change in ({"type": "booking.offer-mad.v1"}, {"dataclass": "public"}):
        with pytest.raises(UnreadableEvent):
            decode(json.dumps({**document, **change}).encode())


@pytest.mark.parametrize("prefix", ["cloudEvents_", "cloudEvents:", "ce-"])
def test_headers_are_read_with_each_of_the_three_prefixes(prefix: str) -> None:
    headers = {f"{prefix}id": "1", f"{prefix}type": "x", "other": "y"}

    assert attributes_from_headers(headers) == {"id": "1", "type": "x"}


def test_public_events_carry_no_person() -> None:
    for event in EVENTS.values():
        if event.dataclass is DataClass.PUBLIC:
            names = {field.name for field in dataclasses.fields(event)}
            assert not names & {"person", "officer", "counsellor"}, event.type


def test_every_subscription_names_events_there_are_and_its_queue_but_once() -> None:
    queues = [subscription.queue for subscription in SUBSCRIPTIONS]

    assert len(queues) == len(set(queues))
    assert all(kind in EVENTS for each in SUBSCRIPTIONS for kind in each.types)


@pytest.mark.parametrize("event_type", sorted(EVENTS))
def test_every_field_says_what_it_means(event_type: str) -> None:
    parts = schema_of(EVENTS[event_type])["$defs"].values()

    silent = [
        name
        for part in parts
        for name, field in part.get("properties", {}).items()
        if not field.get("description")
    ]

    assert silent == [], "a string below the field says it"


def test_a_field_that_is_inherited_means_what_it_meant_unless_it_is_said_anew() -> None:
    fields = meanings_of(EVENTS["booking.offer-accepted.v1"])

    assert fields["offer"] == "The offer."
    assert fields["appointment"] == "The appointment that was booked on it."


def test_the_generated_documents_are_those_of_this_commit() -> None:
    assert documents.stale() == [], "run ./huixin contracts"
