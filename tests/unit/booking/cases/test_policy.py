"""The crisis policy is data that somebody has signed."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.booking.cases.policy import DEFAULT_POLICY, PolicyNotUsable, load_crisis_policy
from services.booking.cases.sign import main as sign


def a_policy_file(folder: Path, **changed: Any) -> Path:
    document = {**json.loads(DEFAULT_POLICY.read_text()), **changed}
    path = folder / "crisis.json"
    path.write_text(json.dumps(document))
    return path


def test_unsigned_it_serves_the_embedded_mode_only() -> None:
    assert load_crisis_policy(embedded=True).signed_by is None

    with pytest.raises(PolicyNotUsable, match="nobody has signed"):
        load_crisis_policy(embedded=False)


def test_signed_it_serves_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "signed.json"

    assert sign(["--name", "Dr. Lin", "--on", "2025-06-01", str(path)]) == 0

    signature = load_crisis_policy(path, embedded=False).signed_by
    assert signature is not None
    assert (signature.name, signature.role, signature.on) == (
        "Dr. Lin",
        "clinical-lead",
        "2025-06-01",
    )


def test_changed_after_signing_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signed.json"
    sign(["--name", "Dr. Lin", "--on", "2025-06-01", str(path)])
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "plan": {"hours": 240}}))

    with pytest.raises(PolicyNotUsable, match="not what Dr"):
        load_crisis_policy(path, embedded=False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact": {"minutes": 120}},
        {"speling": 1},
        {"paging": {"minutes": [0, 30, 15], "watch_seconds": 30, "watch_longest_seconds": 300}},
        {"paging": {"minutes": [5, 15], "watch_seconds": 30, "watch_longest_seconds": 300}},
        {"plan": {"hours": 0}},
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(PolicyNotUsable):
        load_crisis_policy(a_policy_file(tmp_path, **wrong), embedded=True)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyNotUsable):
        load_crisis_policy(tmp_path / "none.json", embedded=True)
