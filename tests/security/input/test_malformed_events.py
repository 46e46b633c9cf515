"""An event that is none is refused before anything of it is stored."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.contracts.envelope import UnreadableEvent, decode
from tests.support.apps import App
from tests.support.rows import count

SAMPLE = json.loads(Path("tests/contract/samples/booking.case-closed.v1.json").read_text())
EVENTS = "/internal/v1/events"


def changed(**changes: Any) -> bytes:
    """The sample with these attributes; ... leaves one out."""
    document = {**SAMPLE, "id": str(uuid4()), **changes}
    return json.dumps(
        {name: value for name, value in document.items() if value is not ...}
    ).encode()


def with_data(**changes: Any) -> bytes:
    return changed(data={**SAMPLE["data"], **changes})


BAD = {
    "nothing": b"",
    "no json": b"{",
    "a list": b"[]",
    "deep": b"[" * 30_000,
    "deep data": changed(data=...)[:-1] + b', "data": ' + b'{"a":' * 9_000 + b"1" + b"}" * 9_001,
    "NUL": changed(subject="a\0b"),
    "NUL in data": with_data(reason="a\0b"),
    "lone surrogate": changed(subject="a").replace(b'"a"', b'"\\ud800"'),
    "no UTF-8": changed(subject="a").replace(b'"a"', b'"\xff"'),
    "no type": changed(type=...),
    "unknown type": changed(type="booking.case-forgotten.v1"),
    "type of another": changed(type={"a": 1}),
    "no id": changed(id=...),
    "an id that is none": changed(id="1"),
    "no time": changed(time="yesterday"),
    "a time without an offset": changed(time="2026-01-01T00:00:00"),
    "a subject that is no text": changed(subject={"a": 1}),
    "a correlation that is no text": changed(correlationid=[1]),
    "a unit that is no text": changed(unit={"a": 1}),
    "a cause that is no text": changed(causationid=[1]),
    "sequence": changed(sequence="many"),
    "a sequence past all": changed(sequence=10**30),
    "a sequence before all": changed(sequence=-1),
    "another class of data": changed(dataclass="public"),
    "no data": changed(data=...),
    "data that is none": changed(data=[]),
    "a case that is none": with_data(case="1"),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_an_event_that_is_none_is_refused_and_not_stored(app: App, body: bytes) -> None:
    before = count(app, "assessment", "inbox")

    answer = app.service_call("POST", "assessment", EVENTS, data=body, caller="booking")

    assert answer.status_code in {400, 422}, answer.text
    assert answer.json()["errors"][0]["field"] == "body"
    assert count(app, "assessment", "inbox") == before


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_a_reader_of_the_broker_calls_it_unreadable_and_goes_on(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        decode(body)


def test_an_event_past_the_limit_is_refused_unread(app: App) -> None:
    body = with_data(more="a" * 300_000)

    answer = app.service_call("POST", "assessment", EVENTS, data=body, caller="booking")

    assert answer.status_code == 413


def test_an_event_of_another_service_is_refused(app: App) -> None:
    before = count(app, "assessment", "inbox")

    answer = app.service_call("POST", "assessment", EVENTS, data=changed(), caller="reporting")

    assert answer.status_code == 403
    assert count(app, "assessment", "inbox") == before


def test_a_good_one_is_taken(app: App) -> None:
    before = count(app, "assessment", "inbox")

    answer = app.service_call("POST", "assessment", EVENTS, data=changed(), caller="booking")

    assert answer.status_code == 202, answer.text
    assert count(app, "assessment", "inbox") == before + 1
