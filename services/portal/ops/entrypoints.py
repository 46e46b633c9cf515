"""For those who run it: the state of the services, and one loop by its correlation id."""

import re
from typing import Any

import msgspec
from werkzeug.wrappers import Response

from services.portal.client.refusals import Refused, ServiceDown
from services.portal.ops.views import LoopView, loop_view
from services.portal.web.desk import Desk
from services.portal.web.forms import Form
from services.portal.web.pages import page
from services.portal.web.visit import Visit
from services.portal.wiring import DeskProvider

CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")
STATES = {"ok": "good", "degraded": "warm", "down": "alarm"}


class OpsEntrypoints:
    """Nothing in it is about a person."""

    desk: Desk = DeskProvider()

    @page("GET", "/ops", door="ops")
    def ops(self, visit: Visit) -> Response:
        """Services, links, and a loop if one is asked for."""
        wanted = visit.argument("loop")
        form = Form({"loop": wanted})
        return visit.page(
            "ops/ops.html",
            form=form,
            loop_found=_loop(visit, wanted),
            services=[_service(visit, name) for name in sorted(visit.api.pools.addresses)],
            links=visit.settings.ops_links,
        )


def _loop(visit: Visit, wanted: str) -> LoopView | None:
    if not CORRELATION.fullmatch(wanted):
        return None
    try:
        found = visit.api.get("reporting", f"/loops/{wanted}")
    except Refused as refused:
        if refused.problem.status == 404:
            return None
        raise
    return loop_view(found, visit.t)


def _service(visit: Visit, name: str) -> dict[str, Any]:
    state = "down"
    try:
        answer = visit.api.pools.send(name, "GET", "/health/ready", headers={})
        document = msgspec.json.decode(answer.data)
        if answer.status == 200:
            state = "degraded" if document.get("status") == "degraded" else "ok"
    except (ServiceDown, msgspec.DecodeError):
        pass
    docs = f"/api/{name}/v1/openapi.json"
    return {"name": name, "state": state, "tone": STATES[state], "docs": docs}
