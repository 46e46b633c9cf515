"""The embedded mode killed in mid-flow: what was committed goes on at the next start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.client import PublicClient
from services.cli.local.ports import free_port
from tests.support.apps import eventually
from tests.support.city import PASSWORD

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def demo(
    folder: Path, port: int, *options: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    said = folder.parent / f"{folder.name}.out"
    command = [sys.executable, "-P", "-m", "services.cli", "demo", "--data", str(folder)]
    with said.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=out,
        )
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()
        print(said.read_text())


def says(process: "subprocess.Popen[bytes]", said: Path, words: str) -> None:
    """Until it has said so; one that has ended will say nothing more."""
    eventually(
        lambda: words in said.read_text() or process.poll() is not None, within=300, what=words
    )
    assert words in said.read_text(), f"ended with {process.poll()}"


def test_a_demo_killed_after_the_answers_completes_the_loop_at_the_next_start(
    server_folder: Path,
) -> None:
    folder, port = server_folder / "killed", free_port(0)
    with demo(folder, port) as (process, said):
        # The answers are committed when this is printed; the offer is on its way, or not yet.
        says(process, said, "scored")
        process.send_signal(signal.SIGKILL)
        process.wait()
    login = next(word for word in said.read_text().split() if word.startswith("worker5"))

    with demo(folder, port) as (process, said):
        says(process, said, "Everybody's password")
        worker = PublicClient(f"http://127.0.0.1:{port}").signed_in(login, PASSWORD)
        offers = eventually(
            lambda: worker.get("/api/booking/v1/offers")["items"], within=60, what="the offer"
        )
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)

    assert len(offers) == 1
    assert code == 0
    assert "taken over" in said.read_text()
