"""Services as separate processes on the bench's servers, with the demonstration city in them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from itertools import islice
from typing import cast
from uuid import UUID

from psycopg2 import sql
from sqlalchemy import create_engine, text

from services.accounts.keys.crypto import sign_many
from services.accounts.keys.tokens import claims_of
from services.accounts.keys.usecases import signing_key
from services.accounts.seed import SeedPerson, seed_accounts
from services.accounts.wiring import AccountsUnitOfWork
from services.apphost import KEEPERS, SERVICES
from services.chassis.access import Role
from services.chassis.bus import connect
from services.chassis.runtime import Runtime, build_runtime
from services.chassis.topology import Topology
from services.cli.bench.ground import Ground
from services.cli.client import PublicClient
from services.cli.demo_city.accounts import fill_accounts
from services.cli.demo_city.booking import fill_counsellors, fill_roster, fill_sites
from services.cli.demo_city.city import COUNSELLORS, person_id, units
from services.cli.local.environment import common_settings
from services.cli.local.policies import policy_settings
from services.cli.local.ports import free_port
from services.cli.local.processes import ServiceProcess
from services.cli.mailbox import Mailbox, start_mailbox
from services.cli.progress import step

PASSWORD = "huixin-demo"  # noqa: S105  as in every demonstration
TOKENS_LAST = timedelta(hours=3)


class City:
    """The settings, databases and processes of one system."""

    def __init__(self, ground: Ground, tag: str) -> None:
        self.ground, self.tag = ground, tag
        self.folder = ground.folder / tag
        self.folder.mkdir()
        self.ports = {name: free_port(0) for name in SERVICES}
        self.url = f"http://127.0.0.1:{self.ports['portal']}"
        self.mailbox: Mailbox = start_mailbox(self.folder / "mail")
        ground.stack.callback(self.mailbox.stop)
        self.settings = {
            **common_settings(ground.secrets, self.ports),
            **policy_settings(self.folder, "Bench"),
            "HUIXIN_LOG_LEVEL": "info",
            "NOTIFICATION_SMTP_URL": self.mailbox.url,
            "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@huixin.localhost>",
            "NOTIFICATION_FALLBACK_CONTACTS": "fallback@huixin.localhost",
        }
        for name in KEEPERS:
            self.settings[f"{name.upper()}_DATABASE_URL"] = ground.database(name, tag)
            self.settings[f"{name.upper()}_AMQP_URL"] = ground.broker_url(name)
        Topology().apply(ground.broker.admin_url)

    def copy_database(self, service: str, name: str, source: str = "") -> str:
        """A fresh copy of a service's database (or of `source`) to which nobody is connected."""
        owner = f"{self.tag}_{service}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        names = [sql.Identifier(each) for each in (name, source or owner, owner)]
        with closing(self.ground.postgres.admin()) as connection, connection.cursor() as cursor:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            cursor.execute(drop.format(names[0]))
            cursor.execute(create.format(*names))
        return self.settings[f"{service.upper()}_DATABASE_URL"].rpartition("/")[0] + f"/{name}"

    def tidy_databases(self) -> None:
        """As autovacuum would leave them, so that every copy starts with fresh statistics."""
        for name in KEEPERS:
            engine = create_engine(self.settings[f"{name.upper()}_DATABASE_URL"])
            with engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                    text("VACUUM ANALYZE")
                )
            engine.dispose()

    @contextmanager
    def running(self, *names: str, **settings: str) -> Iterator[dict[str, ServiceProcess]]:
        """These services, ready; `settings` replace the city's. They end with the block."""
        processes = {
            name: ServiceProcess(name, {**self.settings, **settings}, self.folder / "logs")
            for name in names
        }
        with _started(list(processes.values())):
            yield processes

    @contextmanager
    def replicas(self, service: str, count: int, **settings: str) -> Iterator[list[ServiceProcess]]:
        """So many processes of one service, each on a port of its own."""
        processes = []
        for at in range(count):
            port = {f"{service.upper()}_PORT": str(free_port(0))}
            folder = self.folder / f"logs-{at}"
            processes.append(ServiceProcess(service, {**self.settings, **settings, **port}, folder))
        with _started(processes):
            yield processes

    def fill(self) -> None:
        """The demonstration city without a past; fewer counsellors in a quick run."""
        with _runtime(self, "accounts") as accounts:
            fill_accounts(accounts, PASSWORD)
        admin = PublicClient(self.url).signed_in("city-admin", PASSWORD)
        fill_roster(admin)
        wanted = self.ground.size(COUNSELLORS, 6)
        with step("counsellors and their weeks") as said:
            done = list(islice(fill_counsellors(admin, fill_sites(admin)), wanted))
            said(f"{len(done)} counsellors")

    def workers(self, count: int, *, after: int = 0) -> list[UUID]:
        """So many workers of this bench, from number `after` on; who is missing gets an account."""
        people = [login_of(number) for number in range(after, after + count)]
        enterprises = [unit.path for unit in units() if unit.level == "enterprise"]
        seeds = [
            SeedPerson(
                id=person_id(login),
                login=login,
                name="职工",
                unit=enterprises[number % len(enterprises)],
                roles=frozenset({Role.WORKER}),
            )
            for number, login in enumerate(people)
        ]
        with _runtime(self, "accounts") as accounts:
            seed_accounts(accounts, [], seeds, password=PASSWORD, demonstration=True)
        return [each.id for each in seeds]

    def tokens(self, people: Sequence[UUID]) -> list[str]:
        """Access tokens as accounts signs them at sign-in; thousands of sign-ins would only hash
        passwords, which no row is about."""
        with _runtime(self, "accounts") as accounts:
            now = accounts.clock.now()
            uow = cast("AccountsUnitOfWork", accounts.unit_of_work(AccountsUnitOfWork))
            with uow:
                known = uow.people.get_many(list(people))
                key = signing_key(uow, now)
                claims = [claims_of(known[each], now, TOKENS_LAST) for each in people]
                uow.commit()
            return sign_many(key, list(claims))

    def empty_queues(self) -> None:
        """Nothing of an earlier row is waiting for a service that starts."""
        with connect(self.ground.broker.admin_url) as connection:
            channel = connection.channel()
            for queue in Topology().queues():
                channel.queue_purge(queue.name)


def login_of(number: int) -> str:
    """The account of one of the bench's workers."""
    return f"bench-worker{number}"


@contextmanager
def _runtime(city: City, service: str) -> Iterator[Runtime]:
    runtime = build_runtime(SERVICES[service].load(), city.settings)
    try:
        yield runtime
    finally:
        runtime.close()


@contextmanager
def _started(processes: Sequence[ServiceProcess]) -> Iterator[None]:
    with ExitStack() as stack:
        for each in processes:
            stack.callback(each.wait)
            each.start()
        for each in processes:
            stack.callback(each.terminate)
        for each in processes:
            each.wait_until_ready()
        yield
