"""Processes of the services that are killed, stopped in order, or stand still."""

from services.cli.errors import CommandFailed
from tests.faults.harness.faults.world import Trouble, kind

READY_SECONDS = 120.0


class _OneProcess(Trouble):
    def uses(self) -> set[str]:
        return {self.fault.target}

    def end(self) -> None:
        self._back(self.fault.target)

    def _back(self, *titles: str) -> None:
        for title in titles:
            self.city.restart(title)
        for title in titles:
            try:
                self.city.replicas[title].wait_until_ready(READY_SECONDS)
            except CommandFailed as error:
                self.world.diary.note("not ready", target=title, error=str(error)[-2000:])
                raise


@kind("kill-process")
class KillProcess(_OneProcess):
    """-9, in the middle of whatever it does."""

    def begin(self) -> None:
        self.city.replicas[self.fault.target].kill()
        self.world.diary.killed(self.fault.target)


@kind("kill-service")
class KillService(_OneProcess):
    """All processes of a service at once."""

    def uses(self) -> set[str]:
        return {each.title for each in self.city.of(self.fault.target)}

    def begin(self) -> None:
        for each in self.city.of(self.fault.target):
            each.kill()
            self.world.diary.killed(each.title)

    def end(self) -> None:
        self._back(*self.uses())


@kind("stop-process")
class StopProcess(_OneProcess):
    """As a new version is rolled out: SIGTERM, and another one starts."""

    def begin(self) -> None:
        replica = self.city.replicas[self.fault.target]
        replica.terminate()
        code = replica.wait()
        self.world.diary.note("stopped", target=replica.title, code=code)
        if code < 0:
            self.world.diary.killed(replica.title)


@kind("pause-process")
class PauseProcess(_OneProcess):
    """A machine that stands still and does not know it."""

    def begin(self) -> None:
        self.city.replicas[self.fault.target].pause()

    def end(self) -> None:
        self.city.replicas[self.fault.target].resume()
