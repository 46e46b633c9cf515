"""Results as the person sees them: screening, not a diagnosis, and nothing for clinical eyes."""

from typing import Any

from services.assessment.care.definition import CarePolicy
from services.assessment.instruments.scores import Band, Cases
from services.assessment.instruments.words import Language, Text
from services.assessment.materials import Materials
from services.assessment.responses.domain import Response
from services.contracts.assessment import Risk

DISCLAIMER = Text(
    zh="这是一次筛查，不是诊断。结果只反映最近一段时间的感受；如有疑问，请咨询医疗机构。",
    en="This is a screening, not a diagnosis. It tells of the recent past only; "
    "if in doubt, please ask a medical institution.",
)


def summary_of(response: Response, materials: Materials) -> dict[str, Any]:
    """The numbers and words of the public contract."""
    result = response.result
    document: dict[str, Any] = {
        "id": response.id,
        "instrument": response.instrument,
        "version": response.version,
        "scores": _scores(response, materials),
        "band": result.band,
        "risk": result.risk,
    }
    if result.case is not None:
        document["case"] = result.case
    return document


def answer_of(response: Response, materials: Materials, language: Language) -> dict[str, Any]:
    """The answer to a sheet that was just sent."""
    return {**summary_of(response, materials), "support": materials.support.within(language)}


def listed(response: Response, materials: Materials) -> dict[str, Any]:
    """One line of the person's own list."""
    return {**summary_of(response, materials), "completed_at": response.completed_at}


def explained(response: Response, materials: Materials, language: Language) -> dict[str, Any]:
    """A result with what it means and what comes next."""
    edition = materials.catalogue.measured(response.instrument, response.version)
    band = _band(response, materials)
    return {
        **answer_of(response, materials, language),
        "title": edition.instrument.title.nearest(language) if edition else response.instrument,
        "completed_at": response.completed_at,
        "band_label": band.label.within(language) if band else None,
        "meaning": band.meaning.within(language) if band and band.meaning else None,
        "care": _care(response, materials.policy, language),
        "disclaimer": DISCLAIMER.within(language),
        "prorated": response.result.prorated,
    }


def _scores(response: Response, materials: Materials) -> dict[str, Any]:
    """What the person may see; where the instrument has gone, nothing can be told apart."""
    edition = materials.catalogue.measured(response.instrument, response.version)
    shown = {
        score.id
        for score in (edition.instrument.scores if edition else ())
        if score.audience == "person"
    }
    scores = response.result.scores
    return {name: scores[name] for name in scores if name in shown and scores[name] is not None}


def _band(response: Response, materials: Materials) -> Band | None:
    edition = materials.catalogue.measured(response.instrument, response.version)
    main = edition.instrument.main_score if edition else None
    if main is None or isinstance(main, Cases):
        return None
    return next((band for band in main.bands if band.code == response.result.band), None)


def _care(response: Response, policy: CarePolicy, language: Language) -> dict[str, Any]:
    """What the policy of today says to somebody at this level; a crisis goes before all."""
    result = response.result
    level = policy.levels[result.care_level]
    title, advice = level.title, level.advice
    if result.risk is Risk.CRISIS:
        title, advice = policy.crisis.title, policy.crisis.advice
    elif result.risk is Risk.UNKNOWN and result.care_level <= policy.unknown.care_level:
        title, advice = policy.unknown.title, policy.unknown.advice
    return {
        "level": result.care_level,
        "colour": level.colour,
        "title": title.within(language),
        "advice": advice.within(language),
    }
