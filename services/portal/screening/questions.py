"""The questions of a sitting: one at a time, and which are still to be asked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.screening.views import scale_card
from services.portal.web.language import Translator

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MINUTE_OF_DAY = "minute-of-day"


@dataclass(frozen=True)
class Option:
    """One answer of a question; `value` is its score on the wire."""

    value: int
    text: str
    chosen: bool


@dataclass(frozen=True)
class QuestionView:
    """One question of a sitting."""

    sitting: str
    title: str
    stem: str
    number: int
    total: int
    link_id: str
    text: str
    options: tuple[Option, ...]
    skipped: bool
    unit: str = ""
    """Where a number is asked for: `minutes`, or `minute-of-day`, which is shown as a clock."""
    given: str = ""

    @property
    def last(self) -> bool:
        """Is it the last one?"""
        return self.number == self.total

    @property
    def back(self) -> str:
        """Where the back button leads."""
        if self.number == 1:
            return "/scales"
        return f"/sittings/{self.sitting}/{self.number - 1}"


def question_view(
    sitting: Mapping[str, Any], instrument: Mapping[str, Any], number: int, t: Translator
) -> QuestionView:
    """Question `number` (from 1) with what was answered before; IndexError if there is none."""
    items = instrument["items"]
    if not 1 <= number <= len(items):
        raise IndexError(number)
    item = items[number - 1]
    answers = sitting.get("answers") or {}
    link_id = str(item["link_id"])
    return QuestionView(
        sitting=str(sitting["id"]),
        title=scale_card(instrument, t).title,
        stem=stem(instrument, t),
        number=number,
        total=len(items),
        link_id=link_id,
        text=str(item["text"]),
        options=_options(item.get("options") or instrument.get("options") or (), answers, link_id),
        skipped=link_id in answers and answers[link_id] is None,
        unit=str((item.get("number") or {}).get("unit", "")),
        given=_shown(answers.get(link_id), item),
    )


def _shown(code: int | None, item: Mapping[str, Any]) -> str:
    number = item.get("number")
    if code is None or not number:
        return ""
    return f"{code // 60:02}:{code % 60:02}" if number["unit"] == MINUTE_OF_DAY else str(code)


def code_of(given: str) -> int | None:
    """What was answered: an option, a number, a clock (minutes since midnight), or nothing for a
    question that is skipped; raises ValueError.
    """
    if not given:
        return None
    if clock := CLOCK.fullmatch(given):
        return int(clock[1]) * 60 + int(clock[2])
    if not (given.isascii() and given.isdigit()):
        raise ValueError(given)
    return int(given)


def _options(
    listed: Sequence[Mapping[str, Any]], answers: Mapping[str, Any], link_id: str
) -> tuple[Option, ...]:
    given = answers.get(link_id)
    return tuple(
        Option(int(each["score"]), str(each["text"]), chosen=given == each["score"])
        for each in listed
    )


def stem(instrument: Mapping[str, Any], t: Translator) -> str:
    """The words that lead into every question."""
    return str(instrument.get("stem") or t("scale.stem"))


def unanswered(sitting: Mapping[str, Any], instrument: Mapping[str, Any]) -> list[int]:
    """The numbers of the questions nothing was said to, but those that need not be asked."""
    answers = sitting.get("answers") or {}
    done = {*answers, *_settled(answers, instrument)}
    return [
        number
        for number, item in enumerate(instrument["items"], start=1)
        if item["link_id"] not in done
    ]


def _settled(answers: Mapping[str, Any], instrument: Mapping[str, Any]) -> set[str]:
    """What the scale's own rules have answered."""
    return {
        link_id
        for skip in instrument.get("skips") or ()
        if all(answers.get(item) == code for item, code in skip["when"].items())
        for link_id in skip["sets"]
    }


def first_open(sitting: Mapping[str, Any], instrument: Mapping[str, Any]) -> int:
    """The number of the first question without an answer, or the last one."""
    return next(iter(unanswered(sitting, instrument)), len(instrument["items"]))


def step_after(number: int, sitting: Mapping[str, Any], instrument: Mapping[str, Any]) -> str:
    """Where one goes from this question: the next, past what need not be asked, or the end."""
    settled = _settled(sitting.get("answers") or {}, instrument)
    later = range(number + 1, len(instrument["items"]) + 1)
    left = (each for each in later if instrument["items"][each - 1]["link_id"] not in settled)
    return str(next(left, "finish"))
