"""The first administrator of an empty system."""

import argparse
import json

import pytest

from services.cli import first_admin
from services.cli.errors import CommandFailed
from tests.support.apps import KEYRING, SERVICE_KEYS
from tests.support.databases import Databases


@pytest.fixture
def an_empty_system(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "ACCOUNTS_DATABASE_URL": postgres.database("accounts"),
        "ACCOUNTS_PORT": "8105",
        "ACCOUNTS_KEYRING": json.dumps(KEYRING),
        "HUIXIN_AMQP_URL": "memory://",
        "HUIXIN_JWKS_URL": "http://127.0.0.1:8105/api/accounts/v1/jwks.json",
        **SERVICE_KEYS,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def command() -> int:
    parser = argparse.ArgumentParser()
    first_admin.add_arguments(parser)
    words = ["--login", "li.na", "--name", "李娜", "--city", "wh", "--city-name", "惠心市总工会"]
    return first_admin.run(parser.parse_args(words))


def test_the_first_administrator_gets_a_code_once(
    an_empty_system: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command() == 0
    assert "李娜 (li.na) chooses a password with the code" in capsys.readouterr().out

    with pytest.raises(CommandFailed, match="has this login already"):
        command()
