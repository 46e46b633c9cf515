"""A planted secret is found, in files and in what commits once added; an explained one is not."""

import subprocess
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.secretscan.known import KNOWN, Known, read_known
from services.cli.secretscan.sources import added_in_history, tracked_files

detecting = pytest.importorskip("services.cli.secretscan.detecting")
PLANTED = "AKIA" + "IOSFODNN7KQZXVBW"


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit with the secret, and one that takes it away."""
    git(tmp_path, "init")
    (tmp_path / "settings.py").write_text(f'plain = 1\nkey = "{PLANTED}"\n')
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "with")
    return tmp_path


def kinds(source: object, folder: Path) -> list[tuple[str, int, str]]:
    return [
        (each.path, each.line, each.kind)
        for path, lines in source(folder)
        for each in detecting.secrets_in(path, lines)
    ]


def test_a_planted_key_is_found_in_a_tracked_file(repository: Path) -> None:
    assert ("settings.py", 2, "AWS Access Key") in kinds(tracked_files, repository)


def test_a_key_that_was_taken_away_again_is_found_in_the_history(repository: Path) -> None:
    (repository / "settings.py").write_text("plain = 1\n")
    git(repository, "commit", "-am", "without")

    assert kinds(tracked_files, repository) == []
    assert ("settings.py", 2, "AWS Access Key") in kinds(added_in_history, repository)


def test_what_is_explained_is_left_out_and_nothing_else(repository: Path, tmp_path: Path) -> None:
    found = list(detecting.secrets_in("settings.py", [(1, f'key = "{PLANTED}"')]))
    listed = tmp_path / "known.toml"
    listed.write_text(
        f'[[known]]\npath = "settings.py"\nhash = "{found[0].hash[:12]}"\nreason = "an example"\n'
    )

    assert read_known(listed).explains(found[0])
    assert not Known(()).explains(found[0])


def test_nothing_is_explained_without_a_reason(tmp_path: Path) -> None:
    listed = tmp_path / "known.toml"
    listed.write_text('[[known]]\npath = "*"\nkind = "AWS Access Key"\n')

    with pytest.raises(CommandFailed):
        read_known(listed)
    assert read_known(KNOWN).explanations


def test_a_folder_without_commits_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed):
        list(tracked_files(tmp_path))
