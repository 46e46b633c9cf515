"""One message of each event, as the contract tests read and write it."""

from services.cli.steps import ROOT
from services.contracts.catalogue import EVENTS

SAMPLES = ROOT / "tests/contract/samples"


def samples() -> dict[str, bytes]:
    """By type."""
    return {kind: (SAMPLES / f"{kind}.json").read_bytes() for kind in EVENTS}
