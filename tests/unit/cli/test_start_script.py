"""`./huixin` itself: it lists its commands without any environment, and refuses what is unknown."""

import os
import subprocess
from importlib import import_module
from pathlib import Path

from services.cli.__main__ import COMMANDS

ROOT = Path(__file__).parents[3]


def huixin(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "huixin", *words],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_alone_it_lists_the_commands_in_plain_words(tmp_path: Path) -> None:
    said = huixin(HUIXIN_VENV=str(tmp_path / "none"))

    assert said.returncode == 0
    assert all(f"  {name}" in said.stdout for name in COMMANDS)
    assert not (tmp_path / "none").exists()


def test_without_a_python_that_fits_it_says_what_it_needs(tmp_path: Path) -> None:
    said = huixin("demo", HUIXIN_VENV=str(tmp_path / "none"), HUIXIN_PYTHON="no-such-python")

    assert said.returncode == 1
    assert "Python 3.11, 3.12 or 3.13" in said.stderr


def test_every_command_has_a_file_with_the_same_two_functions() -> None:
    for name in COMMANDS:
        command = import_module(f"services.cli.{name.replace('-', '_')}")
        assert callable(command.add_arguments)
        assert callable(command.run)
        assert command.__doc__


def test_locks_name_no_registry() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        assert "index-url" not in text
        assert "--hash=sha256:" in text
