"""The policies of a run: the product's own, with hours made seconds so that timers expire."""

import json
from pathlib import Path
from typing import Any

from services.booking.cases import sign
from services.booking.cases.policy import DEFAULT_POLICY
from services.booking.offers.policy import DEFAULT as OFFERS
from services.cli.local.policies import policy_settings

OFFER_SECONDS = 75
PAGING_MINUTES = [0, 1, 2, 3]


def short_policies(folder: Path) -> dict[str, str]:
    """Settings that name the files written into the folder."""
    offers = _read(OFFERS) | {"open_hours": OFFER_SECONDS / 3600, "look_again_minutes": 1}
    crisis = _read(DEFAULT_POLICY)
    crisis["paging"] |= {"minutes": PAGING_MINUTES}
    crisis["contact"] |= {"minutes": 3, "acute_minutes": 2, "again_minutes": 1}
    crisis["contact"] |= {"signal_quiet_minutes": 1}
    crisis["late"] |= {"taken_minutes": 2}
    unsigned, signed = folder / "crisis-short.json", folder / "crisis-signed.json"
    unsigned.write_text(json.dumps(crisis))
    sign.main(["--name", "Dr. Test", "--on", "2026-01-01", str(unsigned), str(signed)])
    (folder / "offers.json").write_text(json.dumps(offers))
    return {
        **policy_settings(folder, "Dr. Test"),
        "BOOKING_CRISIS_POLICY": str(signed),
        "BOOKING_OFFER_POLICY": str(folder / "offers.json"),
    }


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found
