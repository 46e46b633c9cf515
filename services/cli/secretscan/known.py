"""What looks like a secret and is none, each with its reason."""

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.secretscan.finding import Finding

KNOWN = Path(__file__).with_name("known.toml")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A path pattern and, unless all of a kind there is meant, the beginning of a hash."""

    path: str
    reason: str
    kind: str = ""
    hash: str = ""

    def covers(self, found: Finding) -> bool:
        """Whether this is what the reason is about."""
        return (
            fnmatch(found.path, self.path)
            and self.kind in {"", found.kind}
            and found.hash.startswith(self.hash)
        )


@dataclass(frozen=True, slots=True)
class Known:
    """All of them."""

    explanations: tuple[Explanation, ...]

    def explains(self, found: Finding) -> bool:
        """Whether somebody has looked at this one."""
        return any(each.covers(found) for each in self.explanations)


def read_known(path: Path) -> Known:
    """The list; raises CommandFailed where an entry says no reason."""
    entries = tomllib.loads(path.read_text()).get("known", [])
    for entry in entries:
        if not entry.get("reason") or not (entry.get("kind") or entry.get("hash")):
            raise CommandFailed(f"{path}: each entry needs a reason, and a kind or a hash: {entry}")
    return Known(tuple(Explanation(**entry) for entry in entries))
