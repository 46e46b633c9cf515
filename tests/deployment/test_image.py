"""One Dockerfile for all: pinned, closed, and each image with what its pods run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.apphost import KEEPERS, SERVICES

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
# The name before a service's: which pods of the overlays run it, and with what.
RUN = {
    "service": ["service", "--help"],
    "probe": ["probe", "--help"],
    "wait": ["migrate", "--check", "--help"],
    "topology": ["topology", "--show"],
}


def test_every_base_is_pinned_by_digest() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)

    assert len(bases) == 3
    assert all(re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", each) for each in bases)
    assert bases[1] == bases[2], "what is compiled must find its own Python"


def test_an_image_runs_as_nobody_in_particular() -> None:
    last = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]

    assert "USER 10001:10001" in last
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert "STOPSIGNAL SIGTERM" in last


def test_an_image_drops_every_service_but_its_own() -> None:
    (dropped,) = re.findall(r"for other in ([a-z ]+);", DOCKERFILE)

    assert set(dropped.split()) == set(SERVICES)


def image_of(service: str, folder: Path) -> Path:
    """The code as the Dockerfile leaves it for one service."""
    code = folder / "services"
    code.mkdir()
    for each in (ROOT / "services").iterdir():
        if each.name not in set(SERVICES) - {service}:
            (code / each.name).symlink_to(each)
    return folder


@pytest.mark.parametrize("service", ["booking", "notification", "portal"])
def test_an_image_without_the_other_services_runs_what_its_pods_run(
    service: str, tmp_path: Path
) -> None:
    image = image_of(service, tmp_path)
    commands = dict(RUN) if service in KEEPERS else {"service": RUN["service"]}

    for name, arguments in commands.items():
        finished = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-m", "services.cli", *arguments],
            cwd=image, env={"PYTHONPATH": str(image), "HUIXIN_SERVICE": service, "PATH": ""},
            capture_output=True, text=True,
        )  # fmt: skip
        assert finished.returncode == 0, f"{name}: {finished.stderr}"


def test_the_local_mailbox_runs_from_the_image_of_notification(tmp_path: Path) -> None:
    image = image_of("notification", tmp_path)

    finished = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", "-m", "services.cli.mailbox", "--help"],
        cwd=image, env={"PYTHONPATH": str(image), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip

    assert finished.returncode == 0, finished.stderr
