"""A real Prometheus with the repository's configuration, pointed at a city's ports."""

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import requests
import yaml

from services.cli.local.ports import free_port

PROGRAM = Path("/usr/bin/prometheus")
DEPLOY = Path(__file__).parent.parent.parent / "deploy" / "prometheus"
START_SECONDS = 60


class Prometheus:
    """Scrapes and evaluates every second, so that a test need not wait."""

    def __init__(self, folder: Path, ports: dict[str, int]) -> None:
        if not PROGRAM.exists():
            raise RuntimeError("Debian's package prometheus is needed")
        shutil.copytree(DEPLOY, folder / "config")
        configuration = yaml.safe_load((folder / "config/prometheus.yml").read_text())
        configuration["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
        (folder / "config/prometheus.yml").write_text(yaml.safe_dump(configuration))
        targets = [
            {"targets": [f"127.0.0.1:{port}"], "labels": {"job": name}}
            for name, port in ports.items()
        ]
        (folder / "config/targets.yml").write_text(yaml.safe_dump(targets))
        self._folder, self.url = folder, f"http://127.0.0.1:{free_port(0)}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            str(PROGRAM),
            f"--config.file={self._folder}/config/prometheus.yml",
            f"--storage.tsdb.path={self._folder}/data",
            f"--web.listen-address={self.url.removeprefix('http://')}",
        ]
        with (self._folder / "output").open("wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        ends = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise AssertionError((self._folder / "output").read_text()[-3000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """The samples of an instant query."""
        found: list[dict[str, Any]] = self._get("query", query=expression)["result"]
        return found

    def firing(self, alert: str, **labels: str) -> bool:
        """Whether an alert with these labels stands."""
        wanted = {"alertname": alert, "alertstate": "firing", **labels}
        chosen = ",".join(f'{name}="{value}"' for name, value in wanted.items())
        return bool(self.ask(f"ALERTS{{{chosen}}}"))

    def targets(self) -> dict[str, str]:
        """Job → health."""
        active = self._get("targets")["activeTargets"]
        return {each["labels"]["job"]: each["health"] for each in active}

    def rules(self) -> list[dict[str, Any]]:
        """Every rule with its health."""
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def names(self) -> set[str]:
        """Every metric it has seen."""
        return set(self._get("label/__name__/values"))

    def _get(self, path: str, **query: str) -> Any:
        answer = requests.get(f"{self.url}/api/v1/{path}", params=query, timeout=10)
        answer.raise_for_status()
        return answer.json()["data"]

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/-/ready", timeout=1).ok
        except requests.RequestException:
            return False
