"""The whole city as separate processes, and one load on it that two rows read."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random
from time import monotonic, sleep
from uuid import UUID

from services.apphost import KEEPERS, SERVICES
from services.cli.bench.answers import answer_request, consent_version
from services.cli.bench.city import City
from services.cli.bench.ground import Ground
from services.cli.bench.load.plan import ClosedPlan, Follow, OpenPlan, Outcome, request_bytes
from services.cli.bench.load.sending import expect, send
from services.cli.bench.processes import descendants, processor_seconds
from services.cli.bench.writing import rows_of
from services.cli.errors import CommandFailed
from services.cli.local.processes import ServiceProcess
from services.cli.progress import step

OFFERS = "/api/booking/v1/offers"
OFFER_SEEN = b'"state":"open"'
# A page of its own for every case: by default pages of five seconds share a mail.
EVERY_PAGE = {"NOTIFICATION_PAGE_WINDOW_SECONDS": "0.05"}
MILD = dict(zip((f"q{item}" for item in range(1, 10)), (1, 0, 1, 1, 0, 0, 0, 0, 0), strict=True))
MODERATE = {**MILD, "q1": 2, "q2": 2, "q3": 2, "q4": 2, "q5": 2, "q6": 1}
CRISIS = {**MILD, "q9": 1}
# Of a hundred answers. A real sample of 5,068 (NHANES, through this system) had 192 cases of crisis
# and 523 offers.
KINDS = ["crisis"] * 4 + ["offer"] * 10 + ["mild"] * 86
ANSWERS_OF = {"crisis": CRISIS, "offer": MODERATE, "mild": MILD}
PATIENCE = 120.0
DECLINING = 8
_MAILED = """
    SELECT m.correlation_id, coalesce(carrier.message, m.id) FROM messages m
    JOIN deliveries d ON d.message = m.id
    LEFT JOIN deliveries carrier ON carrier.id = d.carried_by
    WHERE m.kind = 'duty-page' AND d.channel = 'email' AND m.correlation_id LIKE '{run}-%'
