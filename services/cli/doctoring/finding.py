"""One thing the doctor says: how bad, where, what it is, what to do. Never about a person."""

from dataclasses import asdict, dataclass
from enum import IntEnum

RUNBOOKS = "deploy/runbooks/"


class Severity(IntEnum):
    """From «as it should be» to «somebody waits for help»."""

    OK = 0
    NOTE = 1
    WARNING = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the doctor's report; `alert` names the runbook."""

    severity: Severity
    where: str
    what: str
    do: str = ""
    alert: str = ""

    @property
    def wrong(self) -> bool:
        """Whether something has to be done."""
        return self.severity >= Severity.WARNING

    @property
    def runbook(self) -> str:
        """The runbook's path, where there is one."""
        return f"{RUNBOOKS}{self.alert}.md" if self.alert else ""

    def line(self) -> str:
        """For a person."""
        parts = [f"{self.severity.name.lower():<9}{self.where:<14}{self.what}"]
        parts += [f"→ {self.do}"] if self.do else []
        parts += [f"({self.runbook})"] if self.runbook else []
        return "  ".join(parts)

    def document(self) -> dict[str, str]:
        """For a program."""
        return {**asdict(self), "severity": self.severity.name.lower(), "runbook": self.runbook}


def ok(where: str, what: str) -> Finding:
    """As it should be."""
    return Finding(Severity.OK, where, what)


def note(where: str, what: str, do: str = "") -> Finding:
    """Worth knowing, and nothing wrong."""
    return Finding(Severity.NOTE, where, what, do)


def warning(where: str, what: str, do: str, alert: str = "") -> Finding:
    """To be mended in working hours."""
    return Finding(Severity.WARNING, where, what, do, alert)


def critical(where: str, what: str, do: str, alert: str = "") -> Finding:
    """To be mended now."""
    return Finding(Severity.CRITICAL, where, what, do, alert)
