"""What checkov finds is mended or explained in explained.toml; an explanation in vain goes."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.overlays import Overlay
from tests.deployment.tools import run_tool

HERE = Path(__file__).parent
DOCKERFILE = Path(__file__).parents[2] / "deploy" / "Dockerfile"
EXPLAINED: dict[str, str] = tomllib.loads((HERE / "explained.toml").read_text())
# What checkov has rules for; it knows nothing of custom resources.
LOOKED_AT = (
    "Deployment",
    "Job",
    "Service",
    "ServiceAccount",
    "Ingress",
    "Namespace",
    "NetworkPolicy",
)


@pytest.fixture(scope="module")
def found(city: Overlay, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Each finding's check, and where it was found."""
    folder = tmp_path_factory.mktemp("policies")
    (folder / "Dockerfile").write_text(DOCKERFILE.read_text())
    (folder / "city.yaml").write_text(city.kinds(*LOOKED_AT))
    finished = run_tool(
        "checkov", "-d", str(folder), "--framework", "kubernetes", "dockerfile",
        "--skip-download", "--quiet", "--compact", "-o", "json",
    )  # fmt: skip
    reports = json.loads(finished.stdout)
    assert {each["check_type"] for each in reports} == {"kubernetes", "dockerfile"}
    assert sum(each["summary"]["passed"] for each in reports) > 500
    findings: dict[str, list[str]] = {}
    for each in (check for report in reports for check in report["results"]["failed_checks"]):
        findings.setdefault(each["check_id"], []).append(_told(each))
    return findings


def _told(finding: dict[str, Any]) -> str:
    return f"{finding['check_name']}: {finding['resource']}"


def test_no_finding_is_left_unexplained(found: dict[str, list[str]]) -> None:
    assert {check: where for check, where in found.items() if check not in EXPLAINED} == {}


def test_no_explanation_outlives_its_finding(found: dict[str, list[str]]) -> None:
    assert set(EXPLAINED) - set(found) == set()


def test_every_explanation_says_something() -> None:
    assert all(len(reason) > 30 for reason in EXPLAINED.values())
