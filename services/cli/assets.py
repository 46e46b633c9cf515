"""The portal's scripts from npm, fetched when they are missing."""

import os
import subprocess
from pathlib import Path

from services.cli.errors import CommandFailed
from services.cli.progress import say
from services.portal.assets.build import build
from services.portal.assets.npm import NoNpm
from services.portal.web.assets import vendor_folder

ELSEWHERE = "HUIXIN_PORTAL_VENDOR"


def ensure_assets(folder: Path | None = None) -> None:
    """Fetch what the lock file names, once; into `folder` where the checkout is read-only.

    Raises CommandFailed saying what is needed.
    """
    place = vendor_folder()
    if folder and not os.access(place if place.exists() else place.parent, os.W_OK):
        os.environ[ELSEWHERE] = str(folder / "vendor")
    try:
        if build():
            say("Fetched the portal's scripts.")
    except NoNpm as error:
        raise CommandFailed(str(error)) from None
    except subprocess.CalledProcessError as error:
        said = "\n".join(str(error.stderr or error).strip().splitlines()[-10:])
        raise CommandFailed(
            f"The portal's scripts could not be fetched from npm:\n{said}"
        ) from None
    except OSError as error:
        raise CommandFailed(f"The portal's scripts could not be kept: {error}") from None


def try_assets(folder: Path) -> None:
    """The same; without them pages still work, so a demonstration goes on."""
    try:
        ensure_assets(folder)
    except CommandFailed as error:
        say(f"{error}\nPages work without their scripts, but show no charts.")
