"""Whoever takes the databases without the keys learns no name, no address and no answer."""

import hashlib
import json
from uuid import UUID

import pytest
from sqlalchemy import text

from services.accounts.people.identifiers import handle, phone
from services.accounts.people.storage import identifier_digest
from services.apphost import KEEPERS
from services.chassis.keyring import KeyRing
from tests.security.secrecy.loop import Loop
from tests.security.secrecy.seeds import PHONES, SEEDS, found_in, hashes
from tests.security.secrecy.traces import dump
from tests.support.city import MODERATE, City

ANSWERS = {
    "a sheet": '"q1": 2, "q2": 2',
    "a sheet without spaces": '"q1":2,"q2":2',
    "the answers by themselves": json.dumps(MODERATE),
    "a critical answer": '"q9"',
}


@pytest.mark.parametrize("service", KEEPERS)
def test_a_dump_without_keys_tells_nothing_about_a_person(loop: Loop, service: str) -> None:
    content = dump(loop.city, service)
    phones = {f"phone {number}": each for number, each in enumerate(PHONES)}

    assert loop.person.encode() in content or service == "reporting", "nothing to find in there"
    assert found_in(content, {**SEEDS.values(), **phones, **ANSWERS}) == []


@pytest.mark.parametrize("service", KEEPERS)
def test_no_plain_hash_of_a_guessable_value_is_kept(loop: Loop, service: str) -> None:
    content = dump(loop.city, service).lower()
    guessable = {**SEEDS.values(), **{each: each for each in PHONES}}

    found = [name for name, value in guessable.items() if any(h in content for h in hashes(value))]

    assert found == []


def test_a_blind_index_needs_the_key(loop: Loop) -> None:
    setting = loop.city.settings["ACCOUNTS_KEYRING"]
    right, stranger = KeyRing.from_settings(json.loads(setting)), KeyRing("k1", {"k1": b"x" * 32})
    kept = {bytes(row[0]) for row in loop.city.query("accounts", "SELECT digest FROM identifiers")}

    def index(keys: KeyRing) -> set[bytes]:
        identifiers = (
            handle(SEEDS.login),
            handle(SEEDS.member_no.lower()),
            phone("+8613952417703"),
        )
        return {identifier_digest(each, keys.blind_index) for each in identifiers}

    assert kept >= index(right), "what is searched for is not what is kept"
    assert not kept & index(stranger)


def test_the_hash_of_a_repeated_request_is_keyed(loop: Loop) -> None:
    # Nine answers of four each are 262,144 bodies: an ordinary hash of one is tried out at once.
    path = "/api/assessment/v1/responses"
    kept = loop.city.query("assessment", "SELECT body_hash FROM idempotency")
    version = loop.worker.get("/api/assessment/v1/instruments/phq9")["consent"]["version"]
    consent = {"version": version, "granted": True}
    sheet = {"instrument": "phq9", "answers": MODERATE, "consent": consent}

    guesses = {
        hashlib.sha256(path.encode() + b"\0" + body).digest()
        for body in (json.dumps(sheet).encode(), json.dumps(sheet, separators=(",", ":")).encode())
    }

    assert kept
    assert not guesses & {bytes(row.body_hash) for row in kept}


def swap(city: City, first: str, second: str) -> None:
    """Each row gets the other's ciphertext."""
    with city.engines["assessment"].begin() as connection:
        connection.execute(
            text(
                "UPDATE responses SET sealed = other.sealed FROM responses other"
                " WHERE (responses.id, other.id) IN ((:a, :b), (:b, :a))"
            ),
            {"a": UUID(first), "b": UUID(second)},
        )


def test_a_ciphertext_opens_in_its_own_row_only(loop: Loop) -> None:
    first, second = loop.responses
    path = "/api/assessment/v1/responses"
    before = loop.worker.call("GET", f"{path}/{first}")

    swap(loop.city, first, second)
    swapped = [loop.worker.call("GET", f"{path}/{each}") for each in (first, second)]
    swap(loop.city, first, second)

    assert before.status == 200
    assert all(each.status != 200 and "scores" not in each.body for each in swapped)
    assert loop.worker.call("GET", f"{path}/{first}").body == before.body


def test_without_the_persons_key_nothing_of_theirs_opens_again(loop: Loop) -> None:
    person = {"person": UUID(loop.person)}
    path = f"/api/assessment/v1/responses/{loop.responses[0]}"
    engine = loop.city.engines["assessment"]
    with engine.begin() as connection:
        find = text("SELECT * FROM person_keys WHERE person = :person")
        key = connection.execute(find, person).mappings().one()
        connection.execute(text("DELETE FROM person_keys WHERE person = :person"), person)

    shredded = loop.worker.call("GET", path)
    with engine.begin() as connection:
        columns = ", ".join(key)
        values = ", ".join(f":{name}" for name in key)
        connection.execute(
            text(f"INSERT INTO person_keys ({columns}) VALUES ({values})"), dict(key)
        )

    assert shredded.status != 200
    assert "scores" not in shredded.body
    assert loop.worker.call("GET", path).status == 200
