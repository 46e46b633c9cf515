"""Make the first administrator of a new system; everybody else is imported by them."""

import argparse
import os
from pathlib import Path

from services.accounts.bootstrap import create_first_admin
from services.accounts.settings import AccountsSettings
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.errors import ServiceError
from services.chassis.runtime import Runtime
from services.chassis.settings import SettingsError
from services.cli.environ import local_settings
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import default_data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who they are, and the city."""
    parser.add_argument("--login", required=True)
    parser.add_argument("--name", required=True, help="the person's name")
    parser.add_argument("--city", required=True, help="the short name of the root unit, e.g. wh")
    parser.add_argument("--city-name", required=True, help="the union's full name")
    parser.add_argument("--data", type=Path, help="the data folder of a running `./huixin up`")


def run(arguments: argparse.Namespace) -> int:
    """Print a code with which they choose their password."""
    folder = arguments.data or default_data_folder() / "up"
    environ = {**local_settings(folder), **os.environ}
    try:
        settings = AccountsSettings.load("accounts", environ)
    except SettingsError as error:
        raise CommandFailed(str(error)) from None
    runtime = Runtime(settings)
    try:
        printed = create_first_admin(
            uow=runtime.unit_of_work(AccountsUnitOfWork),  # type: ignore[arg-type]  # accounts' own
            clock=runtime.clock,
            levels=settings.levels,
            login=arguments.login,
            name=arguments.name,
            city=arguments.city,
            city_name=arguments.city_name,
        )
    except ServiceError as error:
        raise CommandFailed(f"{error.title or error.code}: {error}") from None
    finally:
        runtime.close()
    print(f"{printed.name} ({printed.sign_in_name}) chooses a password with the code "
          f"{printed.code}, good until {printed.expires_at:%Y-%m-%d %H:%M} UTC.")  # fmt: skip
    return 0
