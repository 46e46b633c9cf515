"""What a run says: a line while it goes on, a table at its end, a file for programs."""

import json
import sys
import time
from pathlib import Path

from tests.faults.harness.run import Outcome

SHOWN = 10


class Teller:
    """Lines that stay, and one that is written over while somebody watches."""

    def __init__(self) -> None:
        self._watched = sys.stdout.isatty()
        self._last = 0.0

    def say(self, text: str) -> None:
        """A line."""
        print(("\r\x1b[K" if self._watched else "") + text, flush=True)

    def tell(self, text: str) -> None:
        """How far it is; where nobody watches, a line now and then."""
        if self._watched:
            print(f"\r\x1b[K{text[:150]}", end="", flush=True)
        elif time.monotonic() - self._last > 15:
            self._last = time.monotonic()
            print(text, flush=True)


def told(outcome: Outcome, folder: Path) -> str:
    """The table."""
    lines = [f"\nseed {outcome.plan.seed}: {outcome.seconds:.0f} s of load and faults"]
    lines += ["", "  what happened"]
    lines += [f"    {name:<26}{number:>8}" for name, number in outcome.counts.items()]
    lines += ["", "  faults"]
    lines += [f"    {name:<26}{number:>8}" for name, number in sorted(outcome.faults.items())]
    if outcome.never_crossed:
        lines += ["", "  events that nobody sent", "    " + "\n    ".join(outcome.never_crossed)]
    lines += ["", "  what held"]
    for finding in outcome.findings:
        word = "held" if finding.held else "BROKEN"
        lines.append(f"    {word:<8}{finding.name} ({finding.checked} looked at)")
        lines += [f"              {wrong}" for wrong in finding.wrong[:SHOWN]]
        if len(finding.wrong) > SHOWN:
            lines.append(f"              … and {len(finding.wrong) - SHOWN} more")
    lines += [f"    TROUBLE {each}" for each in outcome.troubles]
    if not outcome.held:
        again = f"--seed {outcome.plan.seed}"
        lines.append(f"\n  The same plan again: {again}. Plan, diary, logs: {folder}")
    return "\n".join(lines)


def write_summary(outcome: Outcome, path: Path) -> None:
    """The same for programs."""
    document = {
        "seed": outcome.plan.seed,
        "seconds": round(outcome.seconds, 1),
        "held": outcome.held,
        "interrupted": outcome.interrupted,
        "counts": outcome.counts,
        "faults": outcome.faults,
        "never crossed": outcome.never_crossed,
        "invariants": [
            {"name": each.name, "held": each.held, "checked": each.checked, "wrong": each.wrong}
            for each in outcome.findings
        ],
        "troubles": outcome.troubles,
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
