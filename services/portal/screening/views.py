"""Scales, questions and results as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.web import times
from services.portal.web.language import Translator

TONES = {"minimal": 0, "mild": 1, "moderate": 2, "moderately-severe": 3, "severe": 4}
SECONDS_A_QUESTION = 15


@dataclass(frozen=True)
class ScaleCard:
    """One scale to choose."""

    id: str
    title: str
    about: str
    questions: int
    minutes: int


def scale_card(instrument: Mapping[str, Any], t: Translator) -> ScaleCard:
    """The card of an instrument of the list or of its own document."""
    name = str(instrument["id"])
    count = len(instrument.get("items") or ()) or int(instrument.get("item_count") or 0)
    return ScaleCard(
        id=name,
        title=t.either(f"scale.title.{name}", str(instrument.get("title", name))),
        about=t.either(f"scale.about.{name}", ""),
        questions=count,
        minutes=int(instrument.get("minutes") or max(1, round(count * SECONDS_A_QUESTION / 60))),
    )


FIRST = ("phq9", "gad7")


def scale_cards(instruments: Sequence[Mapping[str, Any]], t: Translator) -> list[ScaleCard]:
    """The cards of all instruments, those most people should begin with first."""
    cards = [scale_card(each, t) for each in instruments]
    order = {name: place for place, name in enumerate(FIRST)}
    return sorted(cards, key=lambda card: order.get(card.id, len(FIRST)))


@dataclass(frozen=True)
class EarlierResult:
    """One line of the person's own results."""

    id: str
    title: str
    day: str
    band: str


def earlier_result(result: Mapping[str, Any], t: Translator) -> EarlierResult:
    """A result of the list in words."""
    name = str(result["instrument"])
    return EarlierResult(
        id=str(result["id"]),
        title=t.either(f"scale.title.{name}", str(result.get("title") or name)),
        day=times.day(times.parse(str(result["completed_at"])), t.language),
        band=band_title(str(result.get("band") or "unknown"), t),
    )


Number = int | float
FITS = {"True": "yes", "False": "no"}


@dataclass(frozen=True)
class Band:
    """One stretch of the score's range."""

    code: str
    title: str
    least: Number
    most: Number
    tone: int


def bands_of(instrument: Mapping[str, Any], t: Translator) -> tuple[Band, ...]:
    """The bands of the main score, lowest first; none if the instrument tells none."""
    listed = instrument.get("bands") or ()
    main = _main_score(instrument)
    places = range(len(listed))
    if main.get("higher") == "better":
        places = range(len(listed) - 1, -1, -1)
    return tuple(
        Band(
            code=band_code(str(each["code"])),
            title=band_title(str(each["code"]), t, each.get("title")),
            least=_plain(each["min"]),
            most=_plain(each["max"]),
            tone=tone_of(str(each["code"]), place),
        )
        for place, each in zip(places, listed, strict=True)
    )


def _main_score(instrument: Mapping[str, Any]) -> Mapping[str, Any]:
    name = _main(instrument)
    found = (each for each in instrument.get("scores") or () if each["id"] == name)
    return next(found, {})


def _main(instrument: Mapping[str, Any]) -> str:
    return str(instrument.get("main") or "total")


def _plain(number: Any) -> Number:
    return int(number) if float(number).is_integer() else round(float(number), 2)


def band_code(code: str) -> str:
    """One spelling for a band's code."""
    return code.replace("_", "-")


def band_title(code: str, t: Translator, label: str | None = None) -> str:
    """The band in plain words: ours for bands we know, else the scale's own."""
    return t.either(f"band.{band_code(code)}", label or code)


def tone_of(code: str, position: int = 2) -> int:
    """The colour of a band: 0 calm to 4 heavy; by its place where the code is new to us."""
    return TONES.get(band_code(code), min(position, 4))


@dataclass(frozen=True)
class TrendPoint:
    """One earlier result."""

    day: str
    total: Number
    band: str


@dataclass(frozen=True)
class ResultView:
    """A result with its plain explanation."""

    id: str
    title: str
    total: Number | None
    most: Number | None
    band: str
    band_code: str
    tone: int
    explanation: str
    advice: tuple[str, ...]
    crisis: bool
    incomplete: bool
    bands: tuple[Band, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    remark: str = ""
    agrees: str = ""
    """`yes`, `no`, or nothing where the person has not said whether it fits."""

    @property
    def band_chart(self) -> dict[str, Any]:
        """What the band chart draws."""
        return {
            "value": self.total,
            "bands": [
                {"title": band.title, "min": band.least, "max": band.most, "tone": band.tone}
                for band in self.bands
            ],
        }

    @property
    def trend_chart(self) -> dict[str, Any]:
        """What the trend chart draws."""
        return {
            **self.band_chart,
            "labels": [point.day for point in self.trend],
            "values": [point.total for point in self.trend],
        }


def result_view(
    result: Mapping[str, Any],
    instrument: Mapping[str, Any],
    earlier: Sequence[Mapping[str, Any]],
    t: Translator,
) -> ResultView:
    """The page of one result; `earlier` are the person's results, newest first."""
    code = band_code(str(result.get("band") or "unknown"))
    main = _main(instrument)
    total = (result.get("scores") or {}).get(main)
    bands = bands_of(instrument, t)
    crisis = result.get("risk") == "crisis"
    said = result.get("remark") or {}
    return ResultView(
        id=str(result["id"]),
        title=scale_card(instrument, t).title,
        total=total,
        most=bands[-1].most if bands else None,
        band=band_title(code, t, result.get("band_label")),
        band_code=code,
        tone=tone_of(code),
        explanation=_explanation(result, code, t),
        advice=_advice(code, crisis, t),
        crisis=crisis,
        incomplete=total is None or result.get("risk") == "unknown",
        bands=bands,
        trend=_trend(str(instrument["id"]), main, earlier, t),
        remark=str(said.get("text", "")),
        agrees=FITS.get(str(said.get("agrees")), ""),
    )


def _explanation(result: Mapping[str, Any], code: str, t: Translator) -> str:
    """Our words for bands we know; else the scale's own meaning of the band."""
    own = str(result.get("meaning") or t("result.explain.unknown"))
    return t.either(f"result.explain.{code}", own)


def _advice(code: str, crisis: bool, t: Translator) -> tuple[str, ...]:
    tone = 4 if crisis else tone_of(code, 1)
    keys = [f"result.advice.{tone}.{number}" for number in ("a", "b", "c")]
    return tuple(t(key) for key in keys if t.has(key))


def _trend(
    instrument: str, main: str, earlier: Sequence[Mapping[str, Any]], t: Translator
) -> tuple[TrendPoint, ...]:
    fitting = [
        each
        for each in reversed(earlier)
        if each.get("instrument") == instrument
        and (each.get("scores") or {}).get(main) is not None
        and each.get("completed_at")
    ]
    return tuple(
        TrendPoint(
            day=_short_day(str(each["completed_at"])),
            total=_plain(each["scores"][main]),
            band=band_title(str(each.get("band") or "unknown"), t),
        )
        for each in fitting[-12:]
    )


def _short_day(wire: str) -> str:
    moment = times.parse(wire)
    return f"{moment.month}/{moment.day}"
