"""New keys for a system with people in it: they sign in and read on, before, between and after."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from services.accounts.seed import SeedPerson, SeedUnit, seed_accounts
from services.accounts.service import AccountsService
from services.accounts.units.domain import UnitKind
from services.apphost import KEEPERS, SERVICES
from services.chassis.access import Role
from services.chassis.auth import TokenVerifier
from services.chassis.keyring import KeyRing
from services.chassis.servicetokens import parse_service_keys
from services.chassis.vault import PersonVault
from services.cli import rotate_keys
from services.cli.errors import CommandFailed
from services.cli.local.environment import make_keyring, service_keys
from services.cli.local.secretfile import SecretFile
from tests.support.apps import SERVICE_KEYS, App, running
from tests.support.databases import Databases

PASSWORD = "a long enough password"
SESSIONS = "/api/accounts/v1/sessions"
PERSON = SeedPerson(
    id=uuid4(), login="li.na", name="李娜", unit="wh", roles=frozenset({Role.CITY_ADMIN})
)
OLD_RING = '{"active": "k1", "keys": {"k1": "b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb28="}}'


class System:
    """Accounts on a real database, with its secrets in a folder."""

    def __init__(self, postgres: Databases, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._postgres, self._monkeypatch = folder, postgres, monkeypatch
        self.url = postgres.database("accounts")
        secrets = SecretFile(folder / "secrets.env")
        secrets.get("ACCOUNTS_KEYRING", lambda: OLD_RING)
        for name in SERVICES:
            secrets.get(f"{name.upper()}_KEYRING", make_keyring)
        service_keys(secrets)
        monkeypatch.setenv("ACCOUNTS_DATABASE_URL", self.url)

    def ring(self, service: str = "accounts") -> dict[str, Any]:
        text = SecretFile(self.folder / "secrets.env").find(f"{service.upper()}_KEYRING")
        return dict(json.loads(text or ""))

    def command(self, *words: str) -> int:
        """With the ring as it is now, as after a restart."""
        self._monkeypatch.setenv("ACCOUNTS_KEYRING", json.dumps(self.ring()))
        parser = argparse.ArgumentParser()
        rotate_keys.add_arguments(parser)
        given = [*words, "--service", "accounts", "--secrets", str(self.folder)]
        return rotate_keys.run(parser.parse_args(given))

    @contextmanager
    def running(self) -> Iterator[App]:
        """Accounts as it starts with the secrets of this moment."""
        with running(
            self._postgres,
            [AccountsService],
            ACCOUNTS_ARGON2="7168,1,1",
            ACCOUNTS_DATABASE_URL=self.url,
            ACCOUNTS_KEYRING=json.dumps(self.ring()),
        ) as app:
            runtime = app.runtime("accounts")
            runtime.tokens = TokenVerifier(f"{app.urls['accounts']}/api/accounts/v1/jwks.json")
            yield app

    def signs_in(self) -> bool:
        with self.running() as app:
            answer = app.anybody().post(SESSIONS, {"login": "li.na", "password": PASSWORD})
            return answer.status_code == 201 and answer.json()["person"]["name"] == "李娜"


@pytest.fixture
def system(postgres: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    made = System(postgres, tmp_path, monkeypatch)
    with made.running() as app:
        units = (SeedUnit("wh", "惠心市总工会", "city", UnitKind.CITY_FEDERATION),)
        seed_accounts(app.runtime("accounts"), units, (PERSON,), password=PASSWORD)
    return made


def test_an_old_ring_changes_its_key_and_people_sign_in_at_every_step(system: System) -> None:
    assert system.signs_in()

    assert system.command("add") == 0
    assert system.ring()["active"] == "k1"
    assert system.signs_in()
    assert system.command("activate") == 0
    assert system.signs_in()
    with pytest.raises(CommandFailed, match="accounts still needs k1"):
        system.command("drop")
    assert system.command("rewrap") == 0
    lapse_answers(system)
    assert system.command("drop") == 0

    assert "k1" not in system.ring()["keys"]
    assert system.signs_in()


def lapse_answers(system: System) -> None:
    engine = create_engine(system.url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM idempotency"))
    engine.dispose()


def test_a_signing_key_that_the_ring_itself_sealed_is_sealed_anew(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    seal_signing_keys_by_the_ring(system)
    system.command("add")
    system.command("activate")
    system.command("status")
    assert "1 older rows" in capsys.readouterr().out

    system.command("rewrap")

    system.command("status")
    said = capsys.readouterr().out
    assert "1 older rows sealed anew" in said
    assert "needed by nothing" in said
    system.command("drop")
    assert system.signs_in()


def seal_signing_keys_by_the_ring(system: System) -> None:
    """As a version before the service's own data key did."""
    ring, engine = KeyRing.from_settings(system.ring()), create_engine(system.url)
    with engine.begin() as connection:
        vault = PersonVault(connection, ring)
        for row in connection.execute(text("SELECT kid, private FROM signing_keys")).all():
            context = f"signing-key:{row.kid}"
            plain = vault.open(None, bytes(row.private), context)
            connection.execute(
                text("UPDATE signing_keys SET private = :sealed WHERE kid = :kid"),
                {"sealed": ring.seal(plain, context), "kid": row.kid},
            )
    engine.dispose()


