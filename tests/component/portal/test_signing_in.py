import eventlet
import requests

from tests.component.portal.browser import Browser
from tests.component.portal.city import City
from tests.component.portal.conftest import a_session, signed_in


def test_a_good_password_opens_the_home_page(browser: Browser, city: City) -> None:
    city.answer("POST /accounts/sessions", a_session("worker"), 201)
    browser.get("/sign-in")

    page = browser.send("/sign-in", login="worker1", password="secret")

    assert page.status_code == 200
    assert "李师傅" in page.text
    assert city.requests("POST /accounts/sessions")[0].json == {
        "login": "worker1",
        "password": "secret",
    }


def test_a_wrong_password_comes_back_to_the_form_without_the_password(
    browser: Browser, city: City
) -> None:
    city.answer("POST /accounts/sessions", {"status": 401, "code": "wrong-login"}, 401)
    browser.get("/sign-in")

    page = browser.send("/sign-in", login="worker1", password="guess-me")

    assert page.status_code == 401
    assert "账号或密码不对" in page.text
    assert 'value="worker1"' in page.text
    assert "guess-me" not in page.text


def test_the_page_that_asked_for_it_is_opened_after_signing_in(
    browser: Browser, city: City
) -> None:
    city.answer("POST /accounts/sessions", a_session("worker"), 201)
    browser.get("/appointments")

    page = browser.send("/sign-in", login="worker1", password="secret")

    assert page.url.endswith("/appointments")


def test_nobody_is_sent_to_another_site(browser: Browser, city: City) -> None:
    city.answer("POST /accounts/sessions", a_session("worker"), 201)
    browser.get("/sign-in?next=//evil.example/x")

    page = browser.send("/sign-in", login="worker1", password="secret")

    assert page.url == f"{browser.base}/"


def test_the_cookie_is_closed_to_scripts_and_says_nothing(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")

    cookie = next(each for each in browser.session.cookies if each.name == "huixin")

    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"
    assert not cookie.secure, "plain http on loopback"
    assert "token-1" not in (cookie.value or "")


def test_away_from_loopback_the_cookie_is_secure_and_host_bound(portal: str, city: City) -> None:
    page = requests.get(f"{portal}/sign-in", headers={"Host": "portal.example"}, timeout=10)

    assert "__Host-huixin=" in page.headers["Set-Cookie"]
    assert "Secure" in page.headers["Set-Cookie"]
    assert "这个地址没有加密" in page.text


def test_a_changed_cookie_is_nobody(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")
    value = browser.session.cookies.get("huixin", path="/") or ""
    browser.session.cookies.clear()
    browser.session.cookies.set("huixin", value[:-3] + ("AAA" if value[-3:] != "AAA" else "BBB"))

    page = browser.get("/appointments")

    assert "/sign-in" in page.url


def test_tokens_are_renewed_before_they_end(browser: Browser, city: City) -> None:
    city.answer("POST /accounts/sessions/refresh", a_session("worker", token="token-2"), 201)
    signed_in(browser, city, "worker", seconds=30)

    browser.get("/appointments")

    assert city.requests("POST /accounts/sessions/refresh")[0].json == {
        "refresh_token": "refresh-of-token-1"
    }
    asked = city.requests("GET /booking/appointments")[-1]
    assert asked.headers["Authorization"] == "Bearer token-2"


def test_a_session_that_accounts_ended_asks_to_sign_in_again(browser: Browser, city: City) -> None:
    city.answer("POST /accounts/sessions/refresh", {"code": "session-over"}, 401)

    signed_in(browser, city, "worker", token="token-3", seconds=61)
    eventlet.sleep(1.1)

    page = browser.get("/appointments")

    assert "/sign-in" in page.url
    assert "登录已过期" in page.text


def test_the_first_page_of_a_session_that_accounts_ended_says_so(
    browser: Browser, city: City
) -> None:
    city.answer("POST /accounts/sessions/refresh", {"code": "session-over"}, 401)

    page = signed_in(browser, city, "worker", seconds=30, token="token-4").page

    assert page is not None
    assert page.url == f"{browser.base}/"
    assert "登录已过期" in page.text
    assert "李师傅" not in page.text


def test_the_first_page_opens_while_accounts_is_away_and_nobody_is_signed_out(
    browser: Browser, city: City
) -> None:
    city.answer("POST /accounts/sessions/refresh", {"code": "unavailable"}, 503)
    page = signed_in(browser, city, "worker", seconds=-5, token="token-5").page
    assert page is not None
    assert page.status_code == 200
    assert "李师傅" not in page.text

    city.answer("POST /accounts/sessions/refresh", a_session("worker", token="token-6"), 201)

    assert "李师傅" in browser.get("/").text


def test_signing_out_ends_the_session_and_forgets_the_person(browser: Browser, city: City) -> None:
    city.answer("DELETE /accounts/sessions/current", None, 204)
    signed_in(browser, city, "worker")
    browser.get("/privacy")

    page = browser.send("/sign-out")

    assert "你已退出登录" in page.text
    assert city.requests("DELETE /accounts/sessions/current")
    assert "/sign-in" in browser.get("/appointments").url


def test_signing_out_works_with_accounts_away(browser: Browser, city: City) -> None:
    signed_in(browser, city, "worker")
    city.down.add("accounts")
    browser.get("/privacy")

    browser.send("/sign-out")

    assert "/sign-in" in browser.get("/appointments").url
