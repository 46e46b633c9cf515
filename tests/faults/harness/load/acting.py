"""Doing the deeds of a plan: many people at once, each answer of success kept as a promise."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.faults.harness.diary import Diary
from tests.faults.harness.load.client import Call, Callers, NoReply, Reply
from tests.faults.harness.load.officers import Officers
from tests.faults.harness.load.writing import Writing
from tests.faults.harness.plan import Deed

BOOKING, ASSESSMENT = "/api/booking/v1", "/api/assessment/v1"
# So few of the first hours that many want the same one.
WANTED = 5
CONSENT = f"{ASSESSMENT}/instruments/"


class People:
    """Everybody's deeds. A deed that finds nothing to do (no offer, no slot) is over."""

    def __init__(self, callers: Callers, writing: Writing, diary: Diary) -> None:
        self._callers, self._write, self._diary = callers, writing, diary
        self._officers = Officers(callers, writing)
        self._consents: dict[str, Mapping[str, Any]] = {}
        self._doing: Mapping[str, Callable[[Deed], None]] = {
            "answer": self.answer,
            "accept": self.accept,
            "decline": self.decline,
            "book": self.book,
            "rush": self.rush,
            "cancel": self.cancel,
            "move": self.move,
            "arrive": self.arrive,
            "help": self.help,
            "read": self.read,
            "repeat": self.repeat,
            "page": self.page,
            "officer": lambda deed: self._officers.look(deed.who, deed.dice),
        }

    def prepare(self) -> None:
        """What everybody has read before they start: the wording of the consent."""
        for instrument in ("phq9", "gad7"):
            found = self._callers.get(CONSENT + instrument, "worker1")
            self._consents[instrument] = {"version": found["consent"]["version"], "granted": True}

    def do(self, deed: Deed) -> None:
        """One deed; what could not be answered is left for later by the writing."""
        try:
            self._doing[deed.what](deed)
        except NoReply:
            self._diary.count("given up")
        except Exception as error:
            self._diary.count("broken deeds")
            self._diary.note("broken", deed=deed.what, error=repr(error)[:200])

    def sign_in(self, who: str) -> None:
        """Beforehand, so that nothing else is in the way later."""
        self._callers.sign_in(who)

    def answer(self, deed: Deed) -> None:
        """A sheet; what it has to come to is kept with the promise."""
        sheet = {name: deed.facts[name] for name in ("instrument", "answers")}
        self.give_answers(deed.who, sheet, gateway=deed.facts.get("gateway", False))

    def give_answers(
        self, who: str, sheet: Mapping[str, Any], *, gateway: bool = False
    ) -> Reply | None:
        """The same for whoever asks for it; None where no answer came in time."""
        body = {**sheet, "consent": self._consents[sheet["instrument"]]}
        call = _post(f"{ASSESSMENT}/responses", who, body, gateway=gateway)
        return self._write(call, "response", sheet)

    def accept(self, deed: Deed) -> None:
        """Book one of the first hours that fit the open offer."""
        offer = self._offer(deed)
        if offer is not None:
            self._book(deed, offer=offer["id"])

    def decline(self, deed: Deed) -> None:
        """Say no."""
        offer = self._offer(deed)
        if offer is not None:
            path = f"{BOOKING}/offers/{offer['id']}/decline"
            self._write(_post(path, deed.who, {}), "declined", about=offer["id"])

    def book(self, deed: Deed) -> None:
        """One of the first hours of all."""
        self._book(deed)

    def rush(self, deed: Deed) -> None:
        """Several people want the same hour at the same moment."""
        slots = self._callers.items(f"{BOOKING}/slots", deed.who)
        if not slots:
            return
        slot = slots[int(deed.dice * len(slots))]
        calls = [_booking(login, slot) for login in deed.facts["others"]]
        with ThreadPoolExecutor(len(calls)) as pool:
            list(pool.map(lambda call: self._write(call, "appointment"), calls))

    def cancel(self, deed: Deed) -> None:
        """Call an appointment off."""
        found = self._appointment(deed)
        if found is not None:
            path = f"{BOOKING}/appointments/{found['id']}"
            call = Call(method="DELETE", path=path, person=deed.who)
            self._write(call, "cancelled", about=found["id"])

    def move(self, deed: Deed) -> None:
        """Another hour for an appointment."""
        found = self._appointment(deed)
        slots = self._callers.items(f"{BOOKING}/slots", deed.who) if found else []
        if found is not None and slots:
            path = f"{BOOKING}/appointments/{found['id']}/reschedule"
            body = {"slot": slots[int(deed.dice * len(slots))]["id"]}
            self._write(_post(path, deed.who, body), "moved", about=found["id"])

    def arrive(self, deed: Deed) -> None:
        """Come to an appointment, early."""
        found = self._appointment(deed)
        if found is not None:
            path = f"{BOOKING}/appointments/{found['id']}/check-in"
            self._write(_post(path, deed.who, {}), "arrived", about=found["id"])

    def help(self, deed: Deed) -> None:
        """Ask for help without signing in."""
        call = _post(f"{ASSESSMENT}/help-requests", "", {"phone": deed.facts["phone"]})
        self._write(call, "help")

    def read(self, deed: Deed) -> None:
        """Look at what there is."""
        paths = ("booking/v1/offers", "assessment/v1/responses", "notification/v1/messages")
        path = paths[int(deed.dice * len(paths))]
        self._callers.items(f"/api/{path}", deed.who, gateway=deed.facts["gateway"])

    def repeat(self, deed: Deed) -> None:
        """Send an answered request once more, under its key."""
        self._write.again(deed.dice)

    def page(self, deed: Deed) -> None:
        """Open the portal."""
        status = self._callers.page("/")
        self._diary.count(f"page {status}")

    def _book(self, deed: Deed, **offer: str) -> None:
        slots = self._callers.items(f"{BOOKING}/slots", deed.who, **offer)[:WANTED]
        if slots:
            slot = slots[int(deed.dice * len(slots))]
            self._write(_booking(deed.who, slot, **offer), "appointment")

    def _offer(self, deed: Deed) -> dict[str, Any] | None:
        offers = self._callers.items(f"{BOOKING}/offers", deed.who, state="open")
        return offers[0] if offers else None

    def _appointment(self, deed: Deed) -> dict[str, Any] | None:
        found = self._callers.items(f"{BOOKING}/appointments", deed.who, state="booked")
        return found[int(deed.dice * len(found))] if found else None


