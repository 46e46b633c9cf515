"""The first page of a signed-in person: the next step, then everything else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.portal.care.views import AppointmentView, OfferView
from services.portal.web import times
from services.portal.web.frame import Door, doors_of
from services.portal.web.language import Translator


@dataclass(frozen=True)
class HomeView:
    """What waits for the person; anything that could not be asked is absent."""

    greeting: str
    offer: OfferView | None
    appointment: AppointmentView | None
    doors: tuple[Door, ...]
    worker: bool
    unread: int = 0


def home_view(
    name: str,
    roles: Collection[str],
    now: datetime,
    t: Translator,
    *,
    offer: OfferView | None = None,
    appointment: AppointmentView | None = None,
    unread: int = 0,
) -> HomeView:
    """The page, with an offer before an appointment where both wait."""
    greeting = t(f"home.greeting.{times.part_of_day(now)}")
    return HomeView(
        greeting=t("home.hello", greeting=greeting, name=name) if name else greeting,
        offer=offer,
        appointment=appointment,
        doors=doors_of(roles),
        worker="worker" in roles,
        unread=unread,
    )
