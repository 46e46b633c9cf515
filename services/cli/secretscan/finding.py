"""Something that looks like a secret."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where it stands, what it looks like, and a hash by which it is known again."""

    path: str
    line: int
    kind: str
    hash: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind} ({self.hash[:12]})"
