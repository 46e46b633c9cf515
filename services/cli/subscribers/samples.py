"""Consumer code for one subscription, ready to run, from the samples in `consumerkit`."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

KIT = Path(__file__).parent / "consumerkit"
LANGUAGES = {"python": "consumer.py", "node": "consumer.mjs", "java": "Consumer.java"}
WEBHOOK = "webhook.py"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a subscriber finds us, as seen from outside."""

    broker: str
    api: str


def sample(file: str, name: str, subscription: str, places: Places) -> str:
    """The text of one sample for this subscription."""
    text = (KIT / file).read_text()
    values = {"NAME": name, "ID": subscription, "BROKER": places.broker, "API": places.api}
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    return text


def without_user(url: str) -> str:
    """A broker's address without the user it was given with; the virtual host `/` as `%2F`, which
    every library understands.
    """
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    host = unquote(parts.path[1:]) or "/"
    return f"{parts.scheme}://{parts.hostname}{port}/{quote(host, safe='')}"
