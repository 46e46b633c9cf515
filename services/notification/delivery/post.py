"""From a claim to an outcome: find the address, write the letter, hand it to its channel."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.chassis.keyring import CannotOpen
from services.contracts.notification import Channel
from services.notification.contacts.usecases import Found, NoAddress, Unknown, Whereabouts
from services.notification.delivery.domain import Claim, Outcome, Postponed, Refused
from services.notification.delivery.ports import Letter, OutsideChannel
from services.notification.messages.domain import Reason, Value
from services.notification.messages.sealing import Enclosed
from services.notification.wording.catalogue import Catalogue
from services.notification.wording.rendering import render

FindAddress = Callable[[UUID, Channel], Whereabouts]
OpenSealed = Callable[[Claim], Enclosed | None]


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Sends claims. Fallback contacts are the city's own addresses, from the settings."""

    channels: Mapping[Channel, OutsideChannel]
    find_address: FindAddress
    open_sealed: OpenSealed
    fallbacks: Sequence[str]
    catalogue: Catalogue
    public_url: str

    def send(self, claim: Claim) -> Outcome:
        """One attempt."""
        channel = self.channels.get(claim.channel)
        if channel is None:
            return Refused(Reason.NO_CHANNEL)
        try:
            enclosed = self.open_sealed(claim)
        except CannotOpen:  # the person was erased
            return Refused(Reason.NOT_NEEDED)
        if enclosed is not None:
            to = Found(enclosed.address, enclosed.language)
            return channel.send(self._letter(claim, enclosed.values, to))
        match self._whereabouts(claim):
            case Found() as found:
                return channel.send(self._letter(claim, claim.values, found))
            case NoAddress():
                return Refused(Reason.NO_ADDRESS)
            case Unknown():
                return Postponed(Reason.ADDRESS_UNKNOWN)

    def _whereabouts(self, claim: Claim) -> Whereabouts:
        if claim.person is not None:
            return self.find_address(claim.person, claim.channel)
        number = claim.fallback or 0
        return Found(self.fallbacks[number], "zh") if number < len(self.fallbacks) else NoAddress()

    def _letter(self, claim: Claim, values: Mapping[str, Value], to: Found) -> Letter:
        words = render(
            claim.kind,
            values,
            to.language,
            catalogue=self.catalogue,
            public_url=self.public_url,
        )
        return Letter(
            message=claim.message,
            address=to.address,
            language=to.language,
            subject=words.subject,
            body=words.body,
            urgent=claim.urgent,
            written_at=claim.created_at,
        )