"""

_OFFERED = "SELECT correlation_id, id FROM offers WHERE correlation_id LIKE '{run}-%'"


@dataclass(frozen=True, slots=True)
class LoopRun:
    """One load: seconds from each answer's intended moment to its offer, or its page's receipt."""

    outcome: Outcome
    # How many answers arrived a second.
    rate: float
    offers: Sequence[float]
    # How many offers were not there when looking for them ended; they count as that long.
    late: int
    pages: Sequence[float]
    # Who used how much of a core meanwhile, in percent.
    busy: Mapping[str, float]


class WholeCity:
    """All services, filled once; runs of the load are kept for the row that comes second."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.city = City(ground, "whole")
        self.city.settings.update(EVERY_PAGE)
        self.runs: list[LoopRun] = []
        self.processes: dict[str, ServiceProcess] = {}
        self._running = ExitStack()
        self._workers = 0
        ground.stack.callback(self.stop)
        self.start()
        self.city.fill()
        # A city that has just been started plans its queries for empty tables.
        self.load(ground.size(10.0, 1.0))
        self.city.tidy_databases()

    def start(self) -> None:
        """Start what is not running."""
        if not self.processes:
            with step("the whole city") as said:
                running = self.city.running(*SERVICES)
                self.processes = self._running.enter_context(running)
                said(f"{len(self.processes)} processes")

    def stop(self) -> None:
        """Stop them all."""
        self._running.close()
        self.processes = {}

    def run(self, number: int) -> LoopRun:
        """The `number`-th load of this bench, sent now unless it was before."""
        while len(self.runs) <= number:
            self.start()
            self.runs.append(self.load(self._ground.size(20.0, 3.0)))
        return self.runs[number]

    def load(self, seconds: float) -> LoopRun:
        """A hundred answers a second (twenty in a quick run), each by a worker of its own."""
        name, rate = f"bench{self._workers}", self._ground.size(100, 20)
        kinds = _kinds(int(rate * seconds), Random(name))
        tokens = self._new_tokens(len(kinds))
        self.settle()
        plan = self._plan(name, rate, kinds, tokens)
        before = self._used()
        outcome = expect(send(plan), 201)
        after = self._used()
        self._decline(self._offers(name, plan), tokens)
        busy = {who: (after[who] - before[who]) / outcome.seconds * 100 for who in before}
        return LoopRun(
            outcome=outcome,
            rate=len(plan.arrivals) / plan.arrivals[-1][1],
            offers=[outcome.seen.get(at, plan.patience) for at in plan.follows],
            late=len(plan.follows) - len(outcome.seen),
            pages=self._pages(name, plan, kinds, outcome),
            busy=busy,
        )

    def settle(self) -> None:
        """Until nothing waits in an outbox, for a retry, or in a queue; raises CommandFailed."""
        deadline = monotonic() + PATIENCE
        while self._waiting():
            if monotonic() > deadline:
                raise CommandFailed(f"The city does not come to rest in {PATIENCE:.0f} s.")
            sleep(0.3)

    def _waiting(self) -> int:
        stored = sum(
            len(rows_of(self._url(name), f"SELECT 1 FROM {where} LIMIT 1"))  # noqa: S608  # below
            for name in KEEPERS
            for where in ("outbox WHERE sent_at IS NULL", "inbox WHERE state = 'retry'")
        )
        return stored or sum(self._ground.broker.admin.depths().values())

    def _new_tokens(self, count: int) -> list[str]:
        people: list[UUID] = self.city.workers(count, after=self._workers)
        self._workers += count
        return self.city.tokens(people)

    def _plan(self, name: str, rate: int, kinds: Sequence[str], tokens: Sequence[str]) -> OpenPlan:
        assessment, booking = self.processes["assessment"], self.processes["booking"]
        consent, chance = consent_version(assessment), Random(name)
        arrivals, follows, second = [], {}, 0.0
        for at, (kind, token) in enumerate(zip(kinds, tokens, strict=True)):
            second += chance.expovariate(rate)
            loop = {"Correlation-Id": f"{name}-{at}"}
            request = answer_request(token, ANSWERS_OF[kind], consent, loop)
            arrivals.append((assessment.port, second, request))
            if kind == "offer":
                look = request_bytes("GET", OFFERS, token=token)
                follows[at] = Follow(booking.port, look, OFFER_SEEN)
        return OpenPlan(arrivals, follows)

    def _offers(self, name: str, plan: OpenPlan) -> dict[int, str]:
        """Late or not, none is lost: each by its arrival; raises CommandFailed."""
        self.settle()
        made = rows_of(self._url("booking"), _OFFERED.format(run=name))
        found = {int(str(loop).rpartition("-")[2]): str(offer) for loop, offer in made}
        if lost := plan.follows.keys() - found.keys():
            raise CommandFailed(f"{len(lost)} of {len(plan.follows)} offers were never made.")
        return found

    def _decline(self, offers: Mapping[int, str], tokens: Sequence[str]) -> None:
        """The slots held for them are free again: the next load finds as many as this one."""
        requests = [
            request_bytes("POST", f"{OFFERS}/{offer}/decline", token=tokens[at])
            for at, offer in offers.items()
        ]
        streams = [requests[at::DECLINING] for at in range(DECLINING)]
        expect(send(ClosedPlan([self.processes["booking"].port] * DECLINING, streams)), 200)

    def _pages(
        self, name: str, plan: OpenPlan, kinds: Sequence[str], outcome: Outcome
    ) -> list[float]:
        """From each crisis answer to the receipt of its first page by the mail server."""
        meant = {
            f"{name}-{at}": outcome.started + plan.arrivals[at][1]
            for at, kind in enumerate(kinds)
            if kind == "crisis"
        }
        deadline = monotonic() + PATIENCE
        while (received := self._received(name)).keys() < meant.keys():
            if monotonic() > deadline:
                raise CommandFailed(f"{len(meant) - len(received)} crisis pages never arrived.")
            sleep(0.5)
        return [received[loop] - at for loop, at in meant.items()]

    def _received(self, name: str) -> dict[str, float]:
        mails = {
            mail.message_id.strip("<>").partition("@")[0]: int(mail.path.name.split("-")[0]) / 1e9
            for mail in self.city.mailbox.mails()
        }
        found: dict[str, float] = {}
        for loop, mail in rows_of(self._url("notification"), _MAILED.format(run=name)):
            if (at := mails.get(str(mail))) is not None:
                found[str(loop)] = min(at, found.get(str(loop), at))
        return found

    def _used(self) -> dict[str, float]:
        used = {name: processor_seconds([process.pid]) for name, process in self.processes.items()}
        used["RabbitMQ"] = processor_seconds(descendants(self._ground.broker.pid))
        pid_file = self._ground.postgres.data / "postmaster.pid"
        used["PostgreSQL"] = processor_seconds(descendants(int(pid_file.read_text().split()[0])))
        return used

    def _url(self, service: str) -> str:
        return self.city.settings[f"{service.upper()}_DATABASE_URL"]


def whole_city(ground: Ground) -> WholeCity:
    """The one of this run of the bench."""
    return ground.keep("whole city", lambda: WholeCity(ground))


def _kinds(count: int, chance: Random) -> list[str]:
    def hundreds() -> Iterator[str]:
        while True:
            yield from chance.sample(KINDS, len(KINDS))

    kinds = hundreds()
    found = [next(kinds) for _ in range(count)]
    # Even the shortest run has one of each.
    return found if len(set(found)) == len(ANSWERS_OF) else [*found[3:], *ANSWERS_OF]
