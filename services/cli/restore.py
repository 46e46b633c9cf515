"""Bring a backup back onto empty databases, and prove that it equals the original: rows by table,
the audit chain, the keys. Services must not run meanwhile; start them when it is done."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from pyrage import x25519
from sqlalchemy.exc import DBAPIError

from services.chassis.database import Database
from services.chassis.migrations import migrate
from services.cli.backups.checking import check_manifest, check_rings, compare, tell
from services.cli.backups.manifest import Manifest, read_manifest
from services.cli.backups.placing import empty_again, finish, open_again, place, prepare
from services.cli.backups.sealing import read_identity
from services.cli.errors import CommandFailed
from services.cli.keeping import System, ended_by_sigterm, kept_system
from services.cli.progress import say, step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, the private key, which system."""
    parser.add_argument("folder", type=Path, help="what `./huixin backup` made")
    parser.add_argument("--identity", type=Path, metavar="FILE", help="the private key")
    parser.add_argument("--data", type=Path, help="the data folder of an up that does not run")


def run(arguments: argparse.Namespace) -> int:
    """1 where anything differs; what was begun and not ended leaves the databases empty."""
    manifest = read_manifest(arguments.folder)
    identity = _identity(manifest, arguments.identity)
    check_manifest(manifest, arguments.folder)
    try:
        with ended_by_sigterm(), kept_system(arguments.data, running=False) as system:
            check_rings(manifest, system.rings)
            prepare(system.urls)
            return _bring_back(manifest, arguments.folder, identity, system)
    except DBAPIError as error:
        raise CommandFailed(f"A database refuses: {error.orig}") from None


def _identity(manifest: Manifest, path: Path | None) -> x25519.Identity | None:
    if manifest.sealed_to is None:
        return None
    if path is None:
        raise CommandFailed(
            f"It is sealed to {manifest.sealed_to}: name its private key by --identity."
        )
    identity = read_identity(path)
    if str(identity.to_public()) != manifest.sealed_to:
        raise CommandFailed(f"{path} is the private key of {identity.to_public()}, but the backup "
                            f"is sealed to {manifest.sealed_to}.")  # fmt: skip
    return identity


def _bring_back(
    manifest: Manifest, folder: Path, identity: x25519.Identity | None, system: System
) -> int:
    try:
        for name, kept in manifest.services.items():
            place(name, kept, folder, identity, system.urls[name])
    except BaseException:
        empty_again(system.urls)
        raise
    lines = [
        line
        for name, kept in manifest.services.items()
        for line in compare(name, kept, system.urls[name], system.rings[name])
    ]
    tell(lines)
    if not all(line.same for line in lines):
        say("\nThe databases differ from the original; see the lines marked ≠.")
        return 1
    _catch_up(system.urls)
    finish(system.urls)
    say("\nEverything equals the original. The services can be started.")
    return 0


def _catch_up(urls: Mapping[str, str]) -> None:
    for name, url in urls.items():
        with step(f"migrations of {name}") as said:
            said(", ".join(migrate(name, url)) or "up to date")
    databases = {name: Database(url, pool=2) for name, url in urls.items()}
    try:
        with step("events without a reader") as said:
            said(f"{open_again(databases)} go again")
    finally:
        for database in databases.values():
            database.close()
