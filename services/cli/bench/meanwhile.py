"""A few people who book and cancel at a slow pace while something else is measured."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

import requests

from services.cli.errors import CommandFailed

BOOKING = "/api/booking/v1"


class Bookers:
    """Takes a slot, gives it back at the next turn, as long as nobody says stop."""

    def __init__(self, port: int, tokens: Sequence[str], a_second: float) -> None:
        self.done: Counter[str] = Counter()
        self._url = f"http://127.0.0.1:{port}{BOOKING}"
        self._tokens, self._pause = tokens, 1 / a_second
        self._over = threading.Event()
        self._random = Random(1)
        self._booked: dict[str, str] = {}
        self._thread = threading.Thread(target=self._work, daemon=True)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the block runs; raises CommandFailed where somebody got an unexpected answer."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join(30)
        if self.done["surprises"]:
            raise CommandFailed(f"Booking beside the measured load went wrong: {self.done}")

    def _work(self) -> None:
        session, turn = requests.Session(), 0
        slots = self._call(session, "GET", "/slots?limit=200", self._tokens[0])["items"]
        began = time.monotonic()
        while not self._over.wait(max(0.0, began + turn * self._pause - time.monotonic())):
            token = self._tokens[turn % len(self._tokens)]
            if appointment := self._booked.pop(token, None):
                self._call(session, "DELETE", f"/appointments/{appointment}", token)
                self.done["given back"] += 1
            else:
                slot = self._random.choice(slots)
                body = {"slot": slot["id"], "mode": slot["mode"]}
                made = self._call(session, "POST", "/appointments", token, body)
                if "id" in made:
                    self._booked[token] = made["id"]
                    self.done["booked"] += 1
            turn += 1

    def _call(
        self, session: requests.Session, method: str, path: str, token: str, body: Any = None
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        answer = session.request(method, self._url + path, json=body, headers=headers, timeout=30)
        if answer.status_code >= 400 and answer.status_code != 409:
            self.done["surprises"] += 1
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found if answer.status_code < 400 else {}
