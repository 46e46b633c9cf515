"""For operators: the systems that subscribe, how far they are, and what can be done for them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from services.contracts import public
from services.portal.client.refusals import Refused
from services.portal.ops.subscriber_views import subscriber_views
from services.portal.web.desk import Desk
from services.portal.web.forms import Form, refused_form
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

MOST = 200
PAGE = "/subscribers"
API = "/subscriptions"
CHOSEN = "type:"
OPEN, CLOSED = tuple(public.PUBLIC), tuple(public.SHAREABLE)
DONE: Mapping[str, str] = {
    "pause": "subscribers.paused_done",
    "resume": "subscribers.resumed_done",
    "end": "subscribers.ended_done",
}


class SubscriberEntrypoints:
    """Names, types and counters; what an event holds is for its subscriber alone."""

    desk: Desk = DeskProvider()

    @page("GET", PAGE, door="subscribers")
    def subscribers(self, visit: Visit) -> Response:
        """All of them, those that need somebody first."""
        return _list(visit, Form())

    @page("POST", PAGE, door="subscribers")
    def add_subscriber(self, visit: Visit) -> Response:
        """Its secrets are on the page that answers, and nowhere else."""
        form = visit.form
        body = {
            "name": form.get("name", ""),
            "title": form.get("title", ""),
            "url": form.get("url") or None,
            "types": [each for each in (*OPEN, *CLOSED) if form.get(f"{CHOSEN}{each}")],
        }
        try:
            made = visit.api.post("accounts", API, body)
        except Refused as refused:
            # The choices are many fields of the form, and one of the service's.
            problem = refused.problem
            again = refused_form({**dict.fromkeys(body, ""), **form}, problem, visit.t)
            return _list(visit, again, problem.status)
        return visit.page("ops/subscriber-made.html", status=201, made=made)

    @page("POST", f"{PAGE}/<uuid:subscription>/<act>", door="subscribers")
    def change_subscriber(self, visit: Visit, subscription: UUID, act: str) -> Response:
        """Pause, resume or end."""
        if act not in DONE:
            return visit.failure("not_found", 404)
        path = f"{API}/{subscription}"
        try:
            if act == "end":
                visit.api.call("DELETE", "accounts", path)
            else:
                visit.api.post("accounts", f"{path}/{act}")
        except Refused as refused:
            return _list(visit, visit.refused(refused.problem), refused.problem.status)
        return visit.go(PAGE, DONE[act])


def _list(visit: Visit, form: Form, status: int = 200) -> Response:
    found: dict[str, Any] = visit.api.get("accounts", API, limit=MOST)
    return visit.page(
        "ops/subscribers.html",
        status=status,
        form=form,
        subscribers=subscriber_views(found["items"], visit.t),
        open_types=OPEN,
        closed_types=CLOSED,
        chosen=CHOSEN,
    )
