"""How many different people are behind a number, without keeping who they are.

A crowd is a set of 256 bits; a person sets one of them, always the same. Uniting crowds is
order-free and idempotent. The bits that are set are never more than the people, so a group that
looks large enough is; of 10 people in 10 bits, about one group in six looks smaller than it is.
"""

from uuid import UUID

BITS = 256


def bucket_of(person: UUID) -> int:
    """The person's bit: the last byte of a random UUID, which says next to nothing of it."""
    return person.int % BITS


def crowd_of(bucket: int) -> int:
    """The crowd of one."""
    return 1 << bucket


def as_bits(crowd: int) -> str:
    """As PostgreSQL's bit(256) reads it."""
    return f"x{crowd:0{BITS // 4}x}"


def from_bits(bits: str) -> int:
    """From PostgreSQL's bit(256)."""
    return int(bits, 2)
