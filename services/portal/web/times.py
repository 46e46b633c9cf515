"""Times as people of the city read them: from RFC 3339 in UTC to Asia/Shanghai and words."""

from datetime import UTC, date, datetime, timedelta, timezone

from services.portal.web.language import Language, Translator

CITY = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991
_ZH_DAYS = "一二三四五六日"
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse(wire: str) -> datetime:
    """A wire time as an aware moment of the city; one without an offset is taken as UTC."""
    moment = datetime.fromisoformat(wire)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(CITY)


def wire(moment: datetime) -> str:
    """The moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def clock(moment: datetime) -> str:
    """`09:30`."""
    return moment.astimezone(CITY).strftime("%H:%M")


def span(start: datetime, end: datetime) -> str:
    """`09:30–10:20`."""
    return f"{clock(start)}–{clock(end)}"


def weekday(day: date, language: Language) -> str:
    """`周二` or `Tue`."""
    return f"周{_ZH_DAYS[day.weekday()]}" if language == "zh" else _EN_DAYS[day.weekday()]


def day(moment: datetime, language: Language) -> str:
    """`11月24日 周二` or `Tue 24 Nov`."""
    local = moment.astimezone(CITY).date()
    if language == "zh":
        return f"{local.month}月{local.day}日 {weekday(local, language)}"
    return f"{weekday(local, language)} {local.day} {_EN_MONTHS[local.month - 1]}"


def month_name(month: int, language: Language) -> str:
    """`3月` or `Mar`."""
    return f"{month}月" if language == "zh" else _EN_MONTHS[month - 1]


def moment(at: datetime, language: Language) -> str:
    """Day and clock together."""
    return f"{day(at, language)} {clock(at)}"


def left(until: datetime, now: datetime, t: Translator) -> str:
    """How long until then, in the largest fitting unit: `还有 2 天`."""
    minutes = int((until - now).total_seconds() // 60)
    if minutes < 0:
        return t("times.over")
    if minutes < 90:
        return t("times.minutes_left", n=max(minutes, 1))
    if minutes < 60 * 36:
        return t("times.hours_left", n=round(minutes / 60))
    return t("times.days_left", n=round(minutes / 1440))


def part_of_day(now: datetime) -> str:
    """Which greeting fits: the last part of a catalogue key."""
    hour = now.astimezone(CITY).hour
    parts = ((5, "night"), (11, "morning"), (14, "noon"), (18, "afternoon"), (23, "evening"))
    return next((name for end, name in parts if hour < end), "night")
