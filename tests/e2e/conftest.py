"""A whole running system to walk through: one that is there already, or a demonstration."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.cli.local.ports import free_port
from tests.e2e.browser import CHROMEDRIVER, CHROMIUM, DESKTOP, PHONE, Page, a_browser

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 240
STAYS_UP = "Everybody's password"


@pytest.fixture(scope="session")
def system(server_folder: Path) -> Iterator[str]:
    """The portal's address: `HUIXIN_E2E_URL`, or `./huixin demo` started for this run."""
    if there := os.environ.get("HUIXIN_E2E_URL"):
        yield there
        return
    port, said = free_port(0), server_folder / "demo.out"
    command = [sys.executable, "-m", "services.cli", "demo", "--port", str(port)]
    command += ["--data", str(server_folder / "demo")]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)
    try:
        _wait_until_up(process, said)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_up(process: subprocess.Popen[bytes], said: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while STAYS_UP not in said.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > ends:
            raise AssertionError(f"the demonstration did not come up:\n{said.read_text()[-4000:]}")
        time.sleep(0.2)


class Browsers:
    """Browsers of two sizes, opened when first asked for and used again by somebody else."""

    def __init__(self, base: str) -> None:
        self._base, self._stack = base, ExitStack()
        folder = tempfile.TemporaryDirectory(prefix="huixin-browser-")
        self._profiles = Path(self._stack.enter_context(folder))
        self._open: dict[tuple[tuple[int, int], str], Page] = {}

    def get(self, size: tuple[int, int], who: str = "") -> Page:
        """A browser nobody is signed in with."""
        page = self._open.get((size, who))
        if page is None:
            profile = self._profiles / str(len(self._open))
            page = self._stack.enter_context(a_browser(self._base, profile, size))
            self._open[size, who] = page
        page.forget()
        return page

    def close(self) -> None:
        """All of them."""
        self._stack.close()


@pytest.fixture(scope="session")
def browsers(system: str) -> Iterator[Browsers]:
    """The browsers of this run."""
    if not (Path(CHROMIUM).exists() and Path(CHROMEDRIVER).exists()):
        pytest.fail("Debian's packages chromium and chromium-driver are needed")
    found = Browsers(system)
    yield found
    found.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browsers: Browsers) -> Page:
    """A browser, once 390 pixels wide and once a desktop's."""
    return browsers.get(request.param)


@pytest.fixture
def officers_page(page: Page, browsers: Browsers) -> Page:
    """A second browser of the same size, for somebody else."""
    return browsers.get(page.size, "officer")


@pytest.fixture
def a_worker() -> str:
    """A worker nothing has happened to yet, most likely."""
    return f"worker{secrets.randbelow(450) + 20}"


@pytest.fixture
def pictures() -> Path:
    """Where pictures of pages are kept: `HUIXIN_PICTURES`, else they are thrown away."""
    return Path(os.environ.get("HUIXIN_PICTURES") or tempfile.mkdtemp(prefix="huixin-pictures-"))
