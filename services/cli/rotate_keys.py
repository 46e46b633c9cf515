"""Give a system new keys, step by step, while it runs.

  add         a new key is made: known to the ring (or as a public half), not used yet. Roll out.
  activate    the new key is used from here on, the old one still opens. Roll out.
  rewrap      people's data keys are wrapped by the new key, in batches; may be cut off, run again
  status      which keys there are, and what still needs an old one
  drop        the old key goes, unless something still needs it. Roll out.
  signing-key the next key for access tokens at once (they change by themselves every 30 days)

Every service must run with what a step wrote before the next step is taken: a replica with an
older ring cannot open what a newer key wrapped.
"""

import argparse
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from services.accounts.keys.usecases import replace_signing_keys
from services.accounts.settings import AccountsSettings
from services.accounts.wiring import AccountsUnitOfWork
from services.apphost import KEEPERS, SERVICES
from services.chassis.rewrapping import rewrap, wrapped_by
from services.chassis.runtime import Runtime
from services.chassis.settings import SettingsError
from services.cli.environ import local_settings
from services.cli.errors import CommandFailed
from services.cli.keeping import database_url, keyring_of, one_moment
from services.cli.keyrings.folder import SecretFolder
from services.cli.keyrings.needed import needed, seal_anew
from services.cli.keyrings.rings import old_keys, with_new_key, with_waiting_key_active, without
from services.cli.local.datafolder import default_data_folder
from services.cli.progress import bar, say

STEPS = ("add", "activate", "rewrap", "status", "drop", "signing-key")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which step, of which keys, of which service."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--service", choices=SERVICES, help="only this service")
    parser.add_argument(
        "--service-keys",
        action="store_true",
        help="the keys services know each other by, not the key rings",
    )
    parser.add_argument("--secrets", type=Path, help="the folder of secrets.env")
    parser.add_argument("--data", type=Path, help="the data folder of a running demo or up")
    parser.add_argument("--key", help="which old key to drop; all of them by default")
    parser.add_argument(
        "--even-so", action="store_true", help="drop what is still needed: that stays closed"
    )
    parser.add_argument(
        "--leaked", action="store_true", help="signing-key: the present ones are believed no more"
    )


def run(arguments: argparse.Namespace) -> int:
    """1 where a data key is wrapped by a key that the ring does not have."""
    if arguments.step == "signing-key":
        return _signing_key(arguments)
    services = [arguments.service] if arguments.service else list(SERVICES)
    try:
        if arguments.service_keys:
            return _service_keys(arguments, [each for each in services if each in KEEPERS])
        return _RINGS[arguments.step](arguments, services)
    except DBAPIError as error:
        raise CommandFailed(f"The database refuses: {error.orig}") from None


def _add(arguments: argparse.Namespace, services: Iterable[str]) -> int:
    secrets = _secrets(arguments)
    for name, ring in {each: with_new_key(secrets.ring(each)) for each in services}.items():
        secrets.put_ring(name, ring)
        say(f"  {name:<14}{list(ring['keys'])[-1]} is known; {ring['active']} still seals")
    _say_next(secrets, "activate")
    return 0


def _activate(arguments: argparse.Namespace, services: Iterable[str]) -> int:
    secrets = _secrets(arguments)
    rings = {each: with_waiting_key_active(secrets.ring(each)) for each in services}
    for name, ring in rings.items():
        secrets.put_ring(name, ring)
        say(f"  {name:<14}{ring['active']} seals; {', '.join(old_keys(ring))} still opens")
    _say_next(secrets, "rewrap")
    return 0


def _rewrap(arguments: argparse.Namespace, services: Iterable[str]) -> int:
    closed = sum(_rewrap_one(each, arguments.data) for each in services if each in KEEPERS)
    return 1 if closed else 0


def _rewrap_one(service: str, folder: Path | None) -> int:
    ring, closed, done = keyring_of(service, folder), 0, 0
    engine = create_engine(database_url(service, folder), hide_parameters=True)
    try:
        with engine.connect() as connection:
            keys = wrapped_by(connection)
        waiting = sum(number for name, number in keys.items() if name != ring.active)
        rows = sum(seal_anew(engine, service, ring))
        with bar(waiting, service, "data keys", keep=False) as progress:
            for batch in rewrap(engine, ring):
                done, closed = done + batch.wrapped, closed + batch.closed
                progress.update(batch.wrapped + batch.closed)
    finally:
        engine.dispose()
    say(f"  {service:<14}{done} data keys wrapped by {ring.active}, {rows} older rows sealed anew")
    if closed:
        say(f"      {closed} data keys are wrapped by a key that this ring does not have")
    return closed


