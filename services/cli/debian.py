"""Programs from Debian: installed when root asks for a command that needs them, else named."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.errors import CommandFailed

# What shows that a package is there.
PROGRAMS = {
    "rabbitmq-server": Path("/usr/lib/rabbitmq/bin/rabbitmq-server"),
    "chromium": Path("/usr/bin/chromium"),
    "chromium-driver": Path("/usr/bin/chromedriver"),
    "prometheus": Path("/usr/bin/promtool"),
    "fonts-noto-cjk": Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
}
POLICY = Path("/usr/sbin/policy-rc.d")


def ensure_packages(packages: Iterable[str]) -> None:
    """Install what is missing; raises CommandFailed with the command to run where it cannot."""
    missing = [name for name in packages if not PROGRAMS[name].exists()]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CommandFailed(
            f"Missing: {', '.join(missing)}. As root on Debian or Ubuntu: {' '.join(command)}"
        )
    print(f"Installing {', '.join(missing)} from Debian (once) …", flush=True)
    with _services_stay_off():
        _apt(["apt-get", "update"])
        _apt(command)


def _apt(command: list[str]) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    finished = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        said = "\n".join((finished.stdout + finished.stderr).splitlines()[-10:])
        raise CommandFailed(f"{' '.join(command)} failed:\n{said}")


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """While packages are installed, Debian starts none of their services (a broker of its own)."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)
