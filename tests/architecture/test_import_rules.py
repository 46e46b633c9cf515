"""Each import rule holds, and breaks when it is crossed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RULES = Path(__file__).parent / "imports.toml"
LINT = Path(sys.executable).parent / "lint-imports"

CROSSINGS = {
    "street": ("booking/calendar.py", "import services.assessment"),
    "framework-at-the-edge": ("booking/offers/holding.py", "import kombu"),
    "pure-domain": ("booking/offers/domain.py", "import sqlalchemy"),
    "use-cases-ask-ports": ("accounts/sessions/usecases/sign_in.py", "import sqlalchemy"),
    "contracts-without-io": ("contracts/booking.py", "import requests"),
}


def lint(package_parent: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--config", RULES, "--no-logo", "--no-cache", *arguments],
        cwd=package_parent,
        env={**os.environ, "PYTHONPATH": str(package_parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("street")
    only_code = shutil.ignore_patterns("__pycache__", "static", "templates", "locales", "data")
    shutil.copytree(ROOT / "services", parent / "services", ignore=only_code)
    return parent


def test_every_rule_holds() -> None:
    finished = lint(ROOT)

    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("rule", CROSSINGS)
def test_a_crossed_rule_breaks(street: Path, rule: str) -> None:
    name, crossing = CROSSINGS[rule]
    file = street / "services" / name
    before = file.read_text()
    file.write_text(f"{before}\n{crossing}\n")

    finished = lint(street, "--contract", rule)

    file.write_text(before)
    assert finished.returncode == 1
    assert "BROKEN" in finished.stdout


def test_every_rule_is_shown_to_break() -> None:
    text = RULES.read_text()
    assert {line.split('"')[1] for line in text.splitlines() if line.startswith("id = ")} == set(
        CROSSINGS
    )
