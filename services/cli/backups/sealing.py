"""Files sealed to a public key, in the age format: the private half is kept elsewhere.

Any age program opens them too, so that a backup does not depend on this one.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyrage
from pyrage import x25519

from services.cli.errors import CommandFailed

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a backup as it lies there."""

    sha256: str
    size: int


def make_identity(path: Path) -> str:
    """A new private key in a file only its owner reads; returns the public half."""
    identity = x25519.Identity.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def read_identity(path: Path) -> x25519.Identity:
    """The private key of a file; raises CommandFailed."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        return x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-")))
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}.") from None
    except (StopIteration, pyrage.IdentityError):
        raise CommandFailed(f"{path} holds no private key of age (AGE-SECRET-KEY-…).") from None


def read_recipient(text: str) -> x25519.Recipient:
    """A public key; raises CommandFailed."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise CommandFailed(f"«{text}» is no public key of age (age1…).") from None


def seal(
    source: IO[bytes],
    path: Path,
    recipient: x25519.Recipient | None,
    told: Callable[[int], object],
) -> Written:
    """Write what the source gives, sealed where there is a recipient; `told` counts bytes read."""
    with path.open("xb") as file:
        reading, writing = _Counted(source, told), _Digested(file)
        if recipient is None:
            while chunk := reading.read(CHUNK):
                writing.write(chunk)
        else:
            with _as_it_was(reading):
                pyrage.encrypt_io(reading, writing, [recipient])
        file.flush()
        os.fsync(file.fileno())
    return Written(writing.sha256.hexdigest(), writing.size)


def unseal(
    path: Path,
    target: IO[bytes],
    identity: x25519.Identity | None,
    told: Callable[[int], object],
) -> None:
    """Write what was sealed into the target; raises CommandFailed where this key opens nothing."""
    with path.open("rb") as file:
        reading = _Counted(file, told)
        if identity is None:
            while chunk := reading.read(CHUNK):
                target.write(chunk)
            return
        try:
            with _as_it_was(reading):
                pyrage.decrypt_io(reading, target, [identity])
        except pyrage.DecryptError:
            raise CommandFailed(f"The private key does not open {path}: it is another.") from None


def digest_of(path: Path, told: Callable[[int], object]) -> Written:
    """What a file is now."""
    sha256, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
            told(len(chunk))
    return Written(sha256.hexdigest(), size)


class _Counted:
    """A source that tells how far it is, and what it was interrupted by."""

    def __init__(self, source: IO[bytes], told: Callable[[int], object]) -> None:
        self._source, self._told = source, told
        self.interrupted: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            chunk = self._source.read(size)
            self._told(len(chunk))
        except BaseException as error:
            self.interrupted = error
            raise
        return chunk


class _Digested:
    """A file that knows its digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256, self.size = hashlib.sha256(), 0

    def write(self, chunk: bytes) -> int:
        self.sha256.update(chunk)
        self.size += len(chunk)
        return self._file.write(chunk)

    def flush(self) -> None:
        self._file.flush()


@contextmanager
def _as_it_was(reading: _Counted) -> Iterator[None]:
    """The library turns Ctrl-C into an error of its own: turned back."""
    try:
        yield
    except Exception:
        if reading.interrupted is not None:
            raise reading.interrupted from None
        raise
