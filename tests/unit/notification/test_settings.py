"""Settings: all that is missing is said at once, and nothing in them gives the service away."""

import base64
import json

import pytest

from services.chassis.settings import SettingsError
from services.notification.settings import NotificationSettings

KEY = base64.b64encode(b"k" * 32).decode()
ENOUGH = {
    "HUIXIN_AMQP_URL": "memory://",
    "NOTIFICATION_PORT": "8103",
    "NOTIFICATION_DATABASE_URL": "postgresql+psycopg2://db/notification",
    "HUIXIN_JWKS_URL": "http://127.0.0.1/jwks.json",
    "HUIXIN_SERVICE_KEYS": "",
    "NOTIFICATION_SERVICE_KEY": KEY,
    "HUIXIN_KEYRING": json.dumps({"active": "k1", "keys": {"k1": KEY}}),
}
MAIL = {
    "NOTIFICATION_SMTP_URL": "smtps://u:secret@mail.city.cn",
    "NOTIFICATION_MAIL_FROM": "惠心 <no-reply@city.cn>",
    "NOTIFICATION_PUBLIC_URL": "https://huixin.city.cn",
    "NOTIFICATION_FALLBACK_CONTACTS": "a@city.cn, b@city.cn",
}


def load(**environ):
    return NotificationSettings.load("notification", {**ENOUGH, **environ})


def test_a_city_must_name_its_mail_server_and_fallback_contact():
    with pytest.raises(SettingsError) as refused:
        load()

    assert all(name in str(refused.value) for name in MAIL)


def test_the_embedded_mode_may_do_without():
    settings = load(HUIXIN_EMBEDDED="true")

    assert settings.smtp is None and settings.paging.fallbacks == 0


def test_settings_hide_their_secrets():
    settings = load(**MAIL)

    assert settings.paging.fallbacks == 2
    assert "secret" not in repr(settings) and "a@city.cn" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOTIFICATION_MAIL_FROM", "心理援助中心 <no-reply@city.cn>"),
        ("NOTIFICATION_MAIL_FROM", "惠心 <counselling@city.cn>"),
        ("NOTIFICATION_PUBLIC_URL", "https://psychology.city.cn"),
        ("NOTIFICATION_PUBLIC_URL", "huixin.city.cn"),
        ("NOTIFICATION_FALLBACK_CONTACTS", "+8613800000000"),
        ("NOTIFICATION_SMTP_URL", "smtp://u:p@mail.cn?starttls=off"),
        ("NOTIFICATION_PAGE_SECONDS", "40"),
        ("NOTIFICATION_PAGE_WINDOW_SECONDS", "60"),
    ],
)
def test_a_setting_that_reveals_or_is_wrong_is_refused(name, value):
    with pytest.raises(SettingsError, match=name):
        load(**{**MAIL, name: value})
