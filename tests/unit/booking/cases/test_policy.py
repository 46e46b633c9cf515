"""The crisis policy is data that somebody has signed."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.booking.cases.policy import DEFAULT_POLICY, PolicyNotUsable, load_crisis_policy


def a_policy_file(folder: Path, **changed: Any) -> Path:
    document = {**json.loads(DEFAULT_POLICY.read_text()), **changed}
    path = folder / "crisis.json"
    path.write_text(json.dumps(document))
    return path


def test_unsigned_it_serves_the_embedded_mode_only() -> None:
    assert not load_crisis_policy(embedded=True).signed

    with pytest.raises(PolicyNotUsable, match="not signed"):
        load_crisis_policy(embedded=False)


def test_signed_it_serves_everywhere(tmp_path: Path) -> None:
    path = a_policy_file(tmp_path, signed_by="Dr. Lin", signed_on="2025-06-01")

    assert load_crisis_policy(path, embedded=False).signed_by == "Dr. Lin"


@pytest.mark.parametrize("half", [{"signed_by": "Dr. Lin"}, {"signed_on": "2025-06-01"}])
def test_a_name_without_a_day_is_no_signature(tmp_path: Path, half: dict[str, str]) -> None:
    with pytest.raises(PolicyNotUsable):
        load_crisis_policy(a_policy_file(tmp_path, **half), embedded=False)


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
