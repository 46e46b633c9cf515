"""One message of each event, as the contract tests read and write it."""

from services.cli.errors import CommandFailed
from services.cli.steps import ROOT
from services.contracts.catalogue import EVENTS
from services.contracts.envelope import UnreadableEvent, decode

SAMPLES = ROOT / "tests/contract/samples"


def samples() -> dict[str, bytes]:
    """By type; raises CommandFailed where one is missing or is no such event any more."""
    return {kind: _sample(kind) for kind in EVENTS}


def _sample(kind: str) -> bytes:
    path = SAMPLES / f"{kind}.json"
    try:
        sample = path.read_bytes()
        decode(sample)
    except (OSError, UnreadableEvent):
        raise CommandFailed(f"{path.relative_to(ROOT)} is not what {kind} is now.") from None
    return sample
