"""The first page, the language switch, privacy, and the page for addresses that lead nowhere."""

from datetime import timedelta

from werkzeug.wrappers import Response

from services.portal.care.reading import my_appointments, open_offer, site_names
from services.portal.care.views import AppointmentView, appointment_view, next_appointment
from services.portal.home.views import home_view
from services.portal.web.cookies import LANGUAGE, set_lasting
from services.portal.web.desk import Desk
from services.portal.web.language import chosen_language
from services.portal.web.pages import page
from services.portal.web.visit import Visit, local_path
from services.portal.wiring import DeskProvider


class HomeEntrypoints:
    """What everybody sees first."""

    desk: Desk = DeskProvider()

    @page("GET", "/")
    def home(self, visit: Visit) -> Response:
        """The first page: a welcome, or what waits for the person."""
        if visit.person is None:
            return visit.page("home/welcome.html")
        roles, worker = visit.visitor.roles, "worker" in visit.visitor.roles
        visit.unread = int(visit.ask("notification", "/messages/unread", {}).get("count", 0))
        view = home_view(
            visit.person.name,
            roles,
            visit.now,
            visit.t,
            offer=open_offer(visit) if worker else None,
            appointment=_soonest(visit) if worker else None,
            unread=visit.unread,
        )
        return visit.page("home/home.html", view=view)

    @page("GET", "/language/<wish>")
    def switch_language(self, visit: Visit, wish: str) -> Response:
        """Chinese or English from now on."""
        response = visit.go(local_path(visit.argument("back")))
        set_lasting(response, LANGUAGE, chosen_language(wish), secure=visit.secure)
        return response

    @page("GET", "/privacy")
    def privacy(self, visit: Visit) -> Response:
        """Who sees what, and the person's rights."""
        return visit.page("privacy.html")

    @page("GET", "/<path:anywhere>")
    def nowhere(self, visit: Visit, anywhere: str) -> Response:
        """There is no such page."""
        return visit.failure("not_found", 404)


def _soonest(visit: Visit) -> AppointmentView | None:
    listed = my_appointments(visit, since=visit.now - timedelta(hours=2))
    names = site_names(visit) if listed else {}
    return next_appointment([appointment_view(each, names, visit.now, visit.t) for each in listed])
