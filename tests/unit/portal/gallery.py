"""Every page with sample answers behind it; also what a person looks at when judging them."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from services.portal.care import views as care
from services.portal.help.views import help_card, read_hotlines
from services.portal.home.views import home_view
from services.portal.inbox.views import message_view
from services.portal.screening import views as screening
from services.portal.screening.questions import question_view
from services.portal.statistics import views as statistics
from services.portal.web import times
from services.portal.web.forms import Form
from services.portal.web.language import Language, Translator
from tests.unit.portal import samples
from tests.unit.portal.officers import OFFICERS, case_page
from tests.unit.portal.operators import OPERATORS, PageMaker, Words
from tests.unit.portal.pages import rendered

NOW = samples.NOW.astimezone(times.CITY)
HOTLINES = read_hotlines("市总工会心灵热线|0631-1234567|每天 8:00–22:00")


def _card(t: Translator) -> Words:
    return {"card": help_card(HOTLINES, t)}


def _appointments(t: Translator) -> list[care.AppointmentView]:
    listed = [
        samples.an_appointment(),
        samples.an_appointment(
            starts_at=samples.at(days=6), ends_at=samples.at(days=6, minutes=50), mode="video"
        ),
        samples.an_appointment(
            starts_at=samples.at(days=-9), ends_at=samples.at(days=-9, minutes=50), state="no-show"
        ),
    ]
    return [care.appointment_view(each, samples.NAMES, NOW, t) for each in listed]


def _slots(t: Translator) -> Words:
    held = samples.a_slot(1)["id"]
    wanted = [(0, "in-person"), (1, "in-person"), (1, "video"), (1, "phone"), (5, "phone")]
    slots = [
        care.slot_view(samples.a_slot(at, hours=hour, mode=mode), samples.NAMES, t, held=held)
        for at, (hour, mode) in enumerate(wanted)
    ]
    today = NOW.date()
    free = {today + timedelta(days=days): days * 3 for days in (1, 2, 5, 9)}
    chips = [{"href": "/slots", "title": t("slots.any_mode"), "icon": None, "current": True}]
    return {
        "board": care.slot_board(slots, _tomorrow(), today, free, t),
        "moving": False,
        "link": "/slots?",
        "chips": chips,
        "base": "/slots",
        "places": [care.Site(samples.SITE, "市中心", "wh"), care.Site("s2", "驿站", "wh/hc/s01")],
        "wish": care.Wish(offer="1", mode="video"),
        "action": "/appointments",
        "offer": "1",
        "key": "k",
    }


def _tomorrow() -> date:
    return NOW.date() + timedelta(days=1)


def _result(t: Translator, **changes: Any) -> Words:
    result = samples.a_result(**changes)
    view = screening.result_view(result, samples.an_instrument(), samples.earlier_results(), t)
    offer = care.offer_view(samples.an_offer(), NOW, t)
    return {"view": view, "offer": offer, "awaiting_offer": False, "attempt": 1, **_card(t)}


def _statistics(t: Translator) -> Words:
    months = [{"month": f"2025-{month:02d}", "value": month * 9} for month in range(1, 12)]
    return {
        "view": statistics.statistics_view(samples.indicators(), "惠心市", 2025, 11, t),
        "units": [("wh", "惠心市"), ("wh/hc", "环城区")],
        "unit": "wh",
        "years": [2025, 2024],
        "months": statistics.month_names(t),
        "monthly": statistics.months_chart([("完成测评人次", months)], t),
        "shown": statistics.shown_number,
    }


def _question(t: Translator) -> Words:
    sitting, scale = samples.a_sitting(q1=1, q2=None, q3=2), samples.an_instrument()
    return {"q": question_view(sitting, scale, 3, t)}


def _clock(t: Translator) -> Words:
    number = {"low": 0, "high": 1439, "unit": "minute-of-day"}
    asked = {"link_id": "bedtime", "text": "过去一个月，通常几点上床睡觉？", "number": number}
    scale = {**samples.an_instrument(), "items": [asked]}
    return {"q": question_view(samples.a_sitting(bedtime=1385), scale, 1, t)}


GALLERY: dict[str, tuple[str, str, PageMaker]] = {
    "welcome": ("home/welcome.html", "", lambda t: {}),
    "home": (
        "home/home.html",
        "worker",
        lambda t: {
            "view": home_view(
                "李师傅", ["worker"], NOW, t, offer=care.offer_view(samples.an_offer(), NOW, t)
            )
        },
    ),
    "home-duty": (
        "home/home.html",
        "duty",
        lambda t: {"view": home_view("周值班", ["duty"], NOW, t)},
    ),
    "sign-in": (
        "signin/sign_in.html",
        "",
        lambda t: {
            "next": "/",
            "secure": False,
            "form": Form(
                {"login": "worker1"},
                {"password": t("signin.missing")},
                t("problem.code.wrong-login"),
            ),
        },
    ),
    "scales": (
        "screening/scales.html",
        "worker",
        lambda t: {
            "scales": [screening.scale_card(samples.an_instrument(), t)],
            "earlier": [screening.earlier_result(each, t) for each in samples.earlier_results()],
        },
    ),
    "consent": (
        "screening/consent.html",
        "worker",
        lambda t: {
            "scale": screening.scale_card(samples.an_instrument(), t),
            "consent": SimpleNamespace(**samples.an_instrument()["consent"]),
            "form": Form({}, {"granted": t("consent.agree_needed")}),
        },
    ),
    "question": ("screening/question.html", "worker", _question),
    "question-clock": ("screening/question.html", "worker", _clock),
    "noticed": ("screening/noticed.html", "worker", lambda t: {**_card(t), "onward": "/"}),
    "finish": (
        "screening/finish.html",
        "worker",
        lambda t: {
            "scale": screening.scale_card(samples.an_instrument(), t),
            "sitting": "1",
            "total": 9,
            "answered": 7,
            "open": [3, 5],
        },
    ),
    "result": ("screening/result.html", "worker", _result),
    "result-crisis": (
        "screening/result.html",
        "worker",
        lambda t: {
            **_result(t, risk="crisis", scores={"total": 21}, band="severe"),
            "offer": None,
            "awaiting_offer": True,
        },
    ),
    "offer": (
        "care/offer.html",
        "worker",
        lambda t: {
            "offer": care.offer_view(samples.an_offer(urgency=3), NOW, t),
            "held": care.slot_view(samples.a_slot(1), samples.NAMES, t),
            "key": "k",
        },
    ),
    "offer-none": (
        "care/offer.html",
        "worker",
        lambda t: {"offer": None, "held": None, "key": "k"},
    ),
    "slots": ("care/slots.html", "worker", _slots),
    "appointments": (
        "care/appointments.html",
        "worker",
        lambda t: {"coming": _appointments(t)[:2], "past": _appointments(t)[2:], "offer": None},
    ),
    "cancel": (
        "care/cancel.html",
        "worker",
        lambda t: {"appointment": _appointments(t)[0], "key": "k"},
    ),
    "inbox": (
        "inbox/inbox.html",
        "worker",
        lambda t: {
            "messages": [
                message_view(samples.a_message(), t),
                message_view(samples.a_message(read_at=samples.at(), kind="offer-ready"), t),
            ]
        },
    ),
    **OFFICERS,
    "counselling": (
        "counselling/today.html",
        "counsellor",
        lambda t: {
            "today": times.day(NOW, t.language),
            "now_list": _appointments(t)[:1],
            "later": _appointments(t)[1:2],
        },
    ),
    "statistics": ("statistics/statistics.html", "city-admin", _statistics),
    **OPERATORS,
    "help": ("help/help.html", "", lambda t: {**_card(t), "failed": True}),
    "sent": (
        "help/sent.html",
        "",
        lambda t: {**_card(t), "sentence": t("help.sent_no_phone"), "reachable": False},
    ),
    "offline": ("help/offline.html", "", _card),
    "failure": (
        "failure.html",
        "worker",
        lambda t: {
            "title": t("failure.down"),
            "text": t("failure.down_text"),
            "again": "/",
            "id": "3f2b",
            **_card(t),
        },
    ),
    "privacy": ("privacy.html", "", lambda t: {}),
}
PAGES = tuple(GALLERY)


def a_page(name: str, language: Language, note: str = "") -> str:
    """One page of the gallery; `note` is what an officer wrote into a case."""
    template, role, words = GALLERY[name]
    t = Translator(language)
    view = case_page(t, note=note) if note else words(t)
    return rendered(template, *([role] if role else []), language=language, **view)


def all_pages(language: Language) -> Iterator[tuple[str, str]]:
    """Every page with its name."""
    for name in PAGES:
        yield name, a_page(name, language)
