"""Which column of a spreadsheet means what, in the words a union office uses."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.errors import FieldError, UnprocessableInput

ALIASES: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "职工姓名", "full name"),
    "member_no": ("会员号", "会员编号", "工会会员号", "会员证号", "member number", "member no"),
    "login": ("登录名", "账号", "用户名"),
    "unit": ("单位", "单位编码", "单位路径", "工会编码", "unit path"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "mobile"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail", "mail"),
    "roles": ("角色", "role"),
    "scope": ("管理范围", "负责单位"),
    "language": ("语言",),
}
COLUMNS = {
    word.casefold(): column for column, others in ALIASES.items() for word in (column, *others)
}


class UnusableHeader(UnprocessableInput):
    """The first row does not say which columns there are."""

    code = "unusable-header"
    title = "The first row must name the columns"


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands, and which others the file has; those are never read."""

    places: dict[str, int]
    ignored: tuple[str, ...]

    def pick(self, cells: Sequence[str]) -> dict[str, str]:
        """The known cells of a row; absent and blank ones are left out."""
        found = {
            column: cells[place].strip()
            for column, place in self.places.items()
            if place < len(cells)
        }
        return {column: text for column, text in found.items() if text}


def read_header(cells: Sequence[str]) -> Header:
    """Raises UnusableHeader where a needed column is missing or one is there twice."""
    places: dict[str, int] = {}
    ignored: list[str] = []
    errors: list[FieldError] = []
    for place, cell in enumerate(cells):
        column = COLUMNS.get(" ".join(cell.split()).casefold())
        if column is None:
            if cell.strip():
                ignored.append(cell.strip()[:40])
        elif column in places:
            errors.append(FieldError(column, "this column is there twice", "twice"))
        else:
            places[column] = place
    errors += [
        FieldError(column, f"a column «{ALIASES[column][0]}» or «{column}» is needed", "missing")
        for column in ("name", "unit")
        if column not in places
    ]
    if "member_no" not in places and "login" not in places:
        errors.append(FieldError("member_no", "a column «会员号» or «登录名» is needed", "missing"))
    if errors:
        raise UnusableHeader(errors=errors)
    return Header(places, tuple(ignored))
