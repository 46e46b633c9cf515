"""The OpenAPI document of each service, from its routes, without starting it."""

import inspect
from functools import cache
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from services.apphost import KEEPERS, SERVICES
from services.chassis.http import HttpEntrypoint
from services.chassis.openapi import document_of


class Unstarted:
    """As much of a container as a document is made from."""

    def __init__(self, service: Any) -> None:
        self.service_cls, self.service_name = service, service.name
        self.shared_extensions: dict[Any, Any] = {}
        self.entrypoints = [
            each.bind(self, name)
            for name, method in inspect.getmembers(service)
            for each in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
            if isinstance(each, HttpEntrypoint)
        ]
        for each in self.entrypoints:
            each.url = each.address(self.service_name)


@cache
def openapi_documents() -> dict[str, dict[str, Any]]:
    """By service. The portal has none: its pages are for people."""
    return {name: document_of(Unstarted(SERVICES[name].load())) for name in KEEPERS}
