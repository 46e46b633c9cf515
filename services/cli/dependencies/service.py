"""Asks a public vulnerability service about a lock file, by pip-audit."""

import json
import subprocess
from pathlib import Path

from services.cli.steps import ROOT, python

SECONDS = 300


class ServiceAway(Exception):
    """Nobody could be asked; the text says why in a few words."""


def ask_service(lock: Path, service: str) -> list[str]:
    """A line for each known vulnerability; raises ServiceAway."""
    command = python(
        *("-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"),
        *("--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"),
    )
    try:
        finished = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise ServiceAway(f"no answer within {SECONDS} s") from None
    try:
        dependencies = json.loads(finished.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise ServiceAway(_last_line(finished.stderr)) from None
    return [
        f"{each['name']} {each['version']}: {found['id']}: {found.get('description', '')[:120]}"
        for each in dependencies
        for found in each.get("vulns", ())
    ]


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "pip-audit said nothing"
