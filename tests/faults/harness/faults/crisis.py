"""The broker is away, and somebody gives a critical answer: the officer has to be paged."""

import time

from tests.faults.harness.city import until
from tests.faults.harness.diary import Alarm
from tests.faults.harness.faults.world import Trouble, kind

CRITICAL = {**{f"q{number}": 1 for number in range(1, 9)}, "q9": 2}
LINKS = "*>amqp"
QUIET_WITHIN = 120.0


@kind("crisis-without-broker")
class CrisisWithoutBroker(Trouble):
    """Alone: all else works, so that ten seconds are the product's own."""

    def uses(self) -> set[str]:
        return {"everything"}

    def begin(self) -> None:
        until(self._ready, within=QUIET_WITHIN, what="every process is ready")
        self.world.people.sign_in(self.fault.target)
        how = self.fault.facts["how"]
        self._take_away(how)
        asked_at = time.time()
        sheet = {"instrument": "phq9", "answers": CRITICAL}
        reply = self.world.people.give_answers(self.fault.target, sheet)
        if reply is None or not reply.made:
            self.world.diary.note("probe without answer", target=self.fault.target)
            return
        case = reply.body["case"]
        alarm = Alarm(case=case, person=self.fault.target, heard_at=asked_at, broker=how)
        self.world.diary.alarm(alarm)
        self.world.over.wait(max(0.0, asked_at + self.fault.seconds - time.time()))

    def end(self) -> None:
        match self.fault.facts["how"]:
            case "killed":
                self.city.restart_broker()
            case "hanging":
                self.city.broker.resume()
            case _:
                self.links.heal(LINKS)

    def _take_away(self, how: str) -> None:
        match how:
            case "killed":
                self.city.kill_broker()
            case "hanging":
                self.city.broker.pause()
            case "cut":
                self.links.cut(LINKS)
            case _:
                self.links.black_hole(LINKS)

    def _ready(self) -> bool:
        return all(each.is_ready() for each in self.city.replicas.values())
