"""All services in this process: a private PostgreSQL, the in-memory broker, a mailbox."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.apphost import KEEPERS, SERVICES, load_all
from services.chassis.logs import configure_logging
from services.chassis.runner import Runner
from services.chassis.topology import Topology
from services.cli.assets import try_assets
from services.cli.campaign import DEMO_PASSWORD
from services.cli.demo_city.filling import fill
from services.cli.demo_city.walk import Walk
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import held, settings_written
from services.cli.local.environment import common_settings, database_name, tracing_settings
from services.cli.local.infrastructure import private_mailbox, private_postgres
from services.cli.local.ports import free_port, is_free
from services.cli.local.postgres import PrivatePostgres
from services.cli.local.secretfile import SecretFile
from services.cli.mailbox import Mailbox
from services.cli.migrate import migrate_patiently
from services.cli.progress import say, step

HOTLINE = "惠心市总工会心灵热线|0631-5212351|每天 8:00–22:00"
OF_THE_SYSTEM = ("postgres", "postgresql-18", "mail", "secrets.env")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was asked for on the command line."""

    folder: Path
    port: int
    once: bool
    fresh: bool

    def run(self) -> int:
        """Until a signal, or with `once` until the loop is over."""
        signal.signal(signal.SIGTERM, _interrupt)
        if not is_free(self.port):
            raise CommandFailed(f"Port {self.port} is taken. Choose another with --port.")
        with held(self.folder):
            say(f"Data: {self.folder}")
            secrets = self._secrets()
            try_assets(self.folder)
            with (
                private_postgres(self.folder, secrets) as server,
                private_mailbox(self.folder / "mail") as mailbox,
            ):
                return self._serve(secrets, server, mailbox)

    def _secrets(self) -> SecretFile:
        path = self.folder / "secrets.env"
        if self.fresh and path.exists():
            with step("starting afresh"):
                left = PrivatePostgres(
                    self.folder,
                    admin_password=SecretFile(path).get("POSTGRES_ADMIN_PASSWORD"),
                )
                left.stop()
                for name in OF_THE_SYSTEM:
                    _remove(self.folder / name)
        return SecretFile(path)

    def _serve(self, secrets: SecretFile, server: PrivatePostgres, mailbox: Mailbox) -> int:
        settings = self._settings(secrets, server, mailbox)
        url = settings["PORTAL_PUBLIC_URL"]
        with settings_written(self.folder, settings), self._running(settings) as runner:
            say(f"\nThe portal answers: {url}\n")
            fill(runner.runtimes, url, DEMO_PASSWORD)
            say("\nOne worker's way through the loop:")
            Walk(url, DEMO_PASSWORD, mailbox).run()
            if self.once:
                say("\nEvery step of the loop happened.")
                return 0
            _say_accounts(url, mailbox)
            runner.stop_on_signals()
            runner.wait()
        return 0

    def _settings(
        self, secrets: SecretFile, server: PrivatePostgres, mailbox: Mailbox
    ) -> dict[str, str]:
        ports = {each.name: free_port(each.port) for each in SERVICES.values() if each.keeps_data}
        settings = {
            **tracing_settings(),
            **common_settings(secrets, {**ports, "portal": self.port}),
            "HUIXIN_EMBEDDED": "true",
            "HUIXIN_AMQP_URL": "memory://",
            "HUIXIN_GRACE_SECONDS": "5",
            "NOTIFICATION_SMTP_URL": mailbox.url,
            "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@mail.example>",
            "NOTIFICATION_FALLBACK_CONTACTS": "fallback@mail.example",
            "PORTAL_HOTLINES": HOTLINE,
        }
        with step("databases") as said:
            for name in KEEPERS:
                variable = f"{name.upper()}_DATABASE_URL"
                password = secrets.get(f"{name.upper()}_DATABASE_PASSWORD")
                settings[variable] = server.ensure_database(database_name(name), password)
                migrate_patiently(name, settings[variable], 10)
            said(f"{len(KEEPERS)} services, each its own")
        return settings

    @contextmanager
    def _running(self, settings: dict[str, str]) -> Iterator[Runner]:
        with (self.folder / "demo.log").open("a", encoding="utf-8") as log:
            configure_logging("info", log)
            with step("services") as said:
                Topology().apply("memory://")
                runner = Runner(load_all(), settings)
                runner.start()
                said(f"{len(SERVICES)} in one process, log {log.name}")
            try:
                yield runner
            finally:
                with step("stopping"):
                    runner.stop()


def _say_accounts(url: str, mailbox: Mailbox) -> None:
    say(f"""
The portal: {url}
Everybody's password: {DEMO_PASSWORD}
  worker1 … worker500          职工; worker1 has a history
  counsellor1 … counsellor40   咨询师
  duty1, duty2                 危机值班
  unit-admin1, district-admin1, city-admin, clinical-lead, ops
Mail arrives as files in {mailbox.folder}
Ctrl-C stops everything, PostgreSQL too.""")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
