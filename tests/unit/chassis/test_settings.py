"""Settings say all that is wrong at once, and secrets have no default."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from services.chassis.settings import ServiceSettings, SettingsError, setting

GOOD = {
    "HUIXIN_AMQP_URL": "amqp://broker",
    "BOOKING_PORT": "8101",
    "HUIXIN_JWKS_URL": "http://accounts/jwks",
    "HUIXIN_SERVICE_SECRET": "hush" * 8,
    "HUIXIN_KEYRING": '{"active": "k1", "keys": {"k1": "eA=="}}',
}


@dataclass(frozen=True, kw_only=True)
class OwnSettings(ServiceSettings):
    pages: int = setting("BOOKING_PAGES", default=3, parse=int)


def test_every_missing_or_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        OwnSettings.load("booking", {"BOOKING_PORT": "eighty", "BOOKING_PAGES": "many"})

    for name in (
        "BOOKING_AMQP_URL or HUIXIN_AMQP_URL",
        "BOOKING_PORT",
        "BOOKING_PAGES",
        "HUIXIN_JWKS_URL",
        "HUIXIN_SERVICE_SECRET",
        "HUIXIN_KEYRING",
    ):
        assert name in str(refusal.value)


def test_a_services_own_variable_goes_before_the_common_one() -> None:
    settings = OwnSettings.load("booking", {**GOOD, "BOOKING_AMQP_URL": "amqp://own"})

    assert settings.amqp_url == "amqp://own"
    assert settings.pages == 3


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from a file" * 4 + "\n")
    environ = {name: value for name, value in GOOD.items() if name != "HUIXIN_SERVICE_SECRET"}

    settings = OwnSettings.load("booking", {**environ, "HUIXIN_SERVICE_SECRET_FILE": str(path)})

    assert settings.service_secret == "from a file" * 4


def test_secrets_never_show_in_a_representation() -> None:
    settings = OwnSettings.load("booking", GOOD)

    assert "hush" not in repr(settings)
    assert "eA==" not in repr(settings)


def test_a_key_ring_whose_active_key_is_missing_is_refused() -> None:
    with pytest.raises(SettingsError, match="active key"):
        OwnSettings.load("booking", {**GOOD, "HUIXIN_KEYRING": '{"active": "k2", "keys": {}}'})


def test_a_secret_too_short_to_sign_with_is_refused() -> None:
    with pytest.raises(SettingsError, match="HUIXIN_SERVICE_SECRET: expected at least 32"):
        OwnSettings.load("booking", {**GOOD, "HUIXIN_SERVICE_SECRET": "short"})
