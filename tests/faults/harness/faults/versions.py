"""A new version is rolled out beside the present one, and taken back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.harness.faults.processes import READY_SECONDS
from tests.faults.harness.faults.world import Trouble, World, kind
from tests.faults.harness.nextversion import EVENTS, ROOT, TABLES, WAVE, NextVersion
from tests.faults.harness.plan import Fault

KINDS_OF_ROWS = {"next": f"= '{WAVE}'", "this": "IS NULL"}


@kind("roll-out")
class RollOut(Trouble):
    """Expand, then one process after another of each service: the next version, then this again.

    For some seconds both run side by side; what was expanded stays.
    """

    def __init__(self, world: World, fault: Fault) -> None:
        super().__init__(world, fault)
        self._services = fault.target.split()
        self._started: dict[str, int] = {}

    def begin(self) -> None:
        version = NextVersion(self.city.folder / "next")
        self._say("linted", version.lint())
        self._say("migrated", version.migrate(self.city.settings))
        self._started = self._rows()
        self._replace_all(2, version.root)

    def end(self) -> None:
        self._count_side_by_side()
        self._replace_all(1, self.city.folder / "next")
        self._replace_all(2, ROOT)
        self._replace_all(1, ROOT)

    def _replace_all(self, number: int, root: Path) -> None:
        """This process of each service, at the same time."""
        with ThreadPoolExecutor() as pool:
            titles = [f"{service}-{number}" for service in self._services]
            list(pool.map(lambda title: self._replace(title, root), titles))

    def _replace(self, title: str, root: Path) -> None:
        """SIGTERM, and another version in its place; the others serve meanwhile."""
        replica = self.city.replicas[title]
        replica.terminate()
        code = replica.wait()
        self._say("stopped", f"{title} {code}")
        if code != 0:
            raise RuntimeError(f"{title} ended with code {code}")
        replica.root = root
        replica.start()
        replica.wait_until_ready(READY_SECONDS)
        self.world.diary.count("replaced")

    def _count_side_by_side(self) -> None:
        """What each of the two wrote while both ran."""
        for what, number in self._rows().items():
            self.world.diary.count(what, number - self._started[what])
        for service, event in EVENTS.items():
            statement = "SELECT count(*) FROM outbox WHERE type = :type AND data ? 'wave'"
            number = int(self.city.rows(service, statement, type=event)[0][0])
            self.world.diary.count(f"{service} events of the next version", number)

    def _rows(self) -> dict[str, int]:
        return {
            f"{service} rows of {version} version": self._number(
                service, f"SELECT count(*) FROM {table} WHERE wave {condition}"
            )
            for service, table in TABLES.items()
            for version, condition in KINDS_OF_ROWS.items()
        }

    def _number(self, service: str, statement: str) -> int:
        return int(self.city.rows(service, statement)[0][0])

    def _say(self, what: str, said: str) -> None:
        self.world.diary.note(what, said=said)
