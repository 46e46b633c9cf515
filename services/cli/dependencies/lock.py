"""What a lock file pins."""

import re
from dataclasses import dataclass
from pathlib import Path

from services.cli.errors import CommandFailed

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(?:==\s*(?P<version>[^\s;]+))?")


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """One requirement; `hashes` says how many files may be installed for it."""

    name: str
    version: str
    hashes: int

    @property
    def whole(self) -> bool:
        """Whether exactly these bytes are installed, and no others."""
        return bool(self.version) and self.hashes > 0


def read_lock(path: Path) -> list[Pin]:
    """Every requirement of a lock file; raises CommandFailed."""
    try:
        content = path.read_text()
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from None
    lines = content.replace("\\\n", " ").splitlines()
    return [_pin(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _pin(line: str) -> Pin:
    found = _PIN.match(line.strip())
    if found is None:
        return Pin(line.strip()[:60], "", 0)
    return Pin(normal(found["name"]), found["version"] or "", line.count("--hash=sha256:"))


def normal(name: str) -> str:
    """The name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
