"""The statistics of a unit, as far as the person's roles reach."""

from typing import Any

from werkzeug.wrappers import Response

from services.portal.client.refusals import Refused, ServiceDown
from services.portal.statistics import views
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

YEARS_SHOWN = 3
MOST_UNITS = 200


class StatisticsEntrypoints:
    """Indicators, targets and charts."""

    desk: Desk = DeskProvider()

    @page("GET", "/statistics", door="statistics")
    def statistics(self, visit: Visit) -> Response:
        """A year or a month of one unit."""
        unit = visit.argument("unit") or (visit.person.unit if visit.person else "")
        year = _number(visit.argument("year"), visit.now.year, low=2000, high=2100)
        month = _number(visit.argument("month"), 0, low=1, high=12) or None
        form, indicators = Form(), []
        try:
            indicators = _indicators(visit, unit, year, month)
        except Refused as refused:
            form = visit.refused(refused.problem)
        units = _units(visit)
        view = views.statistics_view(indicators, dict(units).get(unit, unit), year, month, visit.t)
        return visit.page(
            "statistics/statistics.html",
            form=form,
            view=view,
            unit=unit,
            units=units,
            years=range(visit.now.year, visit.now.year - YEARS_SHOWN, -1),
            months=views.month_names(visit.t),
            monthly=_monthly(visit, unit, year, indicators) if month is None else None,
            shown=views.shown_number,
        )


def _indicators(visit: Visit, unit: str, year: int, month: int | None) -> list[dict[str, Any]]:
    found = visit.api.get("reporting", "/indicators", unit=unit or None, year=year, month=month)
    return list(found["items"])


def _monthly(
    visit: Visit, unit: str, year: int, indicators: list[dict[str, Any]]
) -> dict[str, Any] | None:
    titles = {str(each["code"]): str(each.get("title") or each["code"]) for each in indicators}
    try:
        lines = [
            (titles[code], _months(visit, code, unit, year))
            for code in views.MONTHLY
            if code in titles
        ]
    except (Refused, ServiceDown):
        return None
    return views.months_chart(lines, visit.t)


def _months(visit: Visit, code: str, unit: str, year: int) -> list[dict[str, Any]]:
    path = f"/indicators/{code}/months"
    return list(visit.api.get("reporting", path, unit=unit or None, year=year)["items"])


def _units(visit: Visit) -> list[tuple[str, str]]:
    """The units one may ask about; empty where accounts does not tell, then the path is typed."""
    try:
        own = visit.person.unit if visit.person else ""
        root = own if visit.visitor.roles == {"district-admin"} else own.split("/")[0]
        found = visit.api.get("accounts", "/units", under=root or None, limit=MOST_UNITS)
    except (Refused, ServiceDown):
        return []
    return [(str(each["path"]), str(each["name"])) for each in found["items"]]


def _number(text: str, otherwise: int, *, low: int, high: int) -> int:
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    return otherwise
