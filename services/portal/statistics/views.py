"""Indicators as the statistics page shows them: values, targets, pace, and what is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.screening.views import band_title, tone_of
from services.portal.web import times
from services.portal.web.language import Translator

RESPONSES = "responses-"
HEADLINE = (
    "responses-completed",
    "offers-accepted",
    "appointments-completed",
    "crisis-acknowledged-minutes",
)


@dataclass(frozen=True)
class Figure:
    """One indicator."""

    code: str
    title: str
    value: float | None
    shown: str
    state: str
    suppressed: bool
    target: float | None
    share: int | None
    pace: str
    pace_tone: str

    @property
    def at_most(self) -> bool:
        """Is less better, so that a share of the target says nothing?"""
        return self.code.endswith(LESS_IS_BETTER)


LESS_IS_BETTER = ("-minutes", "-no-show", "-overdue")
PACES = {"ahead": "good", "on-track": "good", "behind": "warm", "at-risk": "alarm"}


def figure(indicator: Mapping[str, Any], t: Translator) -> Figure:
    """An indicator in words; `share` is the percentage of its target, if it has one."""
    code = str(indicator["code"])
    value, target = _number(indicator.get("value")), _number(indicator.get("target"))
    suppressed = bool(indicator.get("suppressed"))
    pace = str(indicator.get("pace") or "")
    return Figure(
        code=code,
        title=str(indicator.get("title") or code),
        value=value,
        shown=_shown(indicator, value, t),
        state=str(indicator.get("state") or ""),
        suppressed=suppressed,
        target=target,
        share=_share(code, value, target),
        pace=t.either(f"statistics.pace.{pace}", pace) if pace else "",
        pace_tone=PACES.get(pace, "info"),
    )


def _shown(indicator: Mapping[str, Any], value: float | None, t: Translator) -> str:
    if indicator.get("suppressed"):
        return t("statistics.hidden")
    if value is None:
        return t.either(f"statistics.state.{indicator.get('state')}", "–")
    return shown_number(value)


def _share(code: str, value: float | None, target: float | None) -> int | None:
    if value is None or not target or code.endswith(LESS_IS_BETTER):
        return None
    return round(value / target * 100)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def shown_number(value: float | None) -> str:
    """`1,234`, `3.5`, or a dash where there is no number."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


@dataclass(frozen=True)
class BandBars:
    """How the results of one instrument fall into bands."""

    instrument: str
    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    tones: tuple[int, ...]
    any_hidden: bool

    @property
    def chart(self) -> dict[str, Any]:
        """What the chart draws; a hidden value is no bar, not a bar of zero."""
        return {
            "labels": list(self.labels),
            "values": list(self.values),
            "tones": list(self.tones),
        }

    @property
    def any_value(self) -> bool:
        """Is there anything to draw?"""
        return any(value is not None for value in self.values)

    @property
    def rows(self) -> list[tuple[str, float | None]]:
        """The same as a table."""
        return list(zip(self.labels, self.values, strict=True))


def band_bars(indicators: Sequence[Mapping[str, Any]], t: Translator) -> tuple[BandBars, ...]:
    """One chart per instrument from the indicators `responses-<instrument>-<band>`."""
    found: dict[str, list[tuple[str, float | None, int, bool]]] = {}
    for each in indicators:
        parts = str(each["code"]).removeprefix(RESPONSES).split("-", 1)
        if not str(each["code"]).startswith(RESPONSES) or len(parts) != 2:
            continue
        instrument, band = parts
        hidden = bool(each.get("suppressed"))
        value = None if hidden else _number(each.get("value"))
        bar = (band_title(band, t), value, tone_of(band), hidden)
        found.setdefault(instrument, []).append(bar)
    return tuple(
        _bars(name, sorted(bars, key=lambda bar: bar[2]), t) for name, bars in found.items()
    )


def _bars(
    instrument: str, bars: Sequence[tuple[str, float | None, int, bool]], t: Translator
) -> BandBars:
    return BandBars(
        instrument=instrument,
        title=t.either(f"scale.title.{instrument}", instrument.upper()),
        labels=tuple(bar[0] for bar in bars),
        values=tuple(bar[1] for bar in bars),
        tones=tuple(bar[2] for bar in bars),
        any_hidden=any(bar[3] for bar in bars),
    )


@dataclass(frozen=True)
class StatisticsView:
    """The statistics page."""

    unit: str
    year: int
    month: int | None
    headline: tuple[Figure, ...]
    targets: tuple[Figure, ...]
    rest: tuple[Figure, ...]
    bands: tuple[BandBars, ...]
    any_hidden: bool

    @property
    def target_chart(self) -> dict[str, Any]:
        """How far each indicator with a target has come, in percent."""
        drawn = [each for each in self.targets if each.share is not None]
        return {
            "labels": [each.title for each in drawn],
            "values": [each.share for each in drawn],
            "tones": [each.pace_tone for each in drawn],
        }


def statistics_view(
    indicators: Sequence[Mapping[str, Any]], unit: str, year: int, month: int | None, t: Translator
) -> StatisticsView:
    """Headline figures, figures with targets, the rest, and one chart of bands per instrument."""
    figures = [figure(each, t) for each in indicators]
    bands = band_bars(indicators, t)
    in_charts = {f"{RESPONSES}{bars.instrument}-" for bars in bands}
    plain = [each for each in figures if not each.code.startswith(tuple(in_charts))]
    by_code = {each.code: each for each in plain}
    headline = tuple(by_code[code] for code in HEADLINE if code in by_code)
    return StatisticsView(
        unit=unit,
        year=year,
        month=month,
        headline=headline,
        targets=tuple(each for each in plain if each.target is not None),
        rest=tuple(
            each
            for each in plain
            if each not in headline and each.target is None and each.state != "uncounted"
        ),
        bands=bands,
        any_hidden=any(each.suppressed for each in figures),
    )


MONTHLY = ("responses-completed", "offers-accepted", "appointments-completed")


def months_chart(
    lines: Sequence[tuple[str, Sequence[Mapping[str, Any]]]], t: Translator
) -> dict[str, Any] | None:
    """Some counts month by month, each with its title; None where there is nothing to draw."""
    drawn = [(title, [_month_value(each) for each in months]) for title, months in lines]
    drawn = [(title, values) for title, values in drawn if _drawable(values)]
    if not drawn:
        return None
    months = next(listed for _, listed in lines if listed)
    return {
        "labels": [times.month_name(int(str(m["month"])[-2:]), t.language) for m in months],
        "lines": [{"title": title, "values": values} for title, values in drawn],
    }


def _month_value(month: Mapping[str, Any]) -> float | None:
    return None if month.get("suppressed") else _number(month.get("value"))


def _drawable(values: Sequence[float | None]) -> bool:
    return sum(value is not None for value in values) > 1


def month_names(t: Translator) -> list[tuple[int, str]]:
    """The twelve months to choose from."""
    return [(number, times.month_name(number, t.language)) for number in range(1, 13)]
