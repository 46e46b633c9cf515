"""The draw: fixed by its seed, the same for everybody who does it again, and fair."""

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.assessment.quizzes.rounds.draw import (
    Prize,
    Winner,
    commitment_of,
    draw,
    qualifies_for,
)

SEED = bytes(range(32))
ENTRIES = {"AAAAAAAAAA": 5, "BBBBBBBBBB": 3, "CCCCCCCCCC": 5, "DDDDDDDDDD": 0, "EEEEEEEEEE": 4}
PRIZES = (Prize(title="一等奖", count=1, least_points=5), Prize(title="参与奖", count=2))


def test_the_commitment_is_what_a_shell_would_print() -> None:
    # printf '%s' 000102…1f | xxd -r -p | sha256sum
    expected = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"

    assert commitment_of(SEED) == expected


def test_winners_follow_from_the_seed_and_the_entries() -> None:
    order = sorted(ENTRIES, key=lambda each: hashlib.sha256(SEED + each.encode()).hexdigest())
    first = next(each for each in order if ENTRIES[each] == 5)
    others = [each for each in order if each != first][:2]

    assert draw(SEED, ENTRIES, PRIZES) == [
        Winner(first, 1),
        *(Winner(each, 2) for each in others),
    ]


def test_the_order_in_which_entries_are_read_does_not_matter() -> None:
    backwards = dict(reversed(ENTRIES.items()))

    assert draw(SEED, backwards, PRIZES) == draw(SEED, ENTRIES, PRIZES)


def test_a_prize_nobody_has_the_points_for_stays() -> None:
    prizes = (Prize(title="满分奖", count=3, least_points=6), Prize(title="参与奖", count=1))

    assert [each.prize for each in draw(SEED, ENTRIES, prizes)] == [2]


def test_points_decide_what_an_entry_qualifies_for() -> None:
    assert [qualifies_for(points, PRIZES) for points in (4, 5)] == [[2], [1, 2]]


def test_nobody_took_part_nobody_wins() -> None:
    assert draw(SEED, {}, PRIZES) == []


prizes_drawn = st.lists(
    st.builds(Prize, title=st.just("奖"), count=st.integers(1, 5), least_points=st.integers(0, 5)),
    max_size=4,
)
entries_drawn = st.dictionaries(
    st.text("ABCDEFGHJK", min_size=10, max_size=10), st.integers(0, 5), max_size=30
)


@given(st.binary(min_size=32, max_size=32), entries_drawn, prizes_drawn)
def test_an_entry_wins_at_most_once_and_only_what_it_qualifies_for(
    seed: bytes, entries: dict[str, int], prizes: list[Prize]
) -> None:
    winners = draw(seed, entries, prizes)

    assert len({each.entry for each in winners}) == len(winners)
    for each in winners:
        assert each.prize in qualifies_for(entries[each.entry], prizes)
    for number, prize in enumerate(prizes, 1):
        won = [each for each in winners if each.prize == number]
        left = set(entries) - {each.entry for each in winners if each.prize <= number}
        assert len(won) <= prize.count
        assert len(won) == prize.count or all(entries[e] < prize.least_points for e in left)


def test_every_entry_wins_about_as_often() -> None:
    entries = {letter * 10: 1 for letter in "ABCDEFGHJK"}
    prize = (Prize(title="奖", count=1),)

    won = Counter(
        draw(number.to_bytes(32, "big"), entries, prize)[0].entry for number in range(5000)
    )

    assert set(won) == set(entries)
    assert all(400 < count < 600 for count in won.values()), won
