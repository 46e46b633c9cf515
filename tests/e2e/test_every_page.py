"""Pages of every role, as a person finds them: they fit, can be pressed, and do not complain."""

from pathlib import Path

import pytest

from tests.e2e.browser import PHONE, Page
from tests.e2e.wire import a_wire

ROLES = {
    "worker1": ["/", "/scales", "/offer", "/slots", "/appointments", "/inbox", "/privacy"],
    "counsellor1": ["/", "/counselling", "/inbox"],
    "duty2": ["/", "/duty", "/inbox"],
    "city-admin": ["/", "/statistics", "/statistics?month=10"],
    "clinical-lead": ["/", "/duty", "/statistics", "/ops"],
    "district-admin1": ["/", "/statistics"],
    "unit-admin1": ["/"],
    "ops": ["/", "/ops", "/subscribers"],
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("login", ROLES)
def test_pages_fit_and_complain_of_nothing(page: Page, login: str, pictures: Path) -> None:
    page.sign_in(login)

    for path in ROLES[login]:
        page.open(path)
        if page.all("[data-chart]"):
            page.wait(lambda: page.has(".chart canvas"), f"charts of {path}")
        name = f"{login}-{path.strip('/').replace('/', '-') or 'home'}".replace("?", "-")
        page.keep_picture(pictures, name)

        assert not page.too_wide(), path
        assert page.size != PHONE or page.small_targets() == [], path
        assert page.has("#help-now"), path
        assert "暂时" not in page.text and "出了点问题" not in page.text, path
    assert page.complaints() == []


@pytest.mark.timeout(120)
def test_english_is_one_press_away(page: Page) -> None:
    page.open("/help")

    page.press(".language")

    page.wait_for("You do not have to carry this alone")
    assert page.path == "/help"
    assert page.find("html").get_attribute("lang") == "en"


@pytest.mark.timeout(120)
def test_without_a_network_every_page_is_the_help_card(page: Page, system: str) -> None:
    with a_wire(system) as wire:
        page.go_to(f"{wire.base}/help")
        ready = "return navigator.serviceWorker.ready.then(found => !!found.active)"
        page.wait(lambda: page.driver.execute_script(ready), "the service worker is there")
        page.go_to(f"{wire.base}/help")

        wire.cut()
        page.go_to(f"{wire.base}/scales")

        page.wait_for("现在没有网络")
        assert page.has("a[href='tel:12356']")
        assert page.has(".help-pill"), "with its styles"


@pytest.mark.timeout(120)
def test_the_officer_is_warned_when_the_page_goes_offline(page: Page, system: str) -> None:
    with a_wire(system) as wire:
        page.sign_in("duty2", wire.base)
        page.go_to(f"{wire.base}/duty")
        page.press("#sound")
        page.wait(lambda: "提示音已打开" in page.text, "the sound is on")
        assert not page.has("#sound-off")

        wire.cut()

        page.wait(lambda: page.has("#offline"), "the loud warning", seconds=30)
        page.wait(lambda: "OFFLINE" in page.driver.title, "the title")


@pytest.mark.timeout(120)
def test_the_keyboard_is_enough(page: Page, a_worker: str) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open("/sign-in")
    active = page.driver.switch_to.active_element
    active.send_keys(Keys.TAB)
    assert "跳到正文" in page.driver.switch_to.active_element.text

    page.find("[name=login]").send_keys(a_worker, Keys.TAB, "huixin-demo", Keys.ENTER)

    page.wait(lambda: page.path == "/", "signed in by keyboard")
