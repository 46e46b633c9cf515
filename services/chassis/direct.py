"""Routes answered outside the worker pools: probes, and urgent events that come past the broker."""

from typing import Any

from nameko.extensions import Entrypoint
from werkzeug.wrappers import Response

from services.chassis.http import HttpEntrypoint
from services.chassis.request import Request
from services.chassis.response import json_response


class DirectEntrypoint(HttpEntrypoint):
    """A route whose method runs in the connection's own thread: `method(request, container)`."""

    def __init__(self, method: str, url: str, **options: Any) -> None:
        super().__init__(method, url, **{"idempotent": False, **options})

    def _run(self, request: Request) -> Response:
        service = self.container.service_cls()
        result = getattr(service, self.method_name)(request, self.container)
        return result if isinstance(result, Response) else json_response(result, self.status)


def entrypoints_of(container: Any, kind: type[Entrypoint]) -> list[Any]:
    """The container's entrypoints of one kind."""
    return [each for each in container.entrypoints if isinstance(each, kind)]


direct = DirectEntrypoint.decorator
