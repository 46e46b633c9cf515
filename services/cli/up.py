"""Run the services as separate processes of this machine, on a given or a private PostgreSQL,
RabbitMQ and mail server. Ctrl-C stops all of it in order."""

import argparse
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from services.apphost import KEEPERS, SERVICES, default_ports
from services.chassis.runtime import build_runtime
from services.chassis.topology import Topology
from services.cli.assets import ensure_assets
from services.cli.demo_city.filling import fill
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import default_data_folder, held, settings_written
from services.cli.local.environment import common_settings, tracing_settings
from services.cli.local.infrastructure import everything
from services.cli.local.policies import policy_settings
from services.cli.local.ports import is_free
from services.cli.local.processes import ServiceProcess
from services.cli.local.secretfile import SecretFile
from services.cli.migrate import migrate_patiently
from services.cli.progress import say, step
from services.cli.topology import apply_patiently

WAIT_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where data live, where the portal listens, who answers for the policies."""
    parser.add_argument("--data", type=Path, default=None, help="the data folder")
    parser.add_argument("--port", type=int, default=8100, help="the portal's port")
    parser.add_argument(
        "--signed-by",
        metavar="NAME",
        help="the clinical lead who has read the default care and crisis policies and signs them",
    )
    parser.add_argument(
        "--city", action="store_true", help="fill an empty system with the demonstration city"
    )


def run(arguments: argparse.Namespace) -> int:
    """Until a signal, or until a service has ended by itself (1)."""
    folder = (arguments.data or default_data_folder() / "up").resolve()
    signal.signal(signal.SIGTERM, _interrupt)
    with held(folder):
        say(f"Data, secrets and logs: {folder}")
        ensure_assets(folder)
        secrets = SecretFile(folder / "secrets.env")
        ports = _ports(arguments.port)
        policies = policy_settings(folder, arguments.signed_by)
        accounts_url = f"http://127.0.0.1:{ports['accounts']}"
        with everything(folder, secrets, accounts_url) as given:
            settings = {**_outer(), **common_settings(secrets, ports), **policies, **given}
            password = secrets.get("DEMONSTRATION_CITY_PASSWORD") if arguments.city else None
            return _serve(folder, settings, password)


def _serve(folder: Path, settings: dict[str, str], city_password: str | None) -> int:
    with step("migrations"):
        for name in KEEPERS:
            migrate_patiently(name, settings[f"{name.upper()}_DATABASE_URL"], WAIT_SECONDS)
    with step("topology of the broker"):
        apply_patiently(Topology(), settings["HUIXIN_BROKER_ADMIN_URL"], WAIT_SECONDS)
    processes = [ServiceProcess(name, settings, folder / "logs") for name in SERVICES]
    with settings_written(folder, settings):
        try:
            _start(processes)
            if city_password:
                _fill_city(settings, city_password)
            say(f"\nThe portal: {settings['PORTAL_PUBLIC_URL']}   (Ctrl-C stops everything)")
            return _watch(processes)
        except KeyboardInterrupt:
            return 0
        finally:
            _stop(processes)


def _start(processes: Sequence[ServiceProcess]) -> None:
    for each in processes:
        each.start()
    for each in processes:
        with step(each.name) as said:
            each.wait_until_ready()
            said(f"port {each.port}, process {each.pid}, log {each.log}")


def _fill_city(settings: dict[str, str], password: str) -> None:
    runtimes = {
        name: build_runtime(SERVICES[name].load(), settings)
        for name in ("accounts", "assessment", "reporting")
    }
    try:
        fill(runtimes, settings["PORTAL_PUBLIC_URL"], password)
    finally:
        for runtime in runtimes.values():
            runtime.close()
    say(f"The demonstration city's accounts (city-admin, worker1, …) have the password {password}")


def _watch(processes: Sequence[ServiceProcess]) -> int:
    """Nothing is restarted in silence: who ended is named, and all the rest goes on."""
    ended: set[str] = set()
    while len(ended) < len(processes):
        time.sleep(0.5)
        for each in processes:
            if each.ended is not None and each.name not in ended:
                ended.add(each.name)
                say(f"{each.name} ended with code {each.ended}; its log: {each.log}")
    raise CommandFailed("Every service has ended.")


def _stop(processes: Sequence[ServiceProcess]) -> None:
    """The portal first, so that nobody is sent to a service that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in reversed(processes):
        each.terminate()
    for each in reversed(processes):
        with step(f"stopping {each.name}") as said:
            said(f"code {each.wait()}")


def _ports(portal: int) -> dict[str, int]:
    """The usual ones, or `<SERVICE>_PORT`; raises CommandFailed where another program has one."""
    ports = {**default_ports(), "portal": portal}
    found = {name: int(os.environ.get(f"{name.upper()}_PORT", ports[name])) for name in ports}
    taken = [f"{name} ({port})" for name, port in found.items() if not is_free(port)]
    if taken:
        raise CommandFailed(
            f"Ports are taken: {', '.join(taken)}. Is another Huixin running? "
            "Set <SERVICE>_PORT, or --port for the portal."
        )
    return found


def _outer() -> dict[str, str]:
    """Settings the caller gives for any service."""
    prefixes = ("HUIXIN_", *(f"{name.upper()}_" for name in SERVICES))
    given = {name: value for name, value in os.environ.items() if name.startswith(prefixes)}
    return given | tracing_settings()


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
