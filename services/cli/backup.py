"""Keep a copy of every database as it is at one moment, sealed to a public key, in a new folder.

The key rings are not in it: keep secrets.env (or the key-ring files) and the private key apart
from it. `./huixin restore` brings it back.
"""

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pyrage import x25519
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from services.cli.backups.looking import contents_of, one_moment_of_all
from services.cli.backups.manifest import FORMAT, Kept, Manifest, write_manifest
from services.cli.backups.programs import dumped
from services.cli.backups.sealing import make_identity, read_recipient, seal
from services.cli.errors import CommandFailed
from services.cli.keeping import System, ended_by_sigterm, kept_system
from services.cli.progress import bar, say

RECIPIENT = "HUIXIN_BACKUP_RECIPIENT"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, sealed to whom, of which system."""
    parser.add_argument("folder", nargs="?", type=Path, help="a folder that is not there yet")
    parser.add_argument("--data", type=Path, help="the data folder of a demo or up")
    parser.add_argument("--to", metavar="age1…", help=f"the public key (default: {RECIPIENT})")
    parser.add_argument("--plain", action="store_true", help="seal it to nobody")
    parser.add_argument(
        "--make-key", metavar="FILE", type=Path, help="write a new private key; print the public"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 once all of it lies on the disk; nothing is left of one that was cut off."""
    if arguments.make_key:
        say(f"{RECIPIENT}={make_identity(arguments.make_key)}")
        return 0
    if arguments.folder is None:
        raise CommandFailed("Where to? ./huixin backup FOLDER")
    recipient = _recipient(arguments)
    with (
        ended_by_sigterm(),
        kept_system(arguments.data, running=True) as system,
        _whole(arguments.folder) as folder,
    ):
        try:
            manifest = _keep(system, folder, recipient)
        except DBAPIError as error:
            raise CommandFailed(f"A database cannot be read: {error.orig}") from None
        write_manifest(manifest.signed(system.rings), folder)
    _tell(manifest, arguments.folder)
    return 0


def _recipient(arguments: argparse.Namespace) -> x25519.Recipient | None:
    if arguments.plain:
        return None
    key = arguments.to or os.environ.get(RECIPIENT)
    if not key:
        raise CommandFailed(
            f"To whom is it sealed? Set {RECIPIENT} (or --to) to a public key; "
            "`./huixin backup --make-key FILE` makes a pair. --plain seals it to nobody."
        )
    return read_recipient(key)


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A folder that has its name only once everything in it is there."""
    partly = target.with_name(target.name + ".partly")
    if target.exists():
        raise CommandFailed(f"{target} is there already; a backup gets a folder of its own.")
    shutil.rmtree(partly, ignore_errors=True)
    try:
        partly.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CommandFailed(f"{partly} cannot be made: {error.strerror}.") from None
    try:
        yield partly
        partly.rename(target)
    except OSError as error:
        raise CommandFailed(f"The backup cannot be written: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(partly, ignore_errors=True)


def _keep(system: System, folder: Path, recipient: x25519.Recipient | None) -> Manifest:
    made_at = datetime.now(UTC)
    with one_moment_of_all(system.urls) as moments:
        services = {
            name: _keep_one(name, connection, snapshot, system, folder, recipient)
            for name, (connection, snapshot) in moments.items()
        }
    return Manifest(
        format=FORMAT,
        made_at=made_at.isoformat(timespec="seconds"),
        sealed_to=str(recipient) if recipient else None,
        services=services,
    )


def _keep_one(
    name: str,
    connection: Connection,
    snapshot: str,
    system: System,
    folder: Path,
    recipient: x25519.Recipient | None,
) -> Kept:
    contents = contents_of(connection)
    file = f"{name}.dump{'.age' if recipient else ''}"
    with (
        bar(0, name, "bytes") as progress,
        dumped(system.urls[name], snapshot, contents.server) as source,
    ):
        written = seal(source, folder / file, recipient, progress.update)
    return Kept(
        file=file,
        sha256=written.sha256,
        size=written.size,
        revision=contents.revision,
        server=contents.server,
        tables=contents.tables,
        audit=contents.audit,
        keys=contents.keys,
        fingerprints=system.rings[name].fingerprints(),
    )


def _tell(manifest: Manifest, folder: Path) -> None:
    say(f"{folder}: everything as of {manifest.made_at}")
    for name, kept in manifest.services.items():
        keys = ", ".join(sorted(kept.keys)) or "none"
        say(f"  {name:<14}{sum(kept.tables.values()):>9} rows  {kept.size:>12} bytes  "
            f"audit seal {kept.audit.seal}  keys {keys}")  # fmt: skip
    say("Needed to read it: the key rings with these keys"
        + (", and the private key." if manifest.sealed_to else "."))  # fmt: skip
