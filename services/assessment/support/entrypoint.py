"""Routes whose every refusal and failure carries the help card."""

from collections.abc import Mapping
from typing import Any

from services.assessment.instruments.definition import Language
from services.assessment.language import language_of
from services.assessment.support.card import read_card
from services.chassis.http import HttpEntrypoint
from services.chassis.request import Request


class SupportedEntrypoint(HttpEntrypoint):
    """A route a person in distress may be on: no answer of it comes without help."""

    def setup(self) -> None:
        """Read the card; then register the route."""
        card = read_card(self.container.runtime.settings.support_card)
        languages: tuple[Language, ...] = ("zh", "en")
        cards = {language: {"support": card.within(language)} for language in languages}

        def members(request: Request) -> Mapping[str, Any]:
            return cards[language_of(request)]

        self.problem_members = members
        super().setup()


supported_http = SupportedEntrypoint.decorator
