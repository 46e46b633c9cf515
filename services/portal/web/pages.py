"""`@page`: a route that answers with HTML, behind the desk."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from werkzeug.wrappers import Response

from services.chassis.http import http
from services.chassis.request import Request
from services.portal.web.desk import Gate

FORM_LIMIT = 64 * 1024

PageMethod = Callable[..., Response]


def page(
    method: str,
    url: str,
    *,
    signed_in: bool = False,
    door: str = "",
    lenient: bool = False,
    pool: str = "web",
    summary: str = "",
) -> Callable[[PageMethod], Any]:
    """A page: the method gets the visit and the path's values. See `Gate` for who may enter.

    Services check every right again: a gate keeps people from pages they can do nothing with.
    """
    gate = Gate(signed_in=signed_in, door=door, lenient=lenient)

    def decorate(handler: PageMethod) -> Any:
        @wraps(handler)
        def arrive(self: Any, request: Request, **values: Any) -> Response:
            answer: Response = self.desk.serve(request, gate, partial(handler, self), values)
            return answer

        arrive.gate = gate  # type: ignore[attr-defined]  # for whoever asks which pages are open
        route = http(
            method,
            url,
            action=None,
            idempotent=False,
            limit=FORM_LIMIT,
            pool=pool,
            summary=summary or (handler.__doc__ or "").strip(),
        )
        return route(arrive)

    return decorate
