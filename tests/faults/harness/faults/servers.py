"""The broker, the database and the mail server: killed, or hanging."""

from services.cli.mailbox import Rule
from tests.faults.harness.faults.world import Trouble, kind


@kind("kill-broker")
class KillBroker(Trouble):
    """-9; unconfirmed messages are gone."""

    def uses(self) -> set[str]:
        return {"broker"}

    def begin(self) -> None:
        self.city.kill_broker()
        self.world.diary.note("killed", target="broker")

    def end(self) -> None:
        self.city.restart_broker()


@kind("hang-broker")
class HangBroker(Trouble):
    """Connections stand, and nothing answers."""

    def uses(self) -> set[str]:
        return {"broker"}

    def begin(self) -> None:
        self.city.broker.pause()

    def end(self) -> None:
        self.city.broker.resume()


@kind("kill-postgres")
class KillPostgres(Trouble):
    """-9 to every process of it; it recovers from its log."""

    def uses(self) -> set[str]:
        return {"postgres"}

    def begin(self) -> None:
        self.city.kill_postgres()
        self.world.diary.note("killed", target="postgres")

    def end(self) -> None:
        self.city.restart_postgres()


@kind("greylist-mail")
class GreylistMail(Trouble):
    """The mail server says: not now."""

    def uses(self) -> set[str]:
        return {"mail"}

    def begin(self) -> None:
        self.city.mailbox.rule(Rule.GREYLIST)

    def end(self) -> None:
        self.city.mailbox.rule(Rule.ACCEPT)
