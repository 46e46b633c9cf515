"""The present code keeps what the last release promised, and releases only ever follow."""

import json
from pathlib import Path

import pytest

from services.cli.contracting import promises, released
from services.cli.contracting.promises import broken_promises
from services.cli.contracting.released import last_release, release, releases
from services.cli.errors import CommandFailed


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "generated"
    for kind in released.KINDS:
        (folder / kind).mkdir(parents=True)
        (folder / kind / "toy.json").write_text("{}")
    return folder


def test_no_promise_of_the_last_release_is_broken() -> None:
    assert [str(each) for each in broken_promises()] == []


def test_a_broken_promise_is_found_in_the_code_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = last_release()
    assert made is not None
    events, routes = tmp_path / "2.0.0/schemas", tmp_path / "2.0.0/openapi"
    events.mkdir(parents=True)
    routes.mkdir()
    schema = json.loads(json.dumps(made.events["booking.offer-made.v1"]))
    schema["$defs"]["OfferMadeV1"]["properties"]["gift"] = {"type": "string"}
    (events / "booking.offer-made.v1.json").write_text(json.dumps(schema))
    monkeypatch.setattr(promises, "last_release", lambda: last_release(tmp_path))

    (broken,) = broken_promises()

    assert (broken.field, broken.rule) == ("data.gift", "field-removed")
    assert str(broken).startswith("booking.offer-made.v1 data.gift: field-removed")


def test_releases_are_kept_in_order_and_never_written_again(
    documents: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "released"
    for version in ("1.0.0", "1.9.0", "1.10.0"):
        release(version, documents, folder)

    assert [each.version for each in releases(folder)] == ["1.0.0", "1.9.0", "1.10.0"]
    assert set(releases(folder)[0].events) == {"toy"}
    assert "booking" in releases(folder)[0].migrations
    for late in ("1.10.0", "1.9.5", "next"):
        with pytest.raises(CommandFailed):
            release(late, documents, folder)
