"""When a counsellor works: the hours of a week, and the days that differ from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from uuid import UUID

from services.booking.experts.domain import Counsellor, CounsellorNotFound
from services.booking.sites.domain import Room
from services.chassis.access import Principal, Scope
from services.chassis.errors import FieldError, NotFound, UnprocessableInput
from services.contracts.booking import Mode


class ExceptionKind(StrEnum):
    """How a day differs from the week."""

    AWAY = "away"
    EXTRA = "extra"


class ExceptionNotFound(NotFound):
    """No such exception of this counsellor."""

    code = "exception-not-found"


class HoursRefused(UnprocessableInput):
    """The hours contradict one another, or the counsellor's own terms."""

    code = "hours-refused"


@dataclass(frozen=True, kw_only=True)
class SessionPattern:
    """How hours are cut into sessions: 50 minutes, and a pause after each."""

    session: timedelta = timedelta(minutes=50)
    pause: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class WeeklyHours:
    """Hours of one weekday (1 is Monday) at one site, in the city's wall time."""

    id: UUID
    weekday: int
    starts: time
    ends: time
    site: UUID
    modes: tuple[Mode, ...]
    room: UUID | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def length(self) -> timedelta:
        """From start to end; negative where they are swapped."""
        return _since_midnight(self.ends) - _since_midnight(self.starts)

    def applies_on(self, day: date) -> bool:
        """Whether these hours belong to the day."""
        return (
            day.isoweekday() == self.weekday
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )

    def collides_with(self, other: "WeeklyHours") -> bool:
        """Whether both could fall on the same minutes of some day."""
        return (
            self.weekday == other.weekday
            and self.starts < other.ends
            and other.starts < self.ends
            and (self.valid_from or date.min) <= (other.valid_until or date.max)
            and (other.valid_from or date.min) <= (self.valid_until or date.max)
        )


@dataclass(frozen=True, kw_only=True)
class DayException:
    """Days on which the counsellor is away (all day or some hours), or works extra hours."""

    id: UUID
    counsellor: UUID
    kind: ExceptionKind
    first_day: date
    last_day: date
    starts: time | None = None
    ends: time | None = None
    site: UUID | None = None
    room: UUID | None = None
    modes: tuple[Mode, ...]

    def applies_on(self, day: date) -> bool:
        """Whether the day is among these."""
        return self.first_day <= day <= self.last_day


def check_hours(
    hours: Sequence[WeeklyHours], counsellor: Counsellor, pattern: SessionPattern
) -> None:
    """Refuse hours that collide or that the counsellor's terms do not cover; names each field."""
    errors = [
        error for place, each in enumerate(hours) for error in _terms(place, each, counsellor)
    ]
    for place, each in enumerate(hours):
        if each.length < pattern.session:
            errors.append(_error(place, "ends", "leaves no room for a session", "too-short"))
        if any(each.collides_with(earlier) for earlier in hours[:place]):
            errors.append(_error(place, "starts", "collides with earlier hours", "hours-collide"))
    if errors:
        raise HoursRefused("the week cannot be planned like this", errors=errors)


def _terms(place: int, hours: WeeklyHours, counsellor: Counsellor) -> Iterator[FieldError]:
    if hours.site not in counsellor.sites:
        yield _error(place, "site", "is not a site of this counsellor", "not-their-site")
    if not set(hours.modes) <= set(counsellor.modes):
        yield _error(place, "modes", "the counsellor does not offer these", "not-their-mode")


def _error(place: int, field: str, message: str, code: str) -> FieldError:
    return FieldError(f"items.{place}.{field}", message, code)


def check_exception(exception: DayException, counsellor: Counsellor) -> None:
    """An exception's days and hours must be in order, and extra hours say where and how."""
    errors = []
    if exception.last_day < exception.first_day:
        errors.append(FieldError("last_day", "lies before the first day", "wrong-order"))
    if (exception.starts is None) != (exception.ends is None):
        errors.append(FieldError("ends", "give both hours, or none", "incomplete"))
    if exception.starts and exception.ends and exception.ends <= exception.starts:
        errors.append(FieldError("ends", "lies before the start", "wrong-order"))
    if exception.kind is ExceptionKind.EXTRA:
        errors += _extra(exception, counsellor)
    if errors:
        raise HoursRefused("the exception cannot be planned like this", errors=errors)


def check_rooms(
    openings: Sequence[WeeklyHours | DayException], rooms: Sequence[Room], field: str
) -> None:
    """A room that is named must be a counselling room of the site."""
    usable = {(room.site, room.id) for room in rooms if room.holds_sessions}
    errors = [
        FieldError(field.format(place=place), "is no counselling room of the site", "not-there")
        for place, each in enumerate(openings)
        if each.room is not None and (each.site, each.room) not in usable
    ]
    if errors:
        raise HoursRefused("sessions cannot be held there", errors=errors)


def _extra(exception: DayException, counsellor: Counsellor) -> list[FieldError]:
    errors = []
    if exception.starts is None:
        errors.append(FieldError("starts", "extra hours need a start and an end", "required"))
    if exception.site not in counsellor.sites:
        errors.append(FieldError("site", "is not a site of this counsellor", "not-their-site"))
    if not exception.modes or not set(exception.modes) <= set(counsellor.modes):
        errors.append(FieldError("modes", "the counsellor does not offer these", "not-their-mode"))
    return errors


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def arranges(principal: Principal, counsellor: Counsellor, action: str) -> None:
    """A counsellor arranges their own hours, an administrator those of their subtree."""
    if principal.person == counsellor.id:
        return
    scope = principal.scope_of(action)
    if scope is Scope.CITY or (scope is Scope.SUBTREE and principal.covers(counsellor.unit)):
        return
    raise CounsellorNotFound
