"""One run from beginning to end: start, load and faults, healing, settling, judging."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.apphost import KEEPERS
from services.chassis.topology import dead_queue_of
from services.cli.errors import CommandFailed
from services.contracts.catalogue import EVENTS
from tests.faults.harness.city import FragileCity
from tests.faults.harness.diary import Diary
from tests.faults.harness.faults import World
from tests.faults.harness.faults.running import Faults
from tests.faults.harness.invariants import Evidence, Finding, Mail, judge
from tests.faults.harness.load.acting import Load, People
from tests.faults.harness.load.client import Callers, NoReply
from tests.faults.harness.load.writing import Writing
from tests.faults.harness.outside import Outside
from tests.faults.harness.people import fill, personal_data
from tests.faults.harness.plan import Plan
from tests.faults.harness.settling import QUEUES, hold_still, settle

Say = Callable[[str], None]
TELL_SECONDS = 1.0


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    plan: Plan
    counts: dict[str, int]
    faults: dict[str, int]
    findings: list[Finding]
    seconds: float
    interrupted: bool = False
    troubles: list[str] = field(default_factory=list)
    never_crossed: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether every invariant held and the harness itself did what it should."""
        return not self.troubles and all(each.held for each in self.findings)


class Run:
    """Keeps everything of one run in a folder."""

    def __init__(self, plan: Plan, folder: Path, say: Say, tell: Say) -> None:
        self.plan, self.folder = plan, folder
        self._say, self._tell = say, tell
        self._over = threading.Event()
        self._stack = ExitStack()
        self._interrupted = False
        self._troubles: list[str] = []

    def run(self) -> Outcome:
        """Everything; Ctrl-C ends load and faults early, and what happened is still judged."""
        with self._stack:
            self._begin()
            started = time.monotonic()
            try:
                self._suffer(started)
            except KeyboardInterrupt:
                self._interrupted = True
                self._say("interrupted: mending and judging what happened so far")
            seconds = time.monotonic() - started
            self._end_load()
            self._heal()
            return self._judge(seconds)

    def stop(self) -> None:
        """From another thread: no more load, no more faults."""
        self._over.set()

    def _begin(self) -> None:
        self.plan.write(self.folder / "plan.json")
        self.diary = Diary(self.folder / "diary.jsonl")
        self._stack.callback(self.diary.close)
        self.city = FragileCity(self.folder)
        self._stack.callback(self.city.end)
        self._say("starting the city: two processes of each service")
        self.city.start()
        self._say("filling it")
        fill(self.city)
        urls = {name: self.city.url(name) for name in (*KEEPERS, "portal")}
        callers = Callers(urls, self.diary)
        self.writing = Writing(callers, self.diary)
        people = People(callers, self.writing, self.diary)
        people.prepare()
        self.outside = Outside(self.city.broker.admin_url)
        self.outside.start()
        self._stack.callback(self.outside.stop)
        world = World(self.city, people, self.outside, self.diary, self._over)
        self.faults, self.load = Faults(world), Load(people, self.diary)
        self.ended: dict[str, int] = {}

    def _suffer(self, started: float) -> None:
        self._threads = [
            threading.Thread(target=self.load.run, args=(self.plan.deeds,), daemon=True),
            threading.Thread(target=self.faults.run, args=(self.plan.faults,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        while any(thread.is_alive() for thread in self._threads):
            self._tell(self._progress(time.monotonic() - started))
            self._over.wait(TELL_SECONDS)

    def _progress(self, seconds: float) -> str:
        counts = self.diary.counts
        return (
            f"{seconds:6.0f} s of {self.plan.seconds:.0f}  {counts['requests']} requests, "
            f"{counts['response']} answers, {counts['appointment']} bookings, "
            f"{counts['alarms']} crises, {counts['kills']} kills | {self.faults.current}"
        )

    def _end_load(self) -> None:
        self._over.set()
        self.load.stop()
        self.faults.wake()
        for thread in self._threads:
            thread.join()
        self._troubles += self.faults.failures

    def _heal(self) -> None:
        self._say("mending everything")
        self.ended = {
            title: replica.ended
            for title, replica in self.city.replicas.items()
            if replica.ended is not None
        }
        try:
            self.city.heal()
            number = self.writing.settle()
            self._say(f"{number} unanswered writes asked for again")
        except (NoReply, CommandFailed) as error:
            self._troubles.append(f"healed, and still not well: {error}")
            return
        self._troubles += settle(self.city, self.outside, self._tell)
        self._troubles += hold_still(self.city, self.outside)

    def _judge(self, seconds: float) -> Outcome:
        self._say("judging")
        evidence = self.evidence()
        findings = judge(evidence)
        for connection in evidence.connections.values():
            connection.close()
        return Outcome(
            plan=self.plan,
            counts=dict(sorted(self.diary.counts.items())),
            faults=dict(self.faults.done),
            findings=findings,
            seconds=seconds,
            interrupted=self._interrupted,
            troubles=self._troubles,
            never_crossed=sorted(EVENTS.keys() - self.outside.crossed.keys()),
        )

    def evidence(self) -> Evidence:
        """What there is to judge by."""
        dead = [dead_queue_of(queue) for queue in QUEUES]
        letters: list[tuple[str, bytes]] = []
        with suppress(OSError):
            letters = self.outside.dead_letters(dead)
        mails = [
            Mail(each.message_id, int(each.path.name.split("-")[0]) / 1e9, str(each.message["To"]))
            for each in self.city.mailbox.mails()
        ]
        planted: dict[str, Any] = {
            dead_queue_of(queue): number for queue, number in self.outside.planted.items()
        }
        return Evidence(
            connections={name: self.city.engines[name].connect() for name in KEEPERS},
            diary=self.diary,
            mails=mails,
            logs=list(self.city.logs()),
            dead_letters=letters,
            planted=planted,
            personal=personal_data(),
            ended=self.ended,
            crossed=self.outside.crossed,
            unlike=self.outside.unlike,
        )
