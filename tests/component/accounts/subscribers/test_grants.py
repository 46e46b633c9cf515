"""What is not public leaves by a grant of two people, under pseudonyms, and can be called back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts import public
from services.contracts.catalogue import EVENTS
from tests.component.accounts.conftest import SignIn, person_id
from tests.component.accounts.subscribers.conftest import (
    PATH,
    ROLE,
    UNIT,
    Receiver,
    Subscribe,
    Subscriber,
    settled,
)
from tests.support.apps import App, eventually

Units = Callable[[int], list[str]]


@pytest.fixture
def asking(subscribe: Subscribe, receiver: Receiver) -> Subscriber:
    """Asks for units, which are public, and for roles, which are not."""
    made = subscribe(url=receiver.url, types=[UNIT, ROLE])
    receiver.signing_key = made.body["credentials"]["signing_key"]
    made.ask("POST", "/pause")
    return made


def terms(**more: Any) -> dict[str, Any]:
    until = datetime.now(UTC) + timedelta(days=30)
    return {
        "type": ROLE,
        "purpose": "duty lists of the union's own directory",
        "basis": "agreement 2026-11, data protection assessment 7",
        "until": until.isoformat(),
        **more,
    }


def granted(asking: Subscriber, as_: SignIn) -> str:
    grants = f"{PATH}/{asking.id}/grants"
    proposed = as_("city-admin").post(grants, terms())
    assert proposed.status_code == 201, proposed.text
    grant = str(proposed.json()["id"])
    confirmed = as_("clinical-lead").post(f"{grants}/{grant}/confirm")
    assert confirmed.status_code == 200, confirmed.text
    return grant


def change_roles(as_: SignIn, *roles: str) -> None:
    path = f"/api/accounts/v1/people/{person_id('counsellor1')}/roles"
    answer = as_("city-admin").put(path, {"roles": list(roles), "scope": "wh"})
    assert answer.status_code == 200, answer.text


def test_without_a_grant_only_public_events_are_copied(
    asking: Subscriber, as_: SignIn, units: Units
) -> None:
    assert asking.status()["waiting_for_grant"] == [ROLE]

    change_roles(as_, "counsellor", "duty")
    units(1)
    settled(asking, 1)
    change_roles(as_, "counsellor")

    assert {each["type"] for each in asking.copies()} == {UNIT}


def test_two_people_open_a_type_and_persons_are_pseudonyms(
    app: App, asking: Subscriber, subscribe: Subscribe, receiver: Receiver, as_: SignIn
) -> None:
    other = subscribe(url=receiver.url, types=[ROLE])
    other.ask("POST", "/pause")
    granted(asking, as_)
    granted(other, as_)

    change_roles(as_, "counsellor", "duty")
    change_roles(as_, "counsellor")
    settled(asking, 2)
    settled(other, 2)

    mine, others = asking.copies(), other.copies()
    known = {each["data"]["person"] for each in mine}
    assert len(known) == 1
    assert {each["subject"] for each in mine} == known
    assert str(person_id("counsellor1")) not in str(mine + others)
    assert known.isdisjoint({each["data"]["person"] for each in others})
    assert all(UUID(each) for each in known)
    assert asking.status()["waiting_for_grant"] == []


def test_the_proposer_cannot_confirm_and_operators_can_do_neither(
    asking: Subscriber, as_: SignIn
) -> None:
    grants = f"{PATH}/{asking.id}/grants"
    grant = as_("city-admin").post(grants, terms()).json()["id"]

    alone = as_("city-admin").post(f"{grants}/{grant}/confirm")

    assert (alone.status_code, alone.json()["code"]) == (409, "second-person-needed")
    assert as_("ops").post(grants, terms()).status_code == 403
    assert as_("ops").post(f"{grants}/{grant}/confirm").status_code == 403
    assert asking.status()["waiting_for_grant"] == [ROLE]


def test_a_withdrawn_grant_takes_the_content_of_kept_copies_and_leaves_their_numbers(
    asking: Subscriber, as_: SignIn, units: Units
) -> None:
    grant = granted(asking, as_)
    change_roles(as_, "counsellor", "duty")
    settled(asking, 1)
    units(1)
    settled(asking, 2)

    answer = as_("clinical-lead").delete(f"{PATH}/{asking.id}/grants/{grant}")
    change_roles(as_, "counsellor")

    assert answer.status_code == 204
    kept = asking.copies()
    assert [each["type"] for each in kept] == [public.WITHDRAWN, UNIT]
    assert [each["subscriptionsequence"] for each in kept] == ["1", "2"]
    assert kept[0]["data"] == {}
    assert eventually(lambda: asking.status()["waiting_for_grant"] == [ROLE])


def proposed(_app: App, asking: Subscriber, as_: SignIn) -> None:
    """One person has asked for it, and nobody else agreed."""
    as_("city-admin").post(f"{PATH}/{asking.id}/grants", terms())


def withdrawn(_app: App, asking: Subscriber, as_: SignIn) -> None:
    grant = granted(asking, as_)
    as_("clinical-lead").delete(f"{PATH}/{asking.id}/grants/{grant}")


def over(app: App, asking: Subscriber, as_: SignIn) -> None:
    """Its time has run out, and nobody has tidied up yet."""
    grant = granted(asking, as_)
    with app.runtime("accounts").database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE sharing_grants SET until = now() - interval '1 second' WHERE id = %s",
            (grant,),
        )


@pytest.mark.parametrize("state", [proposed, withdrawn, over])
def test_a_grant_that_is_not_in_force_opens_nothing(
    app: App,
    asking: Subscriber,
    as_: SignIn,
    units: Units,
    state: Callable[[App, Subscriber, SignIn], None],
) -> None:
    state(app, asking, as_)

    change_roles(as_, "counsellor", "duty")
    change_roles(as_, "counsellor")
    units(1)

    # The unit's event comes behind those of the roles: whoever has it has heard all of them.
    settled(asking, 1)
    assert [each["type"] for each in asking.copies()] == [UNIT]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": UNIT}, "type"),
        ({"type": "booking.case-opened.v1"}, "type"),
        ({"until": (datetime.now(UTC) + timedelta(days=400)).isoformat()}, "until"),
        ({"until": (datetime.now(UTC) - timedelta(days=1)).isoformat()}, "until"),
        ({"purpose": ""}, "purpose"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(
    asking: Subscriber, as_: SignIn, change: dict[str, str], field: str
) -> None:
    answer = as_("city-admin").post(f"{PATH}/{asking.id}/grants", terms(**change))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_nothing_confidential_can_be_shared_and_nothing_public_holds_a_person() -> None:
    from services.accounts.subscribers.copies import PERSON_FIELDS

    confidential = {kind for kind, each in EVENTS.items() if each.dataclass == "confidential"}
    assert confidential.isdisjoint({*public.PUBLIC, *public.SHAREABLE})
    for kind in public.PUBLIC:
        fields = set(EVENTS[kind].__dataclass_fields__)
        assert fields.isdisjoint(PERSON_FIELDS | {"actor", "by"}), kind
