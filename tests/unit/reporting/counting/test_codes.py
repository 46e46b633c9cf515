"""What one event adds to."""

from uuid import UUID, uuid4

import pytest

from services.contracts.catalogue import EVENTS
from services.reporting.counting.codes import ACTIVITIES, PROPORTIONS, codes_of, counts_people
from services.reporting.counting.crowd import as_bits, bucket_of, crowd_of, from_bits


def test_a_response_counts_by_instrument_band_and_risk() -> None:
    facts = {"instrument": "phq9", "band": "mild", "risk": "none"}

    assert codes_of("assessment.response-completed.v1", facts) == (
        "responses-completed", "responses-phq9", "responses-phq9-mild", "risk-none",
    )  # fmt: skip


def test_a_response_without_a_band_is_counted_as_such() -> None:
    facts = {"instrument": "asq", "risk": "crisis"}

    assert "responses-asq-unbanded" in codes_of("assessment.response-completed.v1", facts)


def test_every_counted_type_is_one_of_the_contracts() -> None:
    assert set(ACTIVITIES) <= set(EVENTS)
    assert set(PROPORTIONS) | set(PROPORTIONS.values()) <= set(ACTIVITIES.values())


@pytest.mark.parametrize("kind", ["accounts.contact-changed.v1", "notification.message-sent.v1"])
def test_other_events_are_kept_and_not_counted(kind: str) -> None:
    assert codes_of(kind, {}) == ()


def test_places_and_posts_are_not_people() -> None:
    assert not counts_people("sites-opened-station")
    assert not counts_people("experts-registered")
    assert counts_people("offers-made")


def test_a_crowd_never_looks_larger_than_it_is() -> None:
    persons = [uuid4() for _ in range(500)]
    crowd = 0
    for person in persons + persons:
        crowd |= crowd_of(bucket_of(person))

    assert 0 < crowd.bit_count() <= 256
    assert crowd_of(bucket_of(UUID(int=7))).bit_count() == 1


def test_a_crowd_survives_its_form_in_the_database() -> None:
    crowd = crowd_of(0) | crowd_of(255) | crowd_of(17)

    assert int(as_bits(crowd)[1:], 16) == crowd
    assert from_bits(f"{crowd:0256b}") == crowd
