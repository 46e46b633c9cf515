"""Sealed bytes open with the right key and context, and with nothing else."""

import base64

import pytest

from services.chassis.keyring import CannotOpen, KeyRing

OLD, NEW = b"o" * 32, b"n" * 32


def test_what_is_sealed_opens_with_the_same_context_only() -> None:
    ring = KeyRing("k1", {"k1": OLD})
    sealed = ring.seal(b"words", "note")

    assert ring.open(sealed, "note") == b"words"
    assert b"words" not in sealed
    with pytest.raises(CannotOpen):
        ring.open(sealed, "another")


def test_one_changed_byte_keeps_it_closed() -> None:
    ring = KeyRing("k1", {"k1": OLD})
    sealed = bytearray(ring.seal(b"words", "note"))
    sealed[-1] ^= 1

    with pytest.raises(CannotOpen):
        ring.open(bytes(sealed), "note")


def test_after_rotation_the_old_key_still_opens_and_the_new_one_seals() -> None:
    before = KeyRing("k1", {"k1": OLD})
    after = KeyRing("k2", {"k1": OLD, "k2": NEW})
    sealed = before.seal(b"words", "note")

    assert after.open(sealed, "note") == b"words"
    with pytest.raises(CannotOpen):
        before.open(after.seal(b"words", "note"), "note")


def test_a_blind_index_survives_rotation_and_depends_on_its_context() -> None:
    before = KeyRing("k1", {"k1": OLD})
    after = KeyRing("k2", {"k1": OLD, "k2": NEW})

    assert before.blind_index("138", "phone") == after.blind_index("138", "phone")
    assert before.blind_index("138", "phone") != before.blind_index("138", "member")


def test_an_index_key_of_its_own_outlives_every_other_key() -> None:
    before = KeyRing.from_settings({"active": "k1", "keys": {"k1": _text(OLD)}})
    named = {"active": "k2", "keys": {"k1": _text(OLD), "k2": _text(NEW)}, "index": _text(OLD)}
    after = {**named, "keys": {"k2": _text(NEW)}}

    digests = {
        KeyRing.from_settings(named).blind_index("138", "phone"),
        KeyRing.from_settings(after).blind_index("138", "phone"),
        before.blind_index("138", "phone"),
    }

    assert len(digests) == 1


def test_fingerprints_tell_keys_of_one_name_apart_and_nothing_of_the_key() -> None:
    one, other = KeyRing("k1", {"k1": OLD}), KeyRing("k1", {"k1": NEW})

    assert one.fingerprints()["k1"] != other.fingerprints()["k1"]
    assert set(one.fingerprints()) == {"k1", ""}


def test_an_index_key_of_a_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing("k1", {"k1": OLD}, b"short")


def test_a_key_of_a_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing("k1", {"k1": b"short"})


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
