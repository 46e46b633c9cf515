"""Toy services as processes that a test starts, kills and starts again."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import create_engine, text

from services.chassis.topology import Topology
from services.cli.local.ports import free_port
from tests.support.apps import KEYRING, SERVICE_KEYS, TokenIssuer, eventually
from tests.support.databases import Databases
from tests.support.toys import THINGS, toy_database

NAMES = {"sender": "assessment", "reader": "booking", "ledger": "reporting"}
ROOT = Path(__file__).parent.parent.parent


class ToyCity:
    """The three toys, each its own process, on one broker and three databases."""

    def __init__(self, databases: Databases, amqp: str) -> None:
        self.issuer = TokenIssuer()
        self.ports = {toy: free_port(0) for toy in NAMES}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._engines = {toy: create_engine(toy_database(databases)) for toy in NAMES}
        peers = ",".join(f"{NAMES[t]}=http://127.0.0.1:{port}" for t, port in self.ports.items())
        self._environ = {
            **os.environ,
            "HUIXIN_AMQP_URL": amqp,
            "HUIXIN_JWKS_URL": self.issuer.jwks_url,
            **SERVICE_KEYS,
            "HUIXIN_KEYRING": json.dumps(KEYRING),
            "HUIXIN_PEERS": peers,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
        }
        for toy, name in NAMES.items():
            url = self._engines[toy].url.render_as_string(hide_password=False)
            self._environ[f"{name.upper()}_DATABASE_URL"] = url
            self._environ[f"{name.upper()}_PORT"] = str(self.ports[toy])
        Topology().apply(amqp)

    def start(self, *toys: str, dies_at: str | None = None) -> None:
        """Start these toys and wait until they serve."""
        for toy in toys:
            point = [dies_at] if dies_at else []
            command = [sys.executable, "-m", "tests.support.toyprocess", toy, *point]
            self._processes[toy] = subprocess.Popen(
                command, env=self._environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=None
            )
        for toy in toys:
            if not dies_at:
                eventually(lambda: self.serves(toy), within=30, what=f"{toy} serves")

    def ended(self) -> list[str]:
        """Those that were started and run no more."""
        return [toy for toy, process in self._processes.items() if process.poll() is not None]

    def serves(self, toy: str) -> bool:
        """Whether it answers."""
        try:
            url = f"http://127.0.0.1:{self.ports[toy]}/health/live"
            return requests.get(url, timeout=1).ok
        except requests.RequestException:
            return False

    def kill(self, toy: str) -> None:
        """kill -9."""
        self._processes[toy].kill()
        self._processes[toy].wait()

    def stop(self, toy: str, within: float = 20) -> int:
        """SIGTERM; returns the exit code."""
        self._processes[toy].send_signal(signal.SIGTERM)
        return self._processes[toy].wait(within)

    def await_death(self, toy: str, within: float = 30) -> None:
        """Until the process died of kill -9 at its point."""
        died = eventually(lambda: self._processes[toy].poll(), within=within, what=f"{toy} dies")
        assert died == -signal.SIGKILL

    def make(self, band: str = "minimal", **wish: Any) -> UUID:
        """Have the sender change something and publish it."""
        url = f"http://127.0.0.1:{self.ports['sender']}{THINGS}"
        headers = {"Authorization": f"Bearer {self.issuer.token('ops')}"}
        answer = requests.post(url, json={"band": band, **wish}, headers=headers, timeout=10)
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    def query(self, toy: str, statement: str, **values: Any) -> Any:
        """The first column of what a query finds, in the toy's database."""
        with self._engines[toy].connect() as connection:
            return connection.execute(text(statement), values).scalars().all()

    def marks(self, toy: str, what: str) -> dict[str, int]:
        """How often each subject was marked."""
        statement = "SELECT subject FROM effects WHERE what = :what"
        found: dict[str, int] = {}
        for subject in self.query(toy, statement, what=what):
            found[subject] = found.get(subject, 0) + 1
        return found

    def end(self) -> None:
        """Kill what runs and let the databases go."""
        for process in self._processes.values():
            process.kill()
            process.wait()
        for engine in self._engines.values():
            engine.dispose()
        self.issuer.stop()


def lives(pid: int) -> bool:
    """Whether it runs: one that has ended and is only not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
