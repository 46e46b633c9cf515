"""The one folder a command keeps its data in, held by one running command at a time."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from services.cli.errors import CommandFailed

SETTINGS_FILE = "services.env"


def default_data_folder() -> Path:
    """`/var/lib/huixin` for root, the user's own data folder otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/huixin")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "huixin"


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Make the folder and hold it; the lock ends with the process, however that ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise CommandFailed(f"The data folder {folder} cannot be used: {error.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CommandFailed(
                f"Another command (process {lock.read().strip() or '?'}) is using the data folder "
                f"{folder}. Stop it, or give this one a folder of its own with --data FOLDER."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield folder


@contextmanager
def settings_written(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """While the block runs, other commands on this machine find the running system."""
    path = folder / SETTINGS_FILE
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
