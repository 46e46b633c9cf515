"""What the use cases need of storage, in their words."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from services.assessment.care.definition import CarePolicy
from services.assessment.cases.domain import Flag
from services.assessment.consent.domain import Consent
from services.assessment.consent.texts import Purpose
from services.assessment.help_requests.domain import Earlier, HelpRequest, Received
from services.assessment.instruments.definition import Instrument
from services.assessment.quizzes.ports import QuizWork
from services.assessment.remarks.domain import Remark, Said
from services.assessment.responses.domain import Kept, Response
from services.assessment.sittings.domain import Sitting
from services.assessment.wordings.domain import Right

T = TypeVar("T")


class Consents(Protocol):
    """Agreements, kept as proof."""

    def grant(self, person: UUID, purpose: Purpose) -> bool:
        """Note the agreement to the present wording; False where it stood already."""
        ...

    def withdraw(self, person: UUID, purpose_id: str) -> Sequence[str]:
        """End every standing agreement to the purpose; returns the versions they were to."""
        ...

    def latest(self, person: UUID) -> Sequence[Consent]:
        """The newest agreement to each purpose, withdrawn or not."""
        ...


class Responses(Protocol):
    """Completed sheets, sealed."""

    def add(self, response: Response, agreeing: Purpose | None) -> Kept:
        """Keep it, and the agreement that came with it."""
        ...

    def get(self, response_id: UUID, person: UUID) -> Response:
        """The person's own; raises ResponseNotFound."""
        ...

    def page(
        self,
        person: UUID,
        instrument: str | None,
        before: tuple[datetime, UUID] | None,
        limit: int,
    ) -> Sequence[Response]:
        """The person's own, newest first."""
        ...


class Sittings(Protocol):
    """Sheets that are being filled in, sealed."""

    def add(self, sitting: Sitting) -> None:
        """Keep a new one."""
        ...

    def get(self, sitting_id: UUID, person: UUID) -> Sitting:
        """The person's own, locked until the end of the work; raises SittingNotFound."""
        ...

    def save(self, sitting: Sitting) -> None:
        """Keep what changed; a submitted sitting keeps no answers."""
        ...

    def discard(self, person: UUID) -> None:
        """Delete the person's open sittings."""
        ...

    def discard_older(self, than: timedelta) -> int:
        """Delete those nobody saved for so long; returns how many."""
        ...


class CrisisCases(Protocol):
    """Which case is open for whom."""

    def join(self, flag: Flag) -> UUID:
        """The person's open case, or a new one."""
        ...

    def signal(self, case: UUID) -> None:
        """Note another signal."""
        ...

    def close(self, case: UUID, at: datetime) -> None:
        """Close it, unless a signal came later than that."""
        ...

    def is_open(self, case: UUID) -> bool:
        """Whether another signal would join it."""
        ...

    def exists(self, case: UUID) -> bool:
        """Whether this service ever opened it."""
        ...


class HelpRequests(Protocol):
    """Calls for help, with or without a sign-in."""

    def earlier(self, request: HelpRequest, within: timedelta) -> Earlier | None:
        """What the same person, phone or address asked before, if that case is still open."""
        ...

    def add(self, request: HelpRequest, case: UUID) -> None:
        """Keep it under the case."""
        ...

    def repeat(self, request_id: UUID) -> None:
        """Count one more of the same."""
        ...

    def of_case(self, case: UUID) -> Sequence[Received]:
        """What was left under a case, oldest first."""
        ...


class Wordings(Protocol):
    """Instruments that were imported."""

    def add(self, instrument: Instrument, right: Right) -> None:
        """Keep it; raises VersionNotNewer where another import took the version."""
        ...


class Remarks(Protocol):
    """What people say to their own results."""

    def write(self, response: UUID, person: UUID, said: Said) -> Remark:
        """In the place of an earlier one."""
        ...

    def of(self, response: UUID, person: UUID) -> Remark | None:
        """What the person said to this result."""
        ...

    def delete(self, response: UUID, person: UUID) -> bool:
        """Whether there was one."""
        ...


class Work(QuizWork, Protocol):
    """The unit of work: all of it or nothing."""

    @property
    def consents(self) -> Consents: ...
    @property
    def responses(self) -> Responses: ...
    @property
    def sittings(self) -> Sittings: ...
    @property
    def cases(self) -> CrisisCases: ...
    @property
    def help_requests(self) -> HelpRequests: ...
    @property
    def wordings(self) -> Wordings: ...
    @property
    def remarks(self) -> Remarks: ...


class Alarm(Protocol):
    """The way of a crisis signal when storage is away."""

    def insist(self, keep: Callable[[], T], flags: Sequence[Flag], policy: CarePolicy) -> T:
        """What `keep` returns; where storage stays away, tell booking and raise NotKept."""
        ...
