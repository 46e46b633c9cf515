"""No log line and no audit row names a person."""

import re

from services.apphost import KEEPERS
from tests.faults.harness.invariants.evidence import Evidence, Finding, invariant

NOTHING_PERSONAL = "no log and no audit row holds personal data"
# Answers on their way, or a number that somebody left.
ANSWERS = re.compile(r'"?q\d"?\s*:\s*[0-3]\b.*"?q\d"?\s*:\s*[0-3]\b')
PHONE = re.compile(r"(?<![\w.-])1[3-9]\d{9}(?![\w-])")
_AUDIT = "SELECT action || ' ' || subject || ' ' || reason FROM audit"


@invariant(NOTHING_PERSONAL)
def nothing_personal(evidence: Evidence, finding: Finding) -> None:
    """A search for every name and address there is, for answers and for telephone numbers."""
    words = re.compile("|".join(map(re.escape, evidence.personal)) or r"(?!)")
    for path in evidence.logs:
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            _search(f"{path.parent.name}/{path.name}:{number}", line, words, finding)
    for name in KEEPERS:
        for row in evidence.column(name, _AUDIT):
            _search(f"audit of {name}", row, words, finding)


def _search(where: str, line: str, words: re.Pattern[str], finding: Finding) -> None:
    finding.look()
    for what, pattern in (("a name or address", words), ("answers", ANSWERS), ("a phone", PHONE)):
        if pattern.search(line):
            finding.say(f"{where} holds {what}")
