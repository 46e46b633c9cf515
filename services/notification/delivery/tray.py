"""What one worker's use cases decided to send; it leaves once their transaction stands."""

from collections.abc import Sequence

from services.notification.delivery.domain import Claim


class Tray:
    """Collects claims until the worker's commit."""

    def __init__(self) -> None:
        self._claims: list[Claim] = []

    def put(self, claims: Sequence[Claim]) -> None:
        """To be sent after the commit; if there is none, the claims never existed."""
        self._claims += claims

    def take(self) -> list[Claim]:
        """Everything in it."""
        claims, self._claims = self._claims, []
        return claims
