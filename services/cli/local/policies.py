"""The two policies real people are cared for by: the caller's signed files, or signed copies."""

import os
from datetime import date
from pathlib import Path

from services.assessment.care import sign as care_sign
from services.booking.cases import sign as crisis_sign
from services.cli.errors import CommandFailed

CARE = "ASSESSMENT_CARE_POLICY"
CRISIS = "BOOKING_CRISIS_POLICY"


def policy_settings(folder: Path, signed_by: str | None) -> dict[str, str]:
    """Where the signed policies are; raises CommandFailed where nobody answers for them."""
    given = {name: os.environ[name] for name in (CARE, CRISIS) if name in os.environ}
    copies = {CARE: folder / "care-policy.json", CRISIS: folder / "crisis-policy.json"}
    missing = [name for name in copies if name not in given]
    if signed_by:
        for name in missing:
            _sign(name, signed_by, copies[name])
    unsigned = [name for name in missing if not copies[name].exists()]
    if unsigned:
        raise CommandFailed(
            "Nobody has signed the care and crisis policies, so no real person may be cared for "
            "by them.\nEither set "
            + " and ".join(unsigned)
            + " to your signed files, or let your clinical lead read the defaults and sign them:\n"
            '  ./huixin up --signed-by "NAME OF THE CLINICAL LEAD"'
        )
    return {name: given.get(name, str(copies[name])) for name in copies}


def _sign(name: str, signer: str, target: Path) -> None:
    today = date.today().isoformat()  # noqa: DTZ011  a day on paper, where the signer is
    sign = care_sign if name == CARE else crisis_sign
    sign.main(["--name", signer, "--on", today, str(target)])
