"""The draw, so that anybody can do it again.

1. When a round opens, a seed of 32 random bytes is made and kept secret. Its *commitment*, the
   SHA-256 of these bytes in hexadecimal, is told to everybody: the seed cannot be changed later.
2. When it closes, the list of entry numbers and of the prizes each qualifies for is told: the
   entries are fixed before anybody knows the seed.
3. When it is drawn, the seed is told, in hexadecimal. All entries are put in the order of
   SHA-256(seed ‖ entry number), the seed as bytes and the number as its ASCII characters, the
   smallest digest first. Prize by prize, from number 1 on, the first entries of this order that
   qualify and have won nothing yet win, as many as there are of the prize.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

SEED_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Prize:
    """So many of a thing, for entries with at least these points."""

    title: str
    count: int
    least_points: int = 0


@dataclass(frozen=True, slots=True)
class Winner:
    """An entry and the number of its prize, from 1 on."""

    entry: str
    prize: int


def commitment_of(seed: bytes) -> str:
    """What is told of a seed while it is secret."""
    return sha256(seed).hexdigest()


def qualifies_for(points: int, prizes: Sequence[Prize]) -> list[int]:
    """The numbers of the prizes these points are enough for."""
    return [number for number, each in enumerate(prizes, 1) if points >= each.least_points]


def draw(seed: bytes, entries: Mapping[str, int], prizes: Sequence[Prize]) -> list[Winner]:
    """The winners out of entry numbers with their points, in the order they were drawn."""
    waiting = sorted(entries, key=lambda entry: sha256(seed + entry.encode("ascii")).digest())
    winners: list[Winner] = []
    for number, prize in enumerate(prizes, 1):
        qualified = (entry for entry in waiting if entries[entry] >= prize.least_points)
        drawn = list(islice(qualified, prize.count))
        winners += [Winner(entry, number) for entry in drawn]
        gone = set(drawn)
        waiting = [entry for entry in waiting if entry not in gone]
    return winners
