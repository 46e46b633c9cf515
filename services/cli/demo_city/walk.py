"""One worker's way through the closed loop, over public HTTP; each step is checked before it is
printed."""

import time
from dataclasses import dataclass
from typing import Any

from services.cli.campaigning.figures import Figures, LiveView, moves_between
from services.cli.client import Answer, PublicClient, said
from services.cli.demo_city.city import WORKERS, CityPerson, workers
from services.cli.demo_city.waiting import until
from services.cli.errors import CommandFailed
from services.cli.mailbox import Mailbox
from services.cli.progress import say

MODERATE = {"q1": 2, "q2": 2, "q3": 2, "q4": 2, "q5": 1, "q6": 1, "q7": 1, "q8": 0, "q9": 0}
MOVED = {
    "responses-completed": 1,
    "responses-phq9-moderate": 1,
    "offers-made": 1,
    "offers-accepted": 1,
    "appointments-booked": 1,
}
SERVICES = {"assessment", "booking", "notification", "reporting"}


@dataclass(frozen=True, slots=True)
class Walk:
    """Who walks, who watches, and where the mail arrives."""

    url: str
    password: str
    mailbox: Mailbox

    def run(self) -> None:
        """The whole loop; raises CommandFailed at the first step that did not happen."""
        lead = PublicClient(self.url).signed_in("clinical-lead", self.password)
        person, worker = self._fresh_worker()
        _told("accounts", f"{person.login} signed in as {worker.person['name']}, {person.unit}")
        view = LiveView.of_this_month(lead, str(lead.person["unit"]))
        before = view.read()

        answer = _answer(worker)
        loop = answer.correlation_id
        offer = _offer(worker)
        appointment = _book(worker, offer, loop)
        self._read_messages(person, worker, appointment)
        _statistics(view, before)
        _steps(lead, loop)

    def _fresh_worker(self) -> tuple[CityPerson, PublicClient]:
        for person in reversed(workers()):
            client = PublicClient(self.url).signed_in(person.login, self.password)
            lists = ("booking/v1/offers", "booking/v1/appointments", "notification/v1/messages")
            if not any(client.get(f"/api/{path}")["items"] for path in lists):
                return person, client
        raise CommandFailed(f"All {WORKERS} workers have been through the loop: use --fresh.")

    def _read_messages(
        self, person: CityPerson, worker: PublicClient, appointment: dict[str, Any]
    ) -> None:
        message = until(
            lambda: _about(worker, appointment["id"]), "the message about the appointment"
        )
        _told("notification", f"in the inbox: «{message['title']}»")
        mails = until(
            lambda: [each for each in self.mailbox.mails(person.email) if _tells_time(each.text)],
            f"a mail to {person.email}",
        )
        subject = mails[-1].message["Subject"]
        _told("notification", f"mail to {person.email}: «{subject}» in {mails[-1].path}")


def _answer(worker: PublicClient) -> Answer:
    instrument = worker.get("/api/assessment/v1/instruments/phq9")
    consent = instrument["consent"]
    _told("assessment", f"PHQ-9 {instrument['version']}: {len(instrument['items'])} questions")
    answer = worker.call(
        "POST",
        "/api/assessment/v1/responses",
        {
            "instrument": "phq9",
            "answers": MODERATE,
            "consent": {"version": consent["version"], "granted": True},
        },
    )
    if answer.status != 201 or answer.body["band"] != "moderate":
        raise CommandFailed(f"The answers were not taken as moderate: {said(answer)}")
    body = answer.body
    _told("assessment", f"scored {body['scores']['total']}: {body['band']}, risk {body['risk']}")
    return answer


def _offer(worker: PublicClient) -> dict[str, Any]:
    started = time.monotonic()
    offers = until(lambda: _open_offers(worker), "an offer")
    took = (time.monotonic() - started) * 1000
    _told(
        "booking", f"a talk is offered until {offers[0]['expires_at']} (seen after {took:.0f} ms)"
    )
    return offers[0]


def _open_offers(worker: PublicClient) -> list[dict[str, Any]]:
    found = worker.get("/api/booking/v1/offers")["items"]
    return [offer for offer in found if offer["state"] == "open"]


def _book(worker: PublicClient, offer: dict[str, Any], loop: str) -> dict[str, Any]:
    slots = worker.get("/api/booking/v1/slots", offer=offer["id"])["items"]
    if not slots:
        raise CommandFailed("No slot is free in the next 14 days.")
    slot = slots[0]
    body = {"slot": slot["id"], "offer": offer["id"], "mode": slot["mode"]}
    answer = worker.call("POST", "/api/booking/v1/appointments", body)
    if answer.status != 201 or answer.body["state"] != "booked":
        raise CommandFailed(f"The slot could not be booked: {said(answer)}")
    if answer.correlation_id != loop:
        raise CommandFailed("The booking did not inherit the loop's correlation id.")
    _told("booking", f"{len(slots)} slots free; booked {slot['starts_at']}, {slot['mode']}")
    booked: dict[str, Any] = answer.body
    return booked


def _about(worker: PublicClient, appointment: str) -> dict[str, Any] | None:
    messages = worker.get("/api/notification/v1/messages")["items"]
    found = (each for each in messages if each["about"].get("appointment") == appointment)
    return next(found, None)


def _tells_time(text: str) -> bool:
    return ":" in text


def _statistics(view: LiveView, before: Figures) -> None:
    def moved() -> dict[str, int] | None:
        moves = moves_between(before, view.read(), MOVED)
        reached = {code: by for code, by in moves.items() if by is not None and by >= MOVED[code]}
        return reached if len(reached) == len(MOVED) else None

    moves = until(moved, "the statistics of this month")
    _told("reporting", ", ".join(f"{code} +{by}" for code, by in moves.items()))


def _steps(lead: PublicClient, loop: str) -> None:
    def complete() -> list[dict[str, Any]] | None:
        answer = lead.call("GET", f"/api/reporting/v1/loops/{loop}")
        steps: list[dict[str, Any]] = answer.body["items"] if answer.status == 200 else []
        return steps if {step["service"] for step in steps} >= SERVICES else None

    steps = until(complete, "the loop view with all four services")
    _told("reporting", f"loop {loop}: {len(steps)} steps by {len(SERVICES)} services")
    for step in steps:
        say(f"      {step['at'][11:23]}  {step['service']:<13}{step['type']}")


def _told(service: str, what: str) -> None:
    say(f"  ✓ {service:<13}{what}")
