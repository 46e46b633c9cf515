"""Chromium without a window, driven by Debian's own chromedriver: nothing is downloaded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--autoplay-policy=user-gesture-required",
)
PHONE = (390, 844)
DESKTOP = (1280, 900)
PATIENCE_SECONDS = 15
PASSWORD = "huixin-demo"


class Page:
    """A browser window, and what a person does with it."""

    def __init__(self, driver: webdriver.Chrome, base: str, size: tuple[int, int]) -> None:
        self.driver, self.base, self.size = driver, base.rstrip("/"), size

    def open(self, path: str) -> None:
        """Type an address of the portal."""
        self.go_to(self.base + path)

    def go_to(self, address: str) -> None:
        """Type any address."""
        self.driver.get(address)

    @property
    def path(self) -> str:
        """Where the browser is."""
        return urlsplit(self.driver.current_url).path

    @property
    def text(self) -> str:
        """What can be read."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def find(self, css: str) -> WebElement:
        """The first such element."""
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        """All of them."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def has(self, css: str) -> bool:
        """Is there one that can be seen?"""
        try:
            return self.find(css).is_displayed()
        except (NoSuchElementException, StaleElementReferenceException):
            return False

    def press(self, css: str) -> None:
        """Press it, as a finger would: what lies under something else cannot be pressed."""
        self._press(By.CSS_SELECTOR, css)

    def press_words(self, words: str) -> None:
        """Press the link or button with these words."""
        pressable = "self::a or self::button or self::summary"
        self._press(By.XPATH, f"//*[{pressable}][contains(normalize-space(), '{words}')]")

    def _press(self, how: str, what: str) -> None:
        """Once more where the page was just drawn anew."""
        for last in (False, True):
            try:
                element = self.driver.find_element(how, what)
                script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"
                self.driver.execute_script(script, element)
                element.click()
            except StaleElementReferenceException:
                if last:
                    raise
            else:
                return

    def write(self, name: str, words: str) -> None:
        """Fill a field."""
        field = self.find(f"[name={name}]")
        field.clear()
        field.send_keys(words)

    def wait(self, probe: Callable[[], Any], what: str = "", seconds: float = 0) -> Any:
        """Until it is so."""
        waiting = WebDriverWait(
            self.driver,
            seconds or PATIENCE_SECONDS,
            poll_frequency=0.1,
            ignored_exceptions=[StaleElementReferenceException],
        )
        return waiting.until(lambda _: probe(), what or f"at {self.driver.current_url}")

    def wait_for(self, words: str, seconds: float = 0) -> None:
        """Until these words can be read."""
        self.wait(lambda: words in self.text, f"«{words}» at {self.driver.current_url}", seconds)

    def sign_in(self, login: str, base: str = "") -> None:
        """As one of the demonstration's people."""
        self.go_to(f"{base or self.base}/sign-in")
        self.write("login", login)
        self.write("password", PASSWORD)
        self.press("form[action='/sign-in'] button")
        self.wait(lambda: self.path != "/sign-in", f"{login} signed in")

    def forget(self) -> None:
        """As if somebody else sat down."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.get_log("browser")

    def complaints(self) -> list[str]:
        """What the browser wrote into its console that is no page's intention."""
        expected = ("AudioContext", "status of 401", "status of 403", "status of 404", "net::ERR_")
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] == "SEVERE" and not any(word in entry["message"] for word in expected)
        ]

    def too_wide(self) -> bool:
        """Must one scroll sideways?"""
        return bool(
            self.driver.execute_script(
                "return document.documentElement.scrollWidth > window.innerWidth + 1"
            )
        )

    def small_targets(self) -> list[str]:
        """Buttons and links outside running text that a finger might miss (under 44 px)."""
        script = """
            return [...document.querySelectorAll('button, .button, .nav a, .help-pill, .answer')]
              .filter(e => e.offsetParent !== null)
              .map(e => [e, e.getBoundingClientRect()])
              .filter(([e, box]) => box.height < 43.5 || box.width < 43.5)
              .map(([e, box]) => `${e.textContent.trim()} ${box.width}x${box.height}`)"""
        found: list[str] = self.driver.execute_script(script)
        return found

    def keep_picture(self, folder: Path, name: str) -> None:
        """The whole page as a picture, for the eye of a person."""
        folder.mkdir(parents=True, exist_ok=True)
        width, height = self.size
        whole = self.driver.execute_script("return document.documentElement.scrollHeight")
        self._measure(width, max(height, int(whole)))
        self.driver.save_screenshot(str(folder / f"{name}-{width}.png"))
        self._measure(width, height)

    def _measure(self, width: int, height: int) -> None:
        metrics = {
            "width": width,
            "height": height,
            "deviceScaleFactor": 1,
            "mobile": width < 800,
        }
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@contextmanager
def a_browser(base: str, profile: Path, size: tuple[int, int]) -> Iterator[Page]:
    """A browser with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
    try:
        page = Page(driver, base, size)
        page._measure(*size)
        yield page
    finally:
        driver.quit()
