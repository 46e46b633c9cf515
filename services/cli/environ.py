"""Reading one setting the way the services do: `X`, or the file that `X_FILE` names."""

import os
from collections.abc import Mapping
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.local.datafolder import SETTINGS_FILE, default_data_folder


def read_setting(*names: str, folder: Path | None = None) -> str:
    """The first that is set, else that of the system a data folder holds; or CommandFailed."""
    for name in names:
        if value := os.environ.get(name):
            return value
        if path := os.environ.get(f"{name}_FILE"):
            return Path(path).read_text().strip()
    folders = [folder] if folder else [default_data_folder() / each for each in ("up", "demo")]
    for local in map(local_settings, folders):
        for name in names:
            if name in local:
                return local[name]
    raise CommandFailed(f"Set {' or '.join(names)} (or the same with _FILE for a file).")


def local_settings(folder: Path) -> Mapping[str, str]:
    """What `./huixin demo` or `./huixin up` runs with, where one of them runs."""
    try:
        lines = (folder / SETTINGS_FILE).read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)
