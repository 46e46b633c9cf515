"""Renewing a person's tokens once, however many pages ask for it at the same moment."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from services.portal.web.session import SignedIn

KEPT_SECONDS = 20.0
"""As long as accounts gives the same successor again for a token that was just replaced."""
MOST_KEPT = 10_000

Renew = Callable[[SignedIn], SignedIn]


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    renewed: SignedIn | None = None
    at: float = 0.0


class Renewals:
    """One renewal per refresh token at a time; those that come late get its result."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots: OrderedDict[str, _Slot] = OrderedDict()
        self._clock = clock

    def renew(self, person: SignedIn, renew: Renew) -> SignedIn:
        """The person with fresh tokens; raises what `renew` raises."""
        slot = self._slot(person.refresh_token)
        with slot.lock:
            if slot.renewed is None:
                slot.renewed = renew(person)
                slot.at = self._clock()
            return slot.renewed

    def _slot(self, refresh_token: str) -> _Slot:
        now = self._clock()
        name = hashlib.sha256(refresh_token.encode()).hexdigest()
        found = self._slots.get(name)
        if found is None or (found.renewed is not None and now - found.at > KEPT_SECONDS):
            found = self._slots[name] = _Slot(at=now)
        self._slots.move_to_end(name)
        while len(self._slots) > MOST_KEPT:
            self._slots.popitem(last=False)
        return found
