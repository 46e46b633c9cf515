"""One acknowledgement stands for many where all before it are done, and for none that is not."""

from typing import Any

from services.chassis.acknowledging import Acknowledgements


class Channel:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    def basic_ack(self, tag: int, multiple: bool = False) -> None:
        self.told.append((tag, multiple))


def after(came: int, done: list[int], **options: Any) -> tuple[Acknowledgements, Channel]:
    channel = Channel()
    messages = Acknowledgements(channel, **{"multiple": True, **options})
    for tag in range(1, came + 1):
        messages.came(tag)
    for tag in done:
        messages.done(tag)
    return messages, channel


def test_those_done_without_a_gap_are_told_in_one() -> None:
    messages, channel = after(5, [2, 1, 3])

    messages.tell()

    assert channel.told == [(3, True)]


def test_one_that_is_not_done_is_covered_by_no_other() -> None:
    messages, channel = after(5, [1, 3, 5])

    messages.tell()

    assert channel.told == [(1, True), (3, False), (5, False)]


def test_nothing_is_told_twice() -> None:
    messages, channel = after(3, [1, 2])
    messages.tell()
    messages.done(3)

    messages.tell()
    messages.tell()

    assert channel.told == [(2, True), (3, True)]


def test_a_message_given_back_is_out_of_the_way() -> None:
    messages, channel = after(3, [2, 3])
    messages.gone(1)

    messages.tell()

    assert channel.told == [(3, True)]


def test_where_one_never_stands_for_many_each_is_told() -> None:
    messages, channel = after(3, [1, 2], multiple=False)

    messages.tell()

    assert channel.told == [(1, False), (2, False)]
