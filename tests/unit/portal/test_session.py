import base64
import threading
from typing import Any

import pytest

from services.chassis.keyring import KeyRing
from services.portal.client.refusals import ServiceDown
from services.portal.web.cookies import on_loopback, secure_for, session_cookie_name
from services.portal.web.csrf import comes_from_our_page
from services.portal.web.renewal import KEPT_SECONDS, Renewals
from services.portal.web.session import SignedIn, Visitor, open_visitor, seal_visitor
from services.portal.web.visit import local_path


def a_keyring(active: str = "k1", **keys: bytes) -> KeyRing:
    return KeyRing(active, keys or {"k1": b"1" * 32})


def a_person(**changes: Any) -> SignedIn:
    given = {
        "access_token": "access",
        "access_until": 1000.0,
        "refresh_token": "refresh",
        "person": "p",
        "name": "李师傅",
        "roles": ("worker",),
        "unit": "wh/hc",
    }
    return SignedIn(**{**given, **changes})


def test_the_cookie_comes_back_as_it_was() -> None:
    visitor = Visitor(flash="signin.bye", signed_in=a_person())

    assert open_visitor(seal_visitor(visitor, a_keyring()), a_keyring()) == visitor


def test_the_cookie_fits_a_browser_with_long_tokens() -> None:
    visitor = Visitor(signed_in=a_person(access_token="x" * 1500, refresh_token="y" * 200))

    assert len(seal_visitor(visitor, a_keyring())) < 4000


@pytest.mark.parametrize("cookie", ["", "x", "!!!", "AAAA", "A" * 400, "中文"])
def test_what_is_no_cookie_of_ours_is_nobody(cookie: str) -> None:
    assert open_visitor(cookie, a_keyring()) is None


def test_every_changed_byte_makes_it_nobody() -> None:
    sealed = base64.urlsafe_b64decode(seal_visitor(Visitor(), a_keyring()) + "==")

    for at in range(len(sealed)):
        changed = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
        cookie = base64.urlsafe_b64encode(changed).decode().rstrip("=")
        assert open_visitor(cookie, a_keyring()) is None


def test_old_cookies_stay_good_while_their_key_is_on_the_ring() -> None:
    old = seal_visitor(Visitor(csrf="c"), a_keyring())

    rotated = a_keyring("k2", k1=b"1" * 32, k2=b"2" * 32)

    assert open_visitor(old, rotated) == Visitor(csrf="c")
    assert open_visitor(old, a_keyring("k2", k2=b"2" * 32)) is None


def test_signing_in_changes_the_form_secret() -> None:
    before = Visitor()

    assert before.become(a_person()).csrf != before.csrf


def test_a_token_is_renewed_a_minute_before_its_end() -> None:
    person = a_person(access_until=1000.0)

    assert not person.needs_renewal(939.0)
    assert person.needs_renewal(941.0)


@pytest.mark.parametrize(
    ("form", "site", "taken"),
    [
        ({"csrf": "secret"}, None, True),
        ({"csrf": "secret"}, "same-origin", True),
        ({"csrf": "secret"}, "cross-site", False),
        ({"csrf": "secret"}, "same-site", False),
        ({"csrf": "guess"}, "same-origin", False),
        ({"csrf": "sécret"}, "same-origin", False),
        ({}, "same-origin", False),
    ],
)
def test_forms_are_taken_from_our_own_pages_only(
    form: dict[str, str], site: str | None, taken: bool
) -> None:
    assert comes_from_our_page(Visitor(csrf="secret"), form, site) is taken


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:8100", True),
        ("localhost", True),
        ("huixin.localhost:8100", True),
        ("[::1]:8100", True),
        ("192.168.1.5:8100", False),
        ("portal.example", False),
        ("127.0.0.1.example", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_only_this_machine_goes_without_a_secure_cookie(host: str, local: bool) -> None:
    assert on_loopback(host) is local
    assert secure_for(host, https=False) is not local
    assert secure_for(host, https=True)


def test_a_secure_cookie_is_bound_to_its_host() -> None:
    assert session_cookie_name(secure=True).startswith("__Host-")


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ("/appointments?x=1", "/appointments?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_to_another_site(wish: str, path: str) -> None:
    assert local_path(wish) == path


def test_pages_that_ask_at_the_same_moment_get_one_renewal() -> None:
    renewals, calls, go = Renewals(), [], threading.Event()

    def renew(person: SignedIn) -> SignedIn:
        go.wait(5)
        calls.append(person)
        return a_person(access_token=f"new-{len(calls)}")

    found: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(renewals.renew(a_person(), renew).access_token)
        )
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join(5)

    assert found == ["new-1"] * 5
    assert len(calls) == 1


def test_a_renewal_that_failed_is_tried_again() -> None:
    renewals, answers = Renewals(), [ServiceDown("accounts"), a_person(access_token="new")]

    def renew(_person: SignedIn) -> SignedIn:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ServiceDown):
        renewals.renew(a_person(), renew)

    assert renewals.renew(a_person(), renew).access_token == "new"


def test_a_successor_is_remembered_only_as_long_as_accounts_gives_it_again() -> None:
    now = [0.0]
    renewals, calls = Renewals(clock=lambda: now[0]), []

    def renew(person: SignedIn) -> SignedIn:
        calls.append(person)
        return a_person(access_token="new")

    for moment in (0.0, KEPT_SECONDS - 1, KEPT_SECONDS + 1):
        now[0] = moment
        renewals.renew(a_person(), renew)

    assert len(calls) == 2
