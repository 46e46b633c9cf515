"""Rows one after another, their contestants by turns; what is measured is shown at once."""

import argparse
import json
import os
import shutil
import signal
import traceback
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.cli.bench.catalogue import chosen
from services.cli.bench.ground import Ground
from services.cli.bench.machine import describe
from services.cli.bench.result import Result, Round
from services.cli.bench.row import Contestant, Reading, Row
from services.cli.bench.table import machine_lines, number, table
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import default_data_folder
from services.cli.progress import say

ROUNDS, QUICK_ROUNDS = 5, 1
# Beside a round; the rest stands under the table and in the file.
NOTES_SHOWN = 5


def run_bench(arguments: argparse.Namespace) -> int:
    """Measure, print the table, write the files; what is done before Ctrl-C is printed too."""
    # A shell makes what it starts in the background deaf to Ctrl-C.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    rows = chosen(arguments.rows)
    rounds = arguments.rounds or (QUICK_ROUNDS if arguments.quick else ROUNDS)
    folder = (arguments.data or default_data_folder()).resolve() / f"bench-{os.getpid()}"
    folder.mkdir(parents=True, mode=0o755)
    ground, results = Ground(folder, quick=arguments.quick, full=arguments.full), list[Result]()
    try:
        machine = describe(folder)
        broken = _measure_all(rows, rounds, ground, results)
        _report(arguments, {**machine, **ground.facts}, results)
        return 1 if broken else 0
    finally:
        _close(ground, folder)


def _measure_all(rows: Sequence[Row], rounds: int, ground: Ground, results: list[Result]) -> bool:
    """Whether one broke; the others are measured all the same. Ctrl-C ends the measuring."""
    broken = False
    try:
        for row in rows:
            say(f"\n{row.name}: {row.what}")
            try:
                results.append(Result(row, measure(row, rounds, ground)))
            except CommandFailed as error:
                broken = True
                say(f"  {row.name} FAILED: {error}")
            except Exception:
                broken = True
                say(f"  {row.name} FAILED:\n{traceback.format_exc()}")
    except KeyboardInterrupt:
        say("\nInterrupted; stopping what was started.")
        broken = True
    return broken


def measure(row: Row, rounds: int, ground: Ground) -> list[Round]:
    """Paired rounds: in each, every contestant once, the order turned around every time."""
    done: list[Round] = []
    with row.contest(ground) as contestants:
        for at in range(rounds):
            names = list(contestants)[:: -1 if at % 2 else 1]
            readings = {name: _read(row, name, contestants, f"{at + 1}/{rounds}") for name in names}
            done.append({name: readings[name] for name in contestants})
    return done


def _read(row: Row, name: str, contestants: Mapping[str, Contestant], at: str) -> Reading:
    reading = contestants[name]()
    cpu = "" if reading.cpu_us is None else f"   {reading.cpu_us:8.0f} µs CPU each"
    first = list(reading.notes.items())[:NOTES_SHOWN]
    notes = "".join(f"   {key} {number(value)}" for key, value in first)
    say(f"  round {at}  {name:<18}{number(reading.value):>9} {row.unit}{cpu}{notes}")
    return reading


def _report(
    arguments: argparse.Namespace, machine: Mapping[str, Any], results: Sequence[Result]
) -> None:
    say("\n" + "\n".join([*machine_lines(machine), "", *table(results)]))
    if arguments.json:
        found = {
            "machine": dict(machine),
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "quick": arguments.quick,
            "rows": [each.as_json() for each in results],
        }
        arguments.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    if arguments.plot:
        from services.cli.bench.plot import draw

        draw(results, arguments.plot)


def _close(ground: Ground, folder: Path) -> None:
    """A second Ctrl-C must not leave a server behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        ground.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
