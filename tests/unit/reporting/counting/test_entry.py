"""What the ledger keeps of an event."""

from dataclasses import replace
from uuid import uuid4

from services.contracts.accounts import ContactChangedV1, ErasureRequestedV1
from services.reporting.counting.crowd import bucket_of
from services.reporting.counting.entry import entry_of
from tests.component.reporting import events


def test_a_pseudonym_stands_in_one_column_alone() -> None:
    person = uuid4()

    entry = entry_of(events.envelope(ContactChangedV1(person=person)), "wh")

    assert (entry.person, entry.subject, entry.facts) == (person, "", {})


def test_who_asked_to_be_forgotten_is_not_kept_for_it() -> None:
    entry = entry_of(events.envelope(ErasureRequestedV1(person=uuid4())), "wh")

    assert (entry.person, entry.subject) == (None, "")


def test_an_anonymous_response_counts_as_one_person() -> None:
    event = events.response()
    entry = entry_of(event, "wh")
    anonymous = entry_of(events.envelope(replace(event.data, person=None)), "wh")

    assert entry.bucket == bucket_of(event.data.person)
    assert anonymous.person is None
    assert anonymous.bucket is not None


def test_an_event_without_a_unit_happened_in_the_city() -> None:
    assert entry_of(events.response(unit=""), "wh").unit == "wh"
