"""An idempotency key: the first answer again, to the same person, route and body alone."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text
from werkzeug.wrappers import Response

from services.chassis import idempotency
from services.chassis.access import Principal, Role
from services.chassis.database import Database
from services.chassis.errors import InvalidInput
from services.chassis.idempotency import IdempotencyKeyReused, IdempotentCall
from services.chassis.keyring import CannotOpen, KeyRing

KEYS = KeyRing("k1", {"k1": b"k" * 32})
ROUTE = "POST /things"


class FakeRequest:
    """What a key is read from."""

    def __init__(self, key: str | None, *, person: UUID | None = None, **more: Any) -> None:
        self.headers = {} if key is None else {"Idempotency-Key": key}
        self.path = more.get("path", "/things")
        self.body = more.get("body", b"{}")
        self.principal_or_none = person and Principal(person, frozenset({Role.WORKER}), "wh")


def a_call(key: str | None = "a-key", *, route: str = ROUTE, **more: Any) -> Any:
    request: Any = FakeRequest(key, **{"person": uuid4(), **more})
    return IdempotentCall.of(request, route, KEYS)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        yield connection


def answered(connection: Connection, call: IdempotentCall) -> Response | None:
    return call.answered(connection, KEYS)


def kept(connection: Connection, call: IdempotentCall, response: Response) -> None:
    assert answered(connection, call) is None
    call.keep(connection, KEYS, response, "the-loop")


def test_without_a_key_or_a_person_nothing_is_remembered() -> None:
    assert a_call(None) is None
    assert a_call(person=None) is None


@pytest.mark.parametrize("length", [0, 129])
def test_a_key_has_a_length_that_can_be_kept(length: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_call("k" * length)

    (fault,) = refusal.value.errors
    assert (fault.field, fault.message) == ("Idempotency-Key", "expected 1 to 128 characters")


@pytest.mark.parametrize("length", [1, 128])
def test_the_shortest_and_the_longest_key_are_taken(length: int) -> None:
    assert a_call("k" * length).key == "k" * length


def test_the_first_answer_comes_again_word_by_word(connection: Connection) -> None:
    call = a_call()
    kept(connection, call, Response(b'{"id":1}', 201, mimetype="application/json"))

    again = answered(connection, call)

    assert again is not None
    assert (again.status_code, again.get_data()) == (201, b'{"id":1}')
    assert again.mimetype == "application/json"
    assert again.headers["Correlation-Id"] == "the-loop"
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_is_another_for_another_person_or_route(connection: Connection) -> None:
    person = uuid4()
    kept(connection, a_call(person=person), Response(b"mine"))

    assert answered(connection, a_call(person=uuid4())) is None
    assert answered(connection, a_call(person=person, route="POST /others")) is None
    assert answered(connection, a_call("another", person=person)) is None


@pytest.mark.parametrize("changed", [{"body": b"[]"}, {"path": "/things/2"}])
def test_a_key_with_another_body_or_path_is_refused(
    connection: Connection, changed: dict[str, Any]
) -> None:
    person = uuid4()
    kept(connection, a_call(person=person), Response(b"mine"))

    with pytest.raises(IdempotencyKeyReused):
        answered(connection, a_call(person=person, **changed))


def test_what_the_row_holds_can_be_read_by_nobody_without_the_keys(connection: Connection) -> None:
    call = a_call(body=b'{"answers":[3,3,3]}')
    kept(connection, call, Response(b"a secret answer"))

    row = connection.execute(
        text("SELECT * FROM idempotency WHERE person = :person"), {"person": call.person}
    ).one()

    assert b"a secret answer" not in bytes(row.answer)
    assert row.status == 200
    other = KeyRing("k1", {"k1": b"x" * 32})
    assert IdempotentCall.of(FakeRequest("a-key", person=call.person), ROUTE, other).body_hash != (
        a_call(person=call.person).body_hash
    )
    with pytest.raises(CannotOpen):
        call.answered(connection, other)


def test_an_answer_moved_to_another_key_does_not_open(connection: Connection) -> None:
    call = a_call()
    kept(connection, call, Response(b"mine"))
    connection.execute(
        text("UPDATE idempotency SET key = 'other' WHERE person = :p"), {"p": call.person}
    )

    with pytest.raises(CannotOpen):
        answered(connection, a_call("other", person=call.person))


def test_a_released_key_is_free_again(connection: Connection) -> None:
    call, other = a_call(), a_call()
    kept(connection, call, Response(b"mine"))
    kept(connection, other, Response(b"theirs"))

    call.release(connection)

    assert answered(connection, call) is None
    assert answered(connection, other) is not None


def test_answers_are_forgotten_after_a_day(connection: Connection) -> None:
    late, fresh = a_call(), a_call()
    kept(connection, late, Response(b"late"))
    kept(connection, fresh, Response(b"fresh"))
    for call, hours in ((late, 24.1), (fresh, 23.9)):
        connection.execute(
            text(
                "UPDATE idempotency SET created_at = now() - make_interval(secs => :s)"
                " WHERE person = :person"
            ),
            {"s": hours * 3600, "person": call.person},
        )

    connection.execute(idempotency.FORGET)

    assert answered(connection, late) is None
    assert answered(connection, fresh) is not None


def test_a_request_is_known_again_by_replicas_of_other_versions() -> None:
    plain = hashlib.sha256(b"/things\0{}").hexdigest()

    assert a_call().body_hash == KEYS.blind_index(plain, "idempotency-body")


def test_an_answer_of_no_type_is_repeated_without_one(connection: Connection) -> None:
    call, response = a_call(), Response(b"bytes")
    del response.headers["Content-Type"]
    kept(connection, call, response)

    again = answered(connection, call)

    assert again is not None
    assert not again.mimetype
