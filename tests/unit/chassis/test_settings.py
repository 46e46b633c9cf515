"""Settings say all that is wrong at once, and secrets have no default."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from services.chassis.servicetokens import make_service_key, public_part
from services.chassis.settings import ServiceSettings, SettingsError, setting

PRIVATE = make_service_key()
GOOD = {
    "HUIXIN_AMQP_URL": "amqp://broker",
    "BOOKING_PORT": "8101",
    "HUIXIN_JWKS_URL": "http://accounts/jwks",
    "BOOKING_SERVICE_KEY": PRIVATE,
    "HUIXIN_SERVICE_KEYS": f"booking={public_part(PRIVATE)}",
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
        "BOOKING_SERVICE_KEY",
        "HUIXIN_SERVICE_KEYS",
        "HUIXIN_KEYRING",
    ):
        assert name in str(refusal.value)


def test_a_services_own_variable_goes_before_the_common_one() -> None:
    settings = OwnSettings.load("booking", {**GOOD, "BOOKING_AMQP_URL": "amqp://own"})

    assert settings.amqp_url == "amqp://own"
    assert settings.pages == 3


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("amqp://from-a-file\n")
    environ = {name: value for name, value in GOOD.items() if name != "HUIXIN_AMQP_URL"}

    settings = OwnSettings.load("booking", {**environ, "HUIXIN_AMQP_URL_FILE": str(path)})

    assert settings.amqp_url == "amqp://from-a-file"


def test_secrets_never_show_in_a_representation() -> None:
    settings = OwnSettings.load("booking", {**GOOD, "BOOKING_AMQP_URL": "amqp://b:hush@broker"})

    assert "hush" not in repr(settings)
    assert "eA==" not in repr(settings)
    assert "service_key=" not in repr(settings)


def test_a_key_ring_whose_active_key_is_missing_is_refused() -> None:
    with pytest.raises(SettingsError, match="active key"):
        OwnSettings.load("booking", {**GOOD, "HUIXIN_KEYRING": '{"active": "k2", "keys": {}}'})


@pytest.mark.parametrize("name", ["BOOKING_SERVICE_KEY", "HUIXIN_SERVICE_KEYS"])
def test_a_service_key_of_a_wrong_length_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: "):
        OwnSettings.load("booking", {**GOOD, name: "booking=c2hvcnQ"})


def test_traces_are_off_until_a_collector_is_named() -> None:
    off = OwnSettings.load("booking", {**GOOD, "OTEL_EXPORTER_OTLP_ENDPOINT": ""})
    on = OwnSettings.load("booking", {**GOOD, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"})

    assert (off.trace_endpoint, on.trace_endpoint) == (None, "http://c:4318")
    assert on.traced_share == 1.0


@pytest.mark.parametrize(
    ("sampler", "share"),
    [("always_on", 1.0), ("always_off", 0.0), ("traceidratio", 0.25)],
)
def test_a_share_of_the_traces_is_asked_for_in_the_usual_words(sampler: str, share: float) -> None:
    for name in (sampler, f"parentbased_{sampler}"):
        environ = {**GOOD, "OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": "0.25"}

        assert OwnSettings.load("booking", environ).traced_share == share


def test_settings_of_traces_that_make_no_sense_are_named() -> None:
    wrong = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318",
        "OTEL_TRACES_SAMPLER": "sometimes",
        "OTEL_TRACES_SAMPLER_ARG": "7",
    }
    with pytest.raises(SettingsError) as refusal:
        OwnSettings.load("booking", {**GOOD, **wrong})

    assert all(name in str(refusal.value) for name in wrong)


def test_the_collectors_headers_are_decoded_and_never_shown() -> None:
    environ = {**GOOD, "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Basic%20Zm9v,X-City=wh"}
    settings = OwnSettings.load("booking", environ)

    assert settings.trace_headers == {"Authorization": "Basic Zm9v", "X-City": "wh"}
    assert "Zm9v" not in repr(settings)
