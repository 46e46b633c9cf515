"""The portal's scripts and styles from npm, fetched when they are missing."""

import subprocess

from services.cli.errors import CommandFailed
from services.portal.assets.build import build
from services.portal.assets.npm import NoNpm


def ensure_assets() -> None:
    """Fetch what the lock file names, once; raises CommandFailed with what is needed."""
    try:
        if build():
            print("Fetched the portal's scripts.", flush=True)
    except NoNpm as error:
        raise CommandFailed(str(error)) from None
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandFailed(f"The portal's scripts could not be fetched: {error}") from None
