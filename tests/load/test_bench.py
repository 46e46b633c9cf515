"""`./huixin bench` really measures: real servers, real services, small sizes; its speed is not
looked at here."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from services.cli.steps import ROOT
from tests.support.apps import eventually
from tests.support.processes import lives

COMMAND = [sys.executable, "-P", "-m", "services.cli", "bench", "--quick"]


@contextmanager
def bench(folder: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    folder.mkdir(mode=0o755)
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [*COMMAND, "--data", str(folder), *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(120)


@pytest.fixture(scope="module")
def measured(server_folder: Path) -> dict[str, Any]:
    folder = server_folder / "bench"
    file = folder / "bench.json"
    with bench(folder, "--rows", "slots,bookings", "--rounds", "1", "--json", str(file)) as process:
        code = process.wait(600)
    assert code == 0, (folder / "said").read_text()
    found: dict[str, Any] = json.loads(file.read_text())
    found["left behind"] = [path.name for path in folder.glob("bench-*")]
    return found


def test_both_rows_are_measured(measured: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in measured["rows"]}

    assert list(rows) == ["slots", "bookings"]
    for row in rows.values():
        assert len(row["ratios"]) == row["rounds"] == 1
        assert row["ours"] > 0
        assert row["limit"] > 0
        ours, limit = row["values"]["ours"], row["values"]["limit"]
        assert row["ratios"] == [mine / theirs for mine, theirs in zip(ours, limit, strict=True)]


def test_one_of_200_workers_on_one_slot_wins(measured: dict[str, Any]) -> None:
    notes = next(row for row in measured["rows"] if row["name"] == "bookings")["notes"]

    assert notes["ours"]["winners of 200 on one slot"] == 1
    assert notes["ours, one process"]["winners of 200 on one slot"] == 1


def test_pgbench_sends_what_a_booking_takes(measured: dict[str, Any]) -> None:
    row = next(row for row in measured["rows"] if row["name"] == "bookings")

    # At least: the key, the slot, the appointment with its event, and the commit.
    assert row["notes"]["limit"]["round trips each"] >= 4


def test_the_machine_is_described_and_commits_are_durable(measured: dict[str, Any]) -> None:
    machine = measured["machine"]

    assert machine["cores"] >= 1
    assert machine["rabbitmq"]
    assert machine["libraries"]["nameko"]
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert machine["postgresql"][setting] == "on"


def test_nothing_is_left_behind(measured: dict[str, Any]) -> None:
    assert measured["left behind"] == []


def test_an_interrupted_bench_stops_what_it_started(server_folder: Path) -> None:
    folder = server_folder / "cut"
    with bench(folder, "--rows", "slots") as process:
        server = eventually(
            lambda: next(folder.glob("bench-*/postgres/postmaster.pid"), None), within=60
        )
        postmaster = int(server.read_text().split()[0])

        process.send_signal(signal.SIGINT)

        assert process.wait(120) == 1
    eventually(lambda: not lives(postmaster), within=10)
    assert not list(folder.glob("bench-*"))
    assert "Interrupted" in (folder / "said").read_text()
