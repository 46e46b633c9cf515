"""Secrets and data folders."""

import stat
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.local.datafolder import held
from services.cli.local.secretfile import SecretFile


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    made = SecretFile(path).get("BOOKING_AMQP_PASSWORD")

    assert SecretFile(path).get("BOOKING_AMQP_PASSWORD") == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_commands_do_not_share_a_data_folder(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(CommandFailed, match="Another command"), held(tmp_path):
        pass


def test_a_data_folder_is_free_again_after_its_command(tmp_path: Path) -> None:
    with held(tmp_path):
        pass
    with held(tmp_path) as folder:
        assert folder == tmp_path