def _status(arguments: argparse.Namespace, services: Iterable[str]) -> int:
    missing = 0
    for service in (each for each in services if each in KEEPERS):
        ring = keyring_of(service, arguments.data)
        with one_moment(database_url(service, arguments.data)) as connection:
            used = wrapped_by(connection)
            for name in sorted(ring.names | set(used)):
                state = "active" if name == ring.active else "old or waiting"
                if name not in ring.names:
                    state, missing = "MISSING IN THE RING", missing + 1
                say(f"  {service:<14}{name:<16}{state:<20}"
                    f"needed by {needed(connection, service, name)}")  # fmt: skip
    return 1 if missing else 0


def _drop(arguments: argparse.Namespace, services: Iterable[str]) -> int:
    secrets = _secrets(arguments)
    going = {each: _going(secrets, each, arguments.key) for each in services}
    if not arguments.even_so:
        for service, names in going.items():
            _refuse_while_needed(service, names, arguments.data)
    for service, names in going.items():
        ring = secrets.ring(service)
        for name in names:
            ring = without(ring, name)
        secrets.put_ring(service, ring)
        say(f"  {service:<14}{', '.join(names) or 'nothing'} dropped")
    if "portal" in going:
        say("Whoever last came to the portal before the new key was active signs in again.")
    return 0


def _going(secrets: SecretFolder, service: str, key: str | None) -> list[str]:
    names = old_keys(secrets.ring(service))
    return [key] if key else names


def _refuse_while_needed(service: str, names: Iterable[str], folder: Path | None) -> None:
    if service not in KEEPERS:
        return
    with one_moment(database_url(service, folder)) as connection:
        for name in names:
            still = needed(connection, service, name)
            if any((still.people, still.rows, still.lapsing, still.reasons)):
                raise CommandFailed(
                    f"{service} still needs {name}: {still}. Nothing was dropped. First "
                    "`rotate-keys rewrap`; or, for what can stay closed, --even-so."
                )


def _service_keys(arguments: argparse.Namespace, services: Iterable[str]) -> int:
    secrets = _secrets(arguments)
    steps: dict[str, Callable[[str], None]] = {
        "add": secrets.add_service_key,
        "activate": secrets.activate_service_key,
        "drop": secrets.drop_service_key,
    }
    if arguments.step not in steps:
        raise CommandFailed(f"Service keys have the steps {', '.join(steps)}.")
    for service in services:
        steps[arguments.step](service)
        say(f"  {service:<14}{arguments.step}")
    _say_next(secrets, {"add": "activate", "activate": "drop"}.get(arguments.step, ""))
    return 0


def _signing_key(arguments: argparse.Namespace) -> int:
    folder = arguments.data or default_data_folder() / "up"
    try:
        settings = AccountsSettings.load("accounts", {**local_settings(folder), **os.environ})
    except SettingsError as error:
        raise CommandFailed(str(error)) from None
    runtime = Runtime(settings)
    try:
        uow = runtime.unit_of_work(AccountsUnitOfWork)
        key = replace_signing_keys(uow=uow, now=runtime.clock.now(), leaked=arguments.leaked)  # type: ignore[arg-type]  # accounts' own
    except DBAPIError as error:
        raise CommandFailed(f"The database refuses: {error.orig}") from None
    finally:
        runtime.close()
    say(f"{key.kid} signs from {key.active_from:%Y-%m-%d %H:%M} UTC.")
    if arguments.leaked:
        say("Older keys are gone; services forget them within five minutes, and people's next "
            "request renews their session.")  # fmt: skip
    return 0


def _secrets(arguments: argparse.Namespace) -> SecretFolder:
    return SecretFolder(arguments.secrets or arguments.data or default_data_folder() / "up")


def _say_next(secrets: SecretFolder, step: str) -> None:
    say(f"Written to {secrets.folder}. Restart every service with it"
        + (f", then: ./huixin rotate-keys {step}" if step else "."))  # fmt: skip


_RINGS: dict[str, Callable[[argparse.Namespace, list[str]], int]] = {
    "add": _add,
    "activate": _activate,
    "rewrap": _rewrap,
    "status": _status,
    "drop": _drop,
}
