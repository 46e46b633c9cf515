"""`start`: from `./huixin demo` to the first page, everything installed, nothing there yet."""

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import requests

from services.cli.bench.ground import Ground
from services.cli.bench.row import OURS, Contestant, Reading, Row, at_most
from services.cli.errors import CommandFailed
from services.cli.local.ports import free_port
from services.cli.local.postgres import PrivatePostgres
from services.cli.steps import ROOT, python

PATIENCE = 120.0


@contextmanager
def contest(ground: Ground) -> Iterator[Mapping[str, Contestant]]:
    """A start in an empty folder, and one in the folder of the round's first."""
    numbers = count()
    folders: list[Path] = []

    def first() -> Reading:
        folders.append(ground.folder / f"demo{next(numbers)}")
        return _start(folders[-1])

    def again() -> Reading:
        return _start(folders[-1]) if folders else first()

    yield {OURS: first, "with the data of an earlier start": again}


def _start(folder: Path) -> Reading:
    port = free_port(0)
    began = time.monotonic()
    with _demo(folder, port) as process:
        page = _first_page(process, folder, f"http://127.0.0.1:{port}/")
        seconds = time.monotonic() - began
    return Reading(seconds, notes={"bytes of the page": float(len(page))})


@contextmanager
def _demo(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The command itself, without the start script's look for Python; it stops with the block."""
    folder.mkdir(exist_ok=True)
    with (folder / "said").open("ab") as said:
        process = subprocess.Popen(
            python("-P", "-m", "services.cli", "demo", "--data", str(folder), "--port", str(port)),
            cwd=ROOT,
            env={
                "PYTHONPATH": str(ROOT),
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "LANG": "C.UTF-8",
            },
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process, folder)


def _first_page(process: "subprocess.Popen[bytes]", folder: Path, url: str) -> bytes:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            answer = requests.get(url, timeout=10)
        except requests.RequestException:
            time.sleep(0.02)
            continue
        if answer.status_code == 200:
            return answer.content
    said = (folder / "said").read_text(errors="replace").splitlines()[-12:]
    raise CommandFailed("The first page never came:\n" + "\n".join(said))


def _stop(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        PrivatePostgres(folder, admin_password="").stop()


START = Row(
    name="start",
    what="`./huixin demo` in an empty folder: seconds to the first page",
    unit="s",
    contest=contest,
    **at_most(10.0),
)