def test_steps_out_of_order_are_refused_in_words(system: System) -> None:
    with pytest.raises(CommandFailed, match="No key waits"):
        system.command("activate")
    system.command("add")
    with pytest.raises(CommandFailed, match="waits already"):
        system.command("add")
    with pytest.raises(CommandFailed, match="is active"):
        system.command("drop", "--key", "k1", "--even-so")


def test_a_key_that_is_used_and_lacks_in_the_ring_is_said(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in ("add", "activate"):
        system.command(step)
    system.command("drop", "--even-so")

    assert system.command("status") == 1
    assert "MISSING IN THE RING" in capsys.readouterr().out
    assert system.command("rewrap") == 1


def test_a_leaked_signing_key_is_believed_no_more(system: System) -> None:
    with system.running() as app:
        body = {"login": "li.na", "password": PASSWORD}
        token = app.anybody().post(SESSIONS, body).json()["access_token"]
        own = {"headers": {"Authorization": f"Bearer {token}"}}
        assert app.anybody().get("/api/accounts/v1/units", **own).status_code == 200
        for name, value in environment_of(app).items():
            system._monkeypatch.setenv(name, value)

        system.command("signing-key", "--leaked")

        runtime = app.runtime("accounts")
        runtime.tokens = TokenVerifier(f"{app.urls['accounts']}/api/accounts/v1/jwks.json")
        assert app.anybody().get("/api/accounts/v1/units", **own).status_code == 401
        assert app.anybody().post(SESSIONS, body).status_code == 201


def environment_of(app: App) -> dict[str, str]:
    port = app.urls["accounts"].rsplit(":", 1)[1]
    jwks = f"{app.urls['accounts']}/api/accounts/v1/jwks.json"
    return {
        "ACCOUNTS_PORT": port,
        "HUIXIN_AMQP_URL": "memory://",
        "HUIXIN_JWKS_URL": jwks,
        **SERVICE_KEYS,
    }


def test_a_services_key_changes_while_both_are_believed(system: System) -> None:
    def believed() -> tuple[int, str]:
        secrets = SecretFile(system.folder / "secrets.env")
        keys = service_keys(secrets)
        public = parse_service_keys(keys["HUIXIN_SERVICE_KEYS"])
        assert set(public) == set(KEEPERS)
        return len(public["accounts"]), keys["ACCOUNTS_SERVICE_KEY"]

    _, first = believed()
    system.command("add", "--service-keys")
    assert believed() == (2, first)
    system.command("activate", "--service-keys")
    both, second = believed()
    assert (both, second != first) == (2, True)
    system.command("drop", "--service-keys")
    assert believed() == (1, second)


def test_files_that_containers_read_are_written_with_it(system: System) -> None:
    path = system.folder / "accounts_keyring"
    path.write_text("old\n")
    path.chmod(0o444)

    system.command("add")

    assert json.loads(path.read_text()) == system.ring()
    assert path.stat().st_mode & 0o777 == 0o444
