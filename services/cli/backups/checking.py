"""Whether a backup is whole before it is brought back, and equal to the original after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from services.apphost import KEEPERS
from services.chassis.auditproof import AuditWalk
from services.chassis.keyring import CannotOpen, KeyRing
from services.chassis.migrations import is_known
from services.chassis.vault import wrapped_for
from services.cli.backups.looking import contents_of
from services.cli.backups.manifest import Kept, Manifest
from services.cli.backups.sealing import digest_of
from services.cli.errors import CommandFailed
from services.cli.keeping import one_moment
from services.cli.progress import bar, say

_ONE_EACH = text("SELECT DISTINCT ON (key_id) key_id, person, wrapped FROM person_keys")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing compared."""

    service: str
    what: str
    original: str
    here: str

    @property
    def same(self) -> bool:
        """Whether it is as it was."""
        return self.original == self.here


def check_manifest(manifest: Manifest, folder: Path) -> None:
    """Every file there and undamaged, every schema known; raises CommandFailed with the name."""
    if missing := sorted(set(KEEPERS) - set(manifest.services)):
        raise CommandFailed(f"{folder} holds nothing of {', '.join(missing)}.")
    for name, kept in manifest.services.items():
        path = folder / kept.file
        if Path(kept.file).name != kept.file or not path.is_file():
            raise CommandFailed(f"{path} is missing.")
        with bar(kept.size, f"checking {kept.file}", "bytes", keep=False) as progress:
            found = digest_of(path, progress.update)
        if (found.sha256, found.size) != (kept.sha256, kept.size):
            raise CommandFailed(f"{path} is damaged: it is not the file that was written.")
        if not is_known(name, kept.revision):
            raise CommandFailed(f"The schema of {name} ({kept.revision}) is of a newer version.")


def check_rings(manifest: Manifest, rings: Mapping[str, KeyRing]) -> None:
    """The key rings open what the backup holds; raises CommandFailed."""
    for name, kept in manifest.services.items():
        here = rings[name].fingerprints()
        for key in sorted({"", *kept.keys}):
            called = f"key {key}" if key else "index key"
            if key not in here:
                raise CommandFailed(f"The key ring of {name} lacks the {called}, which wraps "
                                    f"{kept.keys[key]} data keys of this backup.")  # fmt: skip
            if here[key] != kept.fingerprints.get(key, here[key]):
                raise CommandFailed(f"The key ring of {name} is another: its {called} is not the "
                                    "one this backup needs.")  # fmt: skip
        if not manifest.is_signed_by(name, rings[name]):
            raise CommandFailed(f"The manifest was changed: {name}'s key ring did not sign it so.")


def compare(service: str, kept: Kept, url: str, ring: KeyRing) -> list[Line]:
    """Rows by table, the schema, the audit chain and its head, and whether keys open."""
    with one_moment(url) as connection:
        here = contents_of(connection)
        lines = [
            Line(service, f"rows of {table}", str(kept.tables.get(table, "no table")),
                 str(here.tables.get(table, "no table")))
            for table in sorted({*kept.tables, *here.tables})
        ]  # fmt: skip
        lines += [
            Line(service, "schema", kept.revision, here.revision),
            Line(service, "audit chain", "whole", _chain(connection, ring)),
            Line(service, "audit head", _head(kept), f"{here.audit.seal} {here.audit.digest[:16]}"),
            *(Line(service, f"data keys by {key}", f"{number}, open", _keys(here.keys, key, opens))
              for (key, number), opens in zip(sorted(kept.keys.items()),
                                              _opening(connection, ring, kept), strict=True)),
        ]  # fmt: skip
    return lines


def tell(lines: Sequence[Line]) -> None:
    """The table: what differs is marked, and tables without rows are not told."""
    say(f"\n  {'service':<14}{'what':<34}{'original':>26}{'here':>26}")
    for line in lines:
        if not line.same or line.original != "0":
            mark = " " if line.same else "≠"
            say(f"{mark} {line.service:<14}{line.what:<34}{line.original:>26}{line.here:>26}")


def _head(kept: Kept) -> str:
    return f"{kept.audit.seal} {kept.audit.digest[:16]}"


def _chain(connection: Connection, ring: KeyRing) -> str:
    walk = AuditWalk(connection, ring, {})
    for _ in walk.steps():
        continue
    return "whole" if walk.proof.whole else f"broken: {walk.proof.broken[0]}"


def _keys(here: Mapping[str, int], key: str, opens: bool) -> str:
    return f"{here.get(key, 0)}, {'open' if opens else 'closed'}"


def _opening(connection: Connection, ring: KeyRing, kept: Kept) -> Iterator[bool]:
    """One data key of each name, in the names' order."""
    found = {row.key_id: row for row in connection.execute(_ONE_EACH)}
    for key in sorted(kept.keys):
        yield key in found and _opens(ring, found[key])


def _opens(ring: KeyRing, row: object) -> bool:
    try:
        ring.open(bytes(row.wrapped), wrapped_for(row.person))  # type: ignore[attr-defined]  # a row
    except CannotOpen:
        return False
    return True
