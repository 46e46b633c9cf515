"""The system the doctor looks at: settings of a data folder, else of the environment."""

from dataclasses import dataclass
from pathlib import Path

from services.chassis.settings import parse_bool, parse_pairs
from services.cli.environ import read_setting
from services.cli.errors import CommandFailed


@dataclass(frozen=True, slots=True)
class System:
    """Where things are; `folder` is the data folder of a running demo or up."""

    folder: Path | None = None

    def get(self, *names: str) -> str | None:
        """The first setting that is known."""
        try:
            return read_setting(*names, folder=self.folder)
        except CommandFailed:
            return None

    @property
    def embedded(self) -> bool:
        """Whether all runs in one process, on a broker in memory."""
        return parse_bool(self.get("HUIXIN_EMBEDDED") or "false")

    def addresses(self) -> dict[str, str]:
        """Each service's address, as far as settings tell."""
        found = parse_pairs(self.get("HUIXIN_PEERS") or "")
        if portal := self.get("PORTAL_PUBLIC_URL"):
            found["portal"] = portal
        return found

    def log_of(self, service: str) -> str:
        """Where to read what a service said."""
        if self.folder is None:
            return f"kubectl logs -l app.kubernetes.io/name={service} --tail=50"
        name = "demo.log" if self.embedded else f"logs/{service}.log"
        return f"tail -50 {self.folder / name}"
