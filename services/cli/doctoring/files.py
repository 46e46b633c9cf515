"""The data folder of this machine: room on the disk, and secrets that others could read."""

import shutil
import stat
from collections.abc import Iterator

from services.cli.doctoring.finding import Finding, critical, ok, warning
from services.cli.doctoring.system import System
from services.cli.local.datafolder import SETTINGS_FILE

SECRETS = ("secrets.env", SETTINGS_FILE)
LEAST_SHARE, LEAST_BYTES = 0.05, 2 * 1024**3


def look_at_files(system: System) -> Iterator[Finding]:
    """Nothing to say where no folder of ours is at hand."""
    if system.folder is None:
        return
    for name in SECRETS:
        path = system.folder / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield critical("files", f"others may read {path}", f"chmod 600 {path}")
    disk = shutil.disk_usage(system.folder)
    if disk.free < LEAST_BYTES or disk.free / disk.total < LEAST_SHARE:
        what = f"{disk.free / 1024**3:.1f} GB free on the disk of {system.folder}"
        yield warning("files", what, "make room: the broker stops taking events, then PostgreSQL")
    else:
        yield ok("files", f"{disk.free / 1024**3:.0f} GB free; secrets are closed to others")