class Load:
    """Does the deeds at their times, as far as the city keeps up."""

    THREADS = 24
    BACKLOG = 60

    def __init__(self, people: People, diary: Diary) -> None:
        self._people, self._diary = people, diary
        self._over = threading.Event()
        self._waiting = threading.Semaphore(self.BACKLOG)

    def run(self, deeds: list[Deed]) -> None:
        """Until the last deed, or `stop`; whoever is at work then comes to an end."""
        started = time.monotonic()
        with ThreadPoolExecutor(self.THREADS) as pool:
            for deed in deeds:
                if self._over.wait(max(0.0, started + deed.at - time.monotonic())):
                    return
                if self._waiting.acquire(blocking=False):
                    pool.submit(self._do, deed)
                else:
                    self._diary.count("left out")

    def stop(self) -> None:
        """Begin nothing more."""
        self._over.set()

    def _do(self, deed: Deed) -> None:
        try:
            self._people.do(deed)
        finally:
            self._waiting.release()


def _post(path: str, who: str, body: Any, *, gateway: bool = False) -> Call:
    return Call(method="POST", path=path, person=who, body=body, gateway=gateway)


def _booking(who: str, slot: Mapping[str, Any], **offer: str) -> Call:
    body = {"slot": slot["id"], "mode": slot["mode"], **offer}
    return _post(f"{BOOKING}/appointments", who, body)
