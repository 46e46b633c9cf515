"""deploy/compose.yaml gives every service what it needs, and `./huixin secrets` makes all of it."""

import argparse
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.apphost import SERVICES
from services.cli import secrets

DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return document


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    parser = argparse.ArgumentParser()
    secrets.add_arguments(parser)
    assert secrets.run(parser.parse_args([str(folder), "--signed-by", "林医生"])) == 0
    return folder


def environment(compose: dict[str, Any], service: str, made: Path) -> dict[str, str]:
    """What the container sees, its secrets' paths replaced by the files just made."""
    files = {
        f"/run/secrets/{name}": str(made / Path(each["file"]).name)
        for name, each in compose["secrets"].items()
        if name in compose["services"][service]["secrets"]
    }
    given = compose["services"][service]["environment"]
    plain = {name: defaulted(str(value)) for name, value in given.items()}
    return {name: files.get(value, value) for name, value in plain.items()}


def defaulted(value: str) -> str:
    if value.startswith("${"):
        return value.removeprefix("${").removesuffix("}").split(":-", 1)[1]
    return value


@pytest.mark.parametrize("service", SERVICES)
def test_each_container_starts_with_complete_settings(
    compose: dict[str, Any], made: Path, service: str
) -> None:
    settings = SERVICES[service].load().settings

    loaded = settings.load(service, environment(compose, service, made))

    assert loaded.http_port == SERVICES[service].port
    assert set(loaded.peers) == set(SERVICES) - {"portal"}
    assert not loaded.embedded


def test_every_secret_compose_names_is_made(compose: dict[str, Any], made: Path) -> None:
    named = {Path(each["file"]).name for each in compose["secrets"].values()}

    assert named <= {each.name for each in made.iterdir()}


def test_no_service_sees_another_services_secrets(compose: dict[str, Any]) -> None:
    for service in SERVICES:
        given = compose["services"][service]["secrets"]
        others = tuple(f"{other}_" for other in SERVICES if other != service)
        assert [each for each in given if each.startswith(others)] == []


def test_images_are_pinned(compose: dict[str, Any]) -> None:
    images = [each["image"] for each in compose["services"].values() if "image" in each]

    assert images
    assert all(":" in image and not image.endswith(":latest") for image in images)
