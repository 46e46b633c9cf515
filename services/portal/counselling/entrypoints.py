"""A counsellor's day."""

from datetime import datetime, timedelta
from uuid import UUID

from werkzeug.wrappers import Response

from services.portal.care.reading import my_appointments, site_names
from services.portal.care.views import appointment_view
from services.portal.client.refusals import Refused
from services.portal.web import times
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

DAYS_AHEAD = 7
STEPS = ("check-in", "complete", "no-show")


class CounsellingEntrypoints:
    """Who comes today, and what became of it."""

    desk: Desk = DeskProvider()

    @page("GET", "/counselling", door="counselling")
    def today(self, visit: Visit) -> Response:
        """Today's appointments and those of the next days."""
        return _day_page(visit, Form())

    @page("POST", "/counselling/<uuid:appointment>/<step>", door="counselling")
    def attend(self, visit: Visit, appointment: UUID, step: str) -> Response:
        """Checked in, completed, or not come."""
        if step not in STEPS:
            return visit.failure("not_found", 404)
        try:
            visit.api.post("booking", f"/appointments/{appointment}/{step}")
        except Refused as refused:
            return _day_page(visit, visit.refused(refused.problem), refused.problem.status)
        return visit.go("/counselling", "counselling.done")


def _day_page(visit: Visit, form: Form, status: int = 200) -> Response:
    midnight = datetime.combine(visit.now.date(), datetime.min.time(), times.CITY)
    until = midnight + timedelta(days=DAYS_AHEAD)
    listed = my_appointments(visit, since=midnight, until=until)
    names = site_names(visit)
    views = [appointment_view(each, names, visit.now, visit.t) for each in listed]
    kept = [each for each in views if each.state != "cancelled"]
    today = visit.now.date()
    return visit.page(
        "counselling/today.html",
        status=status,
        form=form,
        today=times.day(visit.now, visit.t.language),
        now_list=[each for each in kept if each.starts.date() == today],
        later=[each for each in kept if each.starts.date() > today],
    )
