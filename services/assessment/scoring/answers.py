"""Which answers an instrument accepts, and what is wrong with those it does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.assessment.instruments.definition import Instrument

Answers = Mapping[str, int | None]
"""Codes by link id; None is an item the person skipped on purpose."""


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One thing wrong with one answer, named so that a program can act on it."""

    link_id: str
    code: str
    message: str


def is_code(instrument: Instrument, link_id: str, answer: object) -> bool:
    """Whether it is one of the item's codes; True and 1.0 are not the code 1."""
    return type(answer) is int and answer in instrument.codes(link_id)


def problems_of(
    instrument: Instrument, answers: Mapping[str, object], *, complete: bool = True
) -> list[AnswerProblem]:
    """Every unknown, out-of-range and (where they have to be complete) missing answer."""
    found = [
        _problem(instrument, link_id, answer)
        for link_id, answer in answers.items()
        if answer is not None or instrument.item(link_id) is None
        if not is_code(instrument, link_id, answer)
    ]
    if complete:
        found += [_missing(link_id) for link_id in missing_items(instrument, answers)]
    return found


def counted(instrument: Instrument, answers: Answers) -> Answers:
    """The answers as they are scored: what skip rules set, and what an item counts as for those it
    does not apply to, stands where nothing was answered.
    """
    if not instrument.has_rules:
        return answers
    filled = dict(answers)
    for item in instrument.items:
        if item.absent is not None and item.link_id in filled and filled[item.link_id] is None:
            filled[item.link_id] = item.absent
    for link_id, code in _set_by_skips(instrument, filled).items():
        if filled.get(link_id) is None:
            filled[link_id] = code
    return filled


def _set_by_skips(instrument: Instrument, answers: Mapping[str, object]) -> dict[str, int]:
    return {
        link_id: code
        for skip in instrument.skips
        if all(answers.get(item) == code for item, code in skip.when.items())
        for link_id, code in skip.sets.items()
    }


def missing_items(instrument: Instrument, answers: Mapping[str, object]) -> list[str]:
    """Required items that are neither answered nor skipped, in the order of the questions; what a
    skip rule has set need not be asked.
    """
    there = {*answers, *_set_by_skips(instrument, answers)}
    return [i.link_id for i in instrument.items if i.required and i.link_id not in there]


def _missing(link_id: str) -> AnswerProblem:
    return AnswerProblem(link_id, "missing", "This item has no answer; null says it was skipped.")


def _problem(instrument: Instrument, link_id: str, answer: object) -> AnswerProblem:
    codes = instrument.codes(link_id)
    if not codes:
        return AnswerProblem(link_id, "unknown-item", f"{instrument.id} has no such item.")
    item = instrument.item(link_id)
    whole = item is not None and item.number is not None
    allowed = f"{codes[0]} to {codes[-1]}" if whole else ", ".join(str(code) for code in codes)
    if type(answer) is not int:
        return AnswerProblem(link_id, "not-a-code", f"An answer is one of {allowed}, or null.")
    return AnswerProblem(link_id, "out-of-range", f"The answer has to be one of {allowed}.")
