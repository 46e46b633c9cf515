"""Shared reads are made once, are a second old at most, and never outlive an own commit."""

import eventlet
import pytest

from services.chassis.shared import SharedReads


class Reading:
    """Counts how often it was read; `pause` lets others in meanwhile."""

    def __init__(self, pause: float | None = None) -> None:
        self.times, self._pause = 0, pause

    def __call__(self) -> bytes:
        self.times += 1
        said = b"%d" % self.times
        if self._pause is not None:
            eventlet.sleep(self._pause)
        return said


class FixedTime:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_within_a_second_the_same_answer_is_handed_out_and_then_a_new_one() -> None:
    time, read = FixedTime(), Reading()
    shared = SharedReads(seconds=1.0, now=time)

    first = shared.get("slots", read)
    time.now += 0.999
    again = shared.get("slots", read)
    time.now += 0.001
    later = shared.get("slots", read)

    assert (first, again, later) == (b"1", b"1", b"2")


def test_an_answer_ages_from_when_its_reading_began() -> None:
    time = FixedTime()
    shared = SharedReads(seconds=1.0, now=time)

    def slow() -> bytes:
        time.now += 0.6
        return b"old"

    shared.get("slots", slow)
    time.now += 0.5

    assert shared.get("slots", lambda: b"new") == b"new"


def test_different_keys_never_share() -> None:
    shared = SharedReads(now=FixedTime())

    assert shared.get(("slots", "a"), lambda: b"a") == b"a"
    assert shared.get(("slots", "b"), lambda: b"b") == b"b"


def test_however_many_ask_at_once_one_of_them_reads() -> None:
    shared, read = SharedReads(now=FixedTime()), Reading(pause=0)
    pool = eventlet.GreenPool()

    answers = list(pool.imap(lambda _: shared.get("slots", read), range(20)))

    assert (set(answers), read.times) == ({b"1"}, 1)


def test_after_a_failed_reading_the_next_tries_itself() -> None:
    shared = SharedReads(now=FixedTime())

    def failing() -> bytes:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        shared.get("slots", failing)

    assert shared.get("slots", lambda: b"there") == b"there"


def test_what_was_being_read_during_a_commit_is_not_handed_out_after_it() -> None:
    shared = SharedReads(now=FixedTime())
    early = eventlet.spawn(shared.get, "slots", Reading(pause=0))
    eventlet.sleep(0)

    shared.forget()

    assert shared.get("slots", lambda: b"after") == b"after"
    assert early.wait() == b"1"
    assert shared.get("slots", lambda: b"never read") == b"after"


def test_no_more_answers_are_kept_than_agreed() -> None:
    shared, read = SharedReads(most=2, now=FixedTime()), Reading()

    for key in "abc":
        shared.get(key, read)

    assert shared.get("c", read) == b"3"
    assert shared.get("a", read) == b"4"
