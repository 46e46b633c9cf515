"""The service worker's script, filled in with the files the help card needs."""

import hashlib
import json

from services.portal.web.assets import Assets

CARD_FILES = ("css/base.css", "css/components.css", "css/pages.css", "img/mark.svg", "js/portal.js")


def service_worker(assets: Assets) -> bytes:
    """The script; a new version of any file makes a new shelf."""
    template = assets.files["service-worker.js"].content.decode()
    addresses = [assets.own(name) for name in CARD_FILES]
    vendored = assets.vendor("htmx.js")
    listed = json.dumps([*addresses, *([vendored] if vendored else [])])
    version = hashlib.sha256((template + listed).encode()).hexdigest()[:12]
    return template.replace("__VERSION__", version).replace("__FILES__", listed).encode()
