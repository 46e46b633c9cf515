"""Runs the load generator as a process of its own, which ends with whoever asked."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from services.cli.bench.load.plan import ClosedPlan, OpenPlan, Outcome
from services.cli.bench.statistics import percentile
from services.cli.errors import CommandFailed
from services.cli.steps import ROOT, python

Plan = ClosedPlan | OpenPlan


def send(plan: Plan) -> Outcome:
    """Send it and wait; raises CommandFailed."""
    with sending(plan) as running:
        return running.outcome()


class Sending:
    """A load generator at work."""

    def __init__(self, process: "subprocess.Popen[bytes]", plan: bytes) -> None:
        self._process, self._plan = process, plan

    def outcome(self) -> Outcome:
        """Give it the plan, wait until it is through; raises CommandFailed."""
        answer, said = self._process.communicate(self._plan)
        if self._process.returncode != 0:
            raise CommandFailed(f"The load generator failed: {said.decode().strip()}")
        return msgspec.msgpack.decode(answer, type=Outcome)


@contextmanager
def sending(plan: Plan) -> Iterator[Sending]:
    """The process; killed with the block if it is still at work."""
    process = subprocess.Popen(
        python("-P", "-m", "services.cli.bench.load"),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield Sending(process, msgspec.msgpack.encode(plan))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def expect(outcome: Outcome, *allowed: int) -> Outcome:
    """The same, where every answer had one of these statuses; raises CommandFailed."""
    if wrong := {status: n for status, n in outcome.statuses.items() if status not in allowed}:
        raise CommandFailed(f"Unexpected answers, by status: {wrong}")
    return outcome


def latency_notes(outcome: Outcome) -> dict[str, float]:
    """p50 and p99 in milliseconds, and how much of a core the load generator itself took."""
    return {
        "p50 ms": percentile(outcome.latencies, 0.5) * 1000,
        "p99 ms": percentile(outcome.latencies, 0.99) * 1000,
        "client % of a core": outcome.client_seconds / outcome.seconds * 100,
    }
