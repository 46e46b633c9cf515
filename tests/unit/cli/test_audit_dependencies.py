"""What is unpinned, under an unknown licence or known to be vulnerable is said, each by name."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from services.cli import audit_dependencies
from services.cli.dependencies.advisories import known_vulnerabilities
from services.cli.dependencies.licences import wrong_licences
from services.cli.dependencies.lock import Pin, read_lock
from services.cli.dependencies.service import ServiceAway
from services.cli.errors import CommandFailed
from services.cli.steps import ROOT

RECORD = {
    "id": "OSV-1",
    "summary": "it breaks",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Some_Package"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "1.0"}, {"fixed": "1.4.2"}]}
            ],
        }
    ],
}


@pytest.mark.parametrize("name", audit_dependencies.LOCKS)
def test_every_dependency_of_this_project_is_pinned_by_hash_and_well_licensed(name: str) -> None:
    pins = read_lock(ROOT / name)

    assert len(pins) > 20
    assert [pin for pin in pins if not pin.whole] == []
    assert wrong_licences(pins) == []


def test_what_is_not_pinned_whole_is_seen(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text(
        "# why\none==1.0 \\\n    --hash=sha256:aa\ntwo==2.0\nthree>=3 \\\n  --hash=sha256:aa\n"
    )

    assert [pin.name for pin in read_lock(lock) if not pin.whole] == ["two", "three"]


def test_a_licence_that_is_not_listed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cli.dependencies.licences.stated", lambda _found: "AGPL-3.0-only")

    assert wrong_licences([Pin("pytest", "1", 1)]) == [
        "pytest 1: licence AGPL-3.0-only is not listed"
    ]


@pytest.mark.parametrize(
    ("version", "hit"), [("0.9", False), ("1.0", True), ("1.4.1", True), ("1.4.2", False)]
)
def test_a_record_names_the_versions_it_is_about(tmp_path: Path, version: str, hit: bool) -> None:
    (tmp_path / "OSV-1.json").write_text(json.dumps(RECORD))

    found = known_vulnerabilities([Pin("some-package", version, 1)], tmp_path)

    assert found == ([f"some-package {version}: OSV-1: it breaks"] if hit else [])


def test_without_records_nobody_is_told_that_all_is_well(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed):
        known_vulnerabilities([], tmp_path)


def run(lock: Path, **options: Any) -> int:
    given = {"advisories": None, "service": "pypi", "locks": [lock], **options}
    return audit_dependencies.run(argparse.Namespace(**given))


def test_the_exit_code_says_whether_anybody_could_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "a.lock"
    lock.write_text("some-package==1.1 --hash=sha256:aa\n")
    (tmp_path / "osv").mkdir()
    (tmp_path / "osv" / "OSV-1.json").write_text(json.dumps(RECORD))

    def away(_lock: Path, _service: str) -> list[str]:
        raise ServiceAway("no network")

    monkeypatch.setattr(audit_dependencies, "ask_service", away)

    assert run(lock) == audit_dependencies.UNASKED
    assert "NOT looked up: no network" in capsys.readouterr().out
    assert run(lock, advisories=tmp_path / "osv") == audit_dependencies.FOUND
    monkeypatch.setattr(audit_dependencies, "ask_service", lambda _lock, _service: [])
    assert run(lock) == 0
