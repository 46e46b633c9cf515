"""Doors of routes that are not for persons with a role: each says by itself whom it lets in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.chassis.errors import NotFound
from services.chassis.request import Request

if TYPE_CHECKING:
    from services.chassis.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Door:
    """`check` raises a refusal, or notes in `request.guest` whom it let in.

    `schemes` are the ways to prove oneself, as the OpenAPI document names them.
    """

    check: "Callable[[Request, Runtime], None]"
    schemes: tuple[str, ...] = ()


def _came_directly(request: Request, _runtime: "Runtime") -> None:
    if "X-Forwarded-For" in request.headers:
        raise NotFound


NEIGHBOURS = Door(_came_directly)
"""Whoever is in the same network; through a proxy there is no such route."""
