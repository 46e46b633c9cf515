"""The thresholds of group privacy, and the floor under them."""

from dataclasses import dataclass

FLOOR = 5
DEFAULT_MINIMUM = 10
WHOLE_FACTOR = 3


class MinimumTooSmall(ValueError):
    """A minimum group below the floor is refused, whoever asks for it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """`minimum` is k: no number about fewer people than this leaves, and none can be derived.

    Defaults and floor: care-and-law 3 (health answers towards an employer: k = 10, floor 5).
    """

    minimum: int = DEFAULT_MINIMUM

    def __post_init__(self) -> None:
        if self.minimum < FLOOR:
            raise MinimumTooSmall(f"a minimum group of {self.minimum} is below {FLOOR}")

    @property
    def few(self) -> int:
        """t: a numerator, or what it lacks to its base, of 1 to t-1 tells of single people."""
        return -(-3 * self.minimum // 10)

    @property
    def breakdown_minimum(self) -> int:
        """A whole of fewer people is never broken down: 0 % and 100 % would tell of each."""
        return WHOLE_FACTOR * self.minimum
