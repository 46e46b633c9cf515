"""No secret has a default: a service without one says which it misses, and does not start."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.accounts.seed import NotForRealSystems, seed_accounts
from services.apphost import SERVICES
from services.chassis.servicetokens import make_service_key, public_part
from services.chassis.settings import SettingsError
from services.cli.local.environment import common_settings, make_keyring, settings_of
from services.cli.local.secretfile import SecretFile

PORTS = {each.name: each.port for each in SERVICES.values()}
SECRET_WORDS = ("KEYRING", "SERVICE_KEY", "DATABASE_URL", "AMQP_URL")


def secrets_of(service: str) -> list[str]:
    """What a service cannot start without, by the names of its variables."""
    if service == "portal":
        return ["PORTAL_KEYRING"]
    return [f"{service.upper()}_{word}" for word in SECRET_WORDS]


def complete(service: str) -> dict[str, str]:
    key = make_service_key()
    return {
        f"{service.upper()}_PORT": "8000",
        "HUIXIN_JWKS_URL": "http://accounts/jwks.json",
        "HUIXIN_SERVICE_KEYS": f"{service}={public_part(key)}",
        f"{service.upper()}_KEYRING": make_keyring(),
        f"{service.upper()}_SERVICE_KEY": key,
        f"{service.upper()}_DATABASE_URL": f"postgresql+psycopg2://{service}:p@db/{service}",
        f"{service.upper()}_AMQP_URL": f"amqp://{service}:p@broker//",
        "HUIXIN_EMBEDDED": "true",
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_secret_of_a_service_is_named_when_it_is_missing(service: str) -> None:
    settings, given = SERVICES[service].load().settings, complete(service)
    settings.load(service, given)

    for missing in secrets_of(service):
        rest = {name: value for name, value in given.items() if name != missing}
        with pytest.raises(SettingsError, match=missing):
            settings.load(service, rest)


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_in_the_representation_of_settings(service: str) -> None:
    given = complete(service)
    shown = repr(SERVICES[service].load().settings.load(service, given))

    for name in secrets_of(service):
        secret = given[name]
        assert secret not in shown, name
    assert ":p@" not in shown
    assert str(json.loads(given[f"{service.upper()}_KEYRING"])["keys"]["k1"]) not in shown


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sees_no_secret_of_another(tmp_path: Path, service: str) -> None:
    settings = common_settings(SecretFile(tmp_path / "secrets.env"), PORTS)

    seen = settings_of(service, settings)

    others = [name for name in settings if re.match(r"[A-Z]+_(KEYRING|SERVICE_KEY)$", name)]
    assert [name for name in others if name in seen] == [
        name for name in others if name.startswith(service.upper())
    ]
    mine = {value for name, value in seen.items() if name in others}
    assert not mine & {settings[name] for name in others if name not in seen}


def test_the_portal_is_given_nothing_to_call_services_with(tmp_path: Path) -> None:
    settings = common_settings(SecretFile(tmp_path / "secrets.env"), PORTS)

    assert "PORTAL_SERVICE_KEY" not in settings
    assert "portal" not in settings["HUIXIN_SERVICE_KEYS"]
    assert SERVICES["portal"].load().settings.load("portal", settings).service_key is None


def test_accounts_with_a_known_password_are_refused_in_a_real_system() -> None:
    real: Any = SimpleNamespace(settings=SimpleNamespace(embedded=False))

    with pytest.raises(NotForRealSystems):
        seed_accounts(real, [], [], password="everybody knows it")
