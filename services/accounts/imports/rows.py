"""One row of an import: its cells checked and written in their normal form."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from services.accounts.people.contact_points import ContactPoint, contact_point
from services.accounts.people.domain import (
    CARE_ROLES,
    LANGUAGES,
    OFFICE_ROLES,
    Profile,
)
from services.accounts.people.identifiers import normal_login, normal_member_no
from services.chassis.access import Role
from services.contracts.notification import Channel

T = TypeVar("T")

ROLE_WORDS = {
    "职工": Role.WORKER,
    "咨询师": Role.COUNSELLOR,
    "专家": Role.COUNSELLOR,
    "危机值班": Role.DUTY,
    "值班": Role.DUTY,
    "单位管理员": Role.UNIT_ADMIN,
    "区县管理员": Role.DISTRICT_ADMIN,
    "分中心管理员": Role.DISTRICT_ADMIN,
    "市管理员": Role.CITY_ADMIN,
    "临床负责人": Role.CLINICAL_LEAD,
    "运维": Role.OPS,
} | {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one field of one row; it never repeats the cell."""

    row: int
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read; `number` as the spreadsheet shows it, the header being 1.

    None means that the file says nothing about the field, so that it stays as it is.
    """

    number: int
    profile: Profile
    unit: str
    points: tuple[ContactPoint, ...]
    roles: frozenset[Role] | None
    scope: str | None
    language: str | None

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels the row gives an address for."""
        return frozenset(point.channel for point in self.points)

    def canonical(self) -> str:
        """The same text for the same content."""
        return json.dumps(
            [
                self.profile.name,
                self.profile.login,
                self.profile.member_no,
                self.unit,
                sorted((point.channel.value, point.address) for point in self.points),
                sorted(role.value for role in self.roles) if self.roles is not None else None,
                self.scope,
                self.language,
            ],
            ensure_ascii=False,
        )


class _Cells:
    """Reads cells one after another and remembers what was wrong."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number = number
        self.errors: list[RowError] = []
        self._cells = cells

    def optional(self, field: str, parse: Callable[[str], T]) -> T | None:
        text = self._cells.get(field)
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.wrong(field, f"bad-{field.replace('_', '-')}", str(error))
            return None

    def needed(self, field: str, parse: Callable[[str], T]) -> T | None:
        if field not in self._cells:
            self.wrong(field, "missing", "this cell must not be empty")
        return self.optional(field, parse)

    def wrong(self, field: str, code: str, message: str) -> None:
        self.errors.append(RowError(self.number, field, code, message))


def read_row(number: int, cells: Mapping[str, str]) -> tuple[Row | None, list[RowError]]:
    """The row, or everything that is wrong with it."""
    read = _Cells(number, cells)
    name = read.needed("name", _name)
    unit = read.needed("unit", _unit)
    login = read.optional("login", normal_login)
    member_no = read.optional("member_no", normal_member_no)
    if "login" not in cells and "member_no" not in cells:
        read.wrong("member_no", "missing", "a member number or a login is needed")
    phone = read.optional("phone", lambda text: contact_point(Channel.SMS, text))
    email = read.optional("email", lambda text: contact_point(Channel.EMAIL, text))
    roles = read.optional("roles", _roles)
    scope = read.optional("scope", _unit)
    language = read.optional("language", _language)
    if read.errors or name is None or unit is None:
        return None, read.errors
    points = tuple(point for point in (phone, email) if point is not None)
    row = Row(
        number=number,
        profile=Profile(name, login, member_no),
        unit=unit,
        points=points,
        roles=roles,
        scope=scope,
        language=language,
    )
    return row, []


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > 64 or not name.isprintable():
        raise ValueError("at most 64 printable characters")
    return name


def _unit(text: str) -> str:
    path = text.strip().strip("/").lower()
    if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*", path) or len(path) > 200:
        raise ValueError("the path of a unit, such as wh/hc/e0001")
    return path


def _roles(text: str) -> frozenset[Role]:
    words = [word for word in re.split(r"[\s,;+、，；]+", text.lower()) if word]
    unknown = [word for word in words if word not in ROLE_WORDS]
    if unknown or not words:
        raise ValueError(f"one or more of: {', '.join(sorted(role.value for role in Role))}")
    roles = frozenset(ROLE_WORDS[word] for word in words)
    if roles & CARE_ROLES and roles & OFFICE_ROLES:
        raise ValueError("care roles and administrative roles do not go together")
    return roles


def _language(text: str) -> str:
    language = {"中文": "zh", "英文": "en", "english": "en"}.get(text.lower(), text.lower())
    if language not in LANGUAGES:
        raise ValueError("zh or en")
    return language
