"""accounts' own runtime for commands of an operator, from the environment or a data folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.accounts.settings import AccountsSettings
from services.accounts.wiring import AccountsUnitOfWork
from services.chassis.errors import ServiceError
from services.chassis.runtime import Runtime
from services.chassis.settings import SettingsError
from services.cli.environ import local_settings
from services.cli.errors import CommandFailed
from services.cli.local.datafolder import default_data_folder


@contextmanager
def accounts_runtime(folder: Path | None) -> Iterator[Runtime]:
    """Ends with the block; a refusal becomes one line."""
    environ = {**local_settings(folder or default_data_folder() / "up"), **os.environ}
    try:
        runtime = Runtime(AccountsSettings.load("accounts", environ))
    except SettingsError as error:
        raise CommandFailed(str(error)) from None
    try:
        yield runtime
    except ServiceError as error:
        raise CommandFailed(f"{error.title}: {error.detail}") from None
    finally:
        runtime.close()


def new_work(runtime: Runtime) -> AccountsUnitOfWork:
    """A unit of work outside any worker."""
    uow = runtime.unit_of_work(AccountsUnitOfWork)
    assert isinstance(uow, AccountsUnitOfWork)  # noqa: S101  # what was asked for
    return uow
