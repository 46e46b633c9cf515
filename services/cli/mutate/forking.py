"""The process that tries the mutants of one module: pytest is set up once and forked for each.

`python -m services.cli.mutate.forking JOB.json` answers a line of JSON per mutant. Nothing on the
disk ever changes. What is inside a function is swapped after the tests are collected, which takes
milliseconds; decorators, tables and class bodies need the module imported anew, so for these
(`early`) the child is forked before anything is collected.
"""

import gc
import json
import os
import resource
import signal
import sys
import warnings
from collections.abc import Generator

# Kept before the tests turn them green: the parent must not start an event loop and then fork.
from os import fork, read, wait4, write
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any

import pytest

from services.cli.local.postgres import PrivatePostgres
from services.cli.mutate.loading import Mutated, functions_of, import_others, others, swap
from services.cli.mutate.reaching import Learnt, Reached, with_marks

OPTIONS = ["-x", "-s", "-q", "--no-header", "-p", "no:cacheprovider", "-k", "not rabbitmq"]
TOO_EARLY = "tests.support.city"
PASSED, FAILED, UNFIT = 0, 1, 99
SPARE_SECONDS = 10
BASELINE = -1


class Trials:
    """A plugin of pytest: the parent never runs a test; each child does, with its mutant."""

    def __init__(self, job: dict[str, Any], answers: int) -> None:
        self._job = job
        self._answers = answers
        self._told: int | None = None
        self._reached: Reached | None = None
        self._learnt = Learnt({})
        self._chosen: tuple[str, str] | None = None
        self._limits: tuple[float, float] | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Early: children are forked here, and only they return."""
        if self._job["servers"]:
            session.config.pluginmanager.register(_shared_servers(self._job["servers"]))
        _same_examples_each_time()
        for _, module, *_ in self._job["mutants"]:
            if module in sys.modules:
                _end(FAILED, f"{module} is imported before anything is collected")
        # Named on the command line, their conftests would have been imported by now.
        session.config.args = list(self._job["tests"])
        if self._job["early"]:
            self._fork_all()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Late: children are forked here. Each runs the tests that matter, the quickest first."""
        if not self._job["early"]:
            self._functions = functions_of({path for _, _, path, *_ in self._job["mutants"]})
            self._fork_all()
        session.items[:] = self._learnt.order(session.items)
        if self._chosen:
            session.items[:] = self._learnt.reaching(session.items, *self._chosen)
            if not session.items:
                _end(UNFIT, f"no test runs {self._chosen}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """In the child without a mutant: note what the test does."""
        if self._reached is None:
            return (yield)
        self._reached.begin(item.nodeid)
        try:
            return (yield)
        finally:
            self._reached.end()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A mutant that cannot be imported is noticed."""
        if report.failed:
            _end(FAILED, str(report.longrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """The first failure says all, and how it looks takes longer than the test."""
        # What the test holds open ends with the process; only databases would stay behind.
        if call.excinfo is None or self._reached is not None or self._job["servers"]:
            return
        if not call.excinfo.errisinstance(pytest.skip.Exception):
            _end(FAILED, "")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """The end of a child that was not cut short."""
        if self._reached is not None and self._told is not None:
            told = {"modules": others(), "tests": self._reached.tests()}
            _write_all(self._told, json.dumps(told).encode())
        _end(int(exitstatus), "")

    def _fork_all(self) -> None:
        gc.freeze()  # what children never free they need not copy
        if self._in_child(BASELINE):
            return
        for index, *mutant in self._job["mutants"]:
            if self._in_child(index, *mutant):
                return
        os._exit(0)

    def _in_child(self, index: int, *mutant: str) -> bool:
        reading, writing = os.pipe()
        started = monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # eventlet warns of every fork
            child = fork()
        if child == 0:
            self._limit()
            if mutant:
                self._become(*mutant)
            else:
                self._observe(writing)
            return True
        os.close(writing)
        told = _all_of(reading)
        _, status, usage = wait4(child, 0)
        seconds = monotonic() - started
        if index == BASELINE:
            if status != 0:
                os._exit(FAILED)
            self._learn(json.loads(told))
            self._limits = (usage.ru_utime + usage.ru_stime, seconds)
        else:
            self._answer(index, _outcome(status), usage.ru_utime + usage.ru_stime)
        return False

    def _observe(self, told: int) -> None:
        self._told, self._reached = told, Reached()
        if not self._job["early"]:
            for (path, name), functions in self._functions.items():
                swap(functions, with_marks(path), name)

    def _learn(self, told: dict[str, Any]) -> None:
        self._learnt = Learnt(told["tests"])
        import_others(told["modules"])

    def _limit(self) -> None:
        os.setsid()
        if self._limits:
            processor, clock = self._limits
            most = int(5 * processor + SPARE_SECONDS)
            resource.setrlimit(resource.RLIMIT_CPU, (most, most))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, 10 * clock + 6 * SPARE_SECONDS)

    def _become(self, module: str, path: str, function: str, source: str) -> None:
        if self._job["early"]:
            sys.meta_path.insert(0, Mutated(module, path, source))
            return
        self._chosen = path, function
        code = compile(source, path, "exec", dont_inherit=True)
        if not swap(self._functions.get((path, function), ()), code, function):
            _end(UNFIT, f"{function} cannot be swapped")

    def _answer(self, index: int, outcome: str, seconds: float) -> None:
        said = {"index": index, "outcome": outcome, "seconds": round(seconds, 3)}
        write(self._answers, json.dumps(said).encode() + b"\n")


def _shared_servers(folder: str) -> ModuleType:
    """A plugin: PostgreSQL as the command started it, taken over and left running."""
    plugin = ModuleType("shared_servers")

    @pytest.fixture(scope="session")
    def server_folder() -> Path:
        """Where it runs."""
        PrivatePostgres.stop = lambda self: None  # type: ignore[method-assign]  # the parent's server goes on
        return Path(folder)

    plugin.server_folder = server_folder  # type: ignore[attr-defined]  # as in a file of pytest's
    return plugin


def _outcome(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "timeout"
    return {PASSED: "survived", UNFIT: "unfit"}.get(os.WEXITSTATUS(status), "killed")


def _write_all(descriptor: int, said: bytes) -> None:
    while said:
        said = said[write(descriptor, said) :]


def _all_of(reading: int) -> bytes:
    pieces = b""
    while piece := read(reading, 65536):
        pieces += piece
    os.close(reading)
    return pieces


def _same_examples_each_time() -> None:
    from hypothesis import settings

    settings.register_profile("mutate", settings.default, database=None, derandomize=True)
    settings.load_profile("mutate")


def _end(status: int, said: str) -> None:
    write(2, said.encode())
    os._exit(status)


def main(path: str) -> int:
    """Try every mutant of the job; what pytest says goes to standard error."""
    answers = os.dup(1)
    os.dup2(2, 1)
    job = json.loads(Path(path).read_text())
    skipped = ModuleType(TOO_EARLY, "PYTEST_DONT_REWRITE: it imports every service")
    sys.modules[TOO_EARLY] = skipped
    return int(pytest.main([*OPTIONS, "tests"], plugins=[Trials(job, answers)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
