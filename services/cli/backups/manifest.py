"""What a backup says of itself: when, which schema, how many rows, which heads, which keys."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from services.chassis.keyring import KeyRing
from services.cli.errors import CommandFailed

FORMAT = 1
NAME = "manifest.json"


class Head(msgspec.Struct, frozen=True):
    """The newest seal of an audit chain."""

    seal: int
    digest: str


class Kept(msgspec.Struct, frozen=True):
    """One service's database. `keys` are names of key-ring keys with how many data keys each
    wraps; `fingerprints` tell keys of one name apart.
    """

    file: str
    sha256: str
    size: int
    revision: str
    server: str
    tables: dict[str, int]
    audit: Head
    keys: dict[str, int]
    fingerprints: dict[str, str]


class Manifest(msgspec.Struct, frozen=True):
    """All of it. `macs` are each service's keyed digest of everything else."""

    format: int
    made_at: str
    sealed_to: str | None
    services: dict[str, Kept]
    macs: dict[str, str] = {}

    def signed(self, rings: Mapping[str, KeyRing]) -> "Manifest":
        """With what only the key rings can say of it."""
        macs = {name: self._mac(rings[name]) for name in self.services}
        return msgspec.structs.replace(self, macs=macs)

    def is_signed_by(self, service: str, ring: KeyRing) -> bool:
        """Whether this ring's service made it, and nothing was changed since."""
        return self.macs.get(service) == self._mac(ring)

    def _mac(self, ring: KeyRing) -> str:
        bare = msgspec.json.encode(msgspec.structs.replace(self, macs={}), order="deterministic")
        return ring.blind_index(hashlib.sha256(bare).hexdigest(), "backup-manifest").hex()


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """As JSON that a person can read."""
    text = json.dumps(msgspec.to_builtins(manifest), indent=2, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Raises CommandFailed."""
    path = folder / NAME
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError:
        raise CommandFailed(f"{folder} is no backup: it has no {NAME}.") from None
    except msgspec.MsgspecError as error:
        raise CommandFailed(f"{path} is damaged: {error}") from None
    if found.format != FORMAT:
        raise CommandFailed(f"{path} was made by a newer version (format {found.format}).")
    return found
