"""Each overlay, and the secrets `./huixin secrets --kubernetes` makes."""

import argparse
import json
from pathlib import Path

import pytest

from services.cli import secrets
from services.cli.local.clustersecrets import Contents
from tests.deployment.overlays import OVERLAYS, Overlay, built


@pytest.fixture(scope="session", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> Overlay:
    return built(request.param)


@pytest.fixture(scope="session")
def city() -> Overlay:
    return built("city")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """Each secret's contents by name."""
    folder = tmp_path_factory.mktemp("secrets")
    arguments = ["--kubernetes", "--signed-by", "林医生", str(folder)]
    parser = argparse.ArgumentParser()
    secrets.add_arguments(parser)
    assert secrets.run(parser.parse_args(arguments)) == 0
    return contents_of(folder)


def contents_of(folder: Path) -> Contents:
    items = json.loads((folder / "kubernetes.json").read_text())["items"]
    return {each["metadata"]["name"]: each["stringData"] for each in items}
