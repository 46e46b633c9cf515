"""Make the first administrator of a new system; everybody else is imported by them."""

import argparse
from pathlib import Path

from services.accounts.bootstrap import create_first_admin
from services.accounts.settings import AccountsSettings
from services.cli.subscribers.runtime import accounts_runtime, new_work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who they are, and the city."""
    parser.add_argument("--login", required=True)
    parser.add_argument("--name", required=True, help="the person's name")
    parser.add_argument("--city", required=True, help="the short name of the root unit, e.g. wh")
    parser.add_argument("--city-name", required=True, help="the union's full name")
    parser.add_argument("--data", type=Path, help="the data folder of a running `./huixin up`")


def run(arguments: argparse.Namespace) -> int:
    """Print a code with which they choose their password."""
    with accounts_runtime(arguments.data) as runtime:
        settings = runtime.settings
        assert isinstance(settings, AccountsSettings)  # noqa: S101  # accounts' own
        printed = create_first_admin(
            uow=new_work(runtime),
            clock=runtime.clock,
            levels=settings.levels,
            login=arguments.login,
            name=arguments.name,
            city=arguments.city,
            city_name=arguments.city_name,
        )
    print(f"{printed.name} ({printed.sign_in_name}) chooses a password with the code "
          f"{printed.code}, good until {printed.expires_at:%Y-%m-%d %H:%M} UTC.")  # fmt: skip
    return 0
