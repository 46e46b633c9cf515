"""The pages of the officers on duty, for the gallery."""

from typing import Any

from services.portal.duty import views as duty
from services.portal.duty.contact_data import ContactPoint, Revealed
from services.portal.web import times
from services.portal.web.language import Translator
from tests.unit.portal import samples
from tests.unit.portal.operators import PageMaker, Words

NOW = samples.NOW.astimezone(times.CITY)
ME = "99999999-1111-4222-8333-444455556666"


def _cases() -> list[Words]:
    late = samples.a_case(
        id="55555555-4444-4444-8444-444444444444",
        state="acknowledged",
        officer=ME,
        next_due="contact",
        next_due_at=samples.at(minutes=-4),
        person=None,
        source="help-request",
        callback=True,
        acute=True,
    )
    calm = samples.a_case(
        id="66666666-4444-4444-8444-444444444444",
        state="planned",
        contacted_at=samples.at(),
        next_due="follow-up",
        next_due_at=samples.at(days=2),
        drill=True,
        crisis=False,
    )
    return [samples.a_case(), late, calm]


def _duty(t: Translator, **status: Any) -> Words:
    return {
        "queue": duty.queue(_cases(), samples.a_duty_status(**status), NOW, t, ME),
        "compact": False,
        "now": NOW,
        "acts": True,
    }


def case_page(t: Translator, note: str = "打了两次，没有人接。", **more: Any) -> Words:
    steps = [
        *samples.a_case()["timeline"],
        {
            "at": samples.at(minutes=-1),
            "what": "contact",
            "detail": {"channel": "phone", "outcome": "not-reached", "level": "high"},
            "note": note,
        },
    ]
    document = {**_cases()[1], "timeline": steps, **more}
    return {
        **_duty(t),
        "compact": True,
        "case": duty.case_view(document, NOW, t, ME),
        "revealed": None,
        "open_step": "contact",
        "channels": duty.CHANNELS,
        "levels": duty.LEVELS,
        "referrals": duty.REFERRALS,
        "reactions": duty.REACTIONS,
        "close_reasons": duty.CLOSE_REASONS,
        "key": "k",
        "person": ME,
    }


def _revealed(t: Translator) -> Words:
    points = (ContactPoint("phone", "138 0000 1234", "tel:13800001234"),)
    return {**case_page(t, contacted_at="x"), "revealed": Revealed(points, ("想找人说说",))}


OFFICERS: dict[str, tuple[str, str, PageMaker]] = {
    "duty": ("duty/queue.html", "duty", _duty),
    "duty-gap": (
        "duty/queue.html",
        "duty",
        lambda t: _duty(t, rostered=False, gap_until=samples.at(hours=5)),
    ),
    "case": ("duty/case.html", "duty", case_page),
    "case-revealed": ("duty/case.html", "duty", _revealed),
}
