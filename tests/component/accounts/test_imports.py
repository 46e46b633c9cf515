"""Importing people over real HTTP."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from services.accounts.imports.sheets import CSV, XLSX
from tests.component.accounts.conftest import SignIn
from tests.support.apps import App
from tests.support.rows import count

IMPORTS = "/api/accounts/v1/imports"
HEADER = ("姓名", "会员号", "手机", "邮箱", "单位", "角色", "身份证号")


def csv_of(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    return "\r\n".join(",".join(row) for row in (header, *rows)).encode()


def xlsx_of(*rows: tuple[object, ...], header: tuple[str, ...] = HEADER) -> bytes:
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(client, content: bytes, kind: str = CSV, **headers: str):
    return client.call("POST", IMPORTS, data=content, headers={"Content-Type": kind, **headers})


def counts(answer) -> tuple[int, ...]:
    body = answer.json()
    return tuple(body[name] for name in ("rows", "created", "updated", "unchanged", "refused"))


def test_right_rows_are_applied_wrong_ones_reported_and_the_same_file_changes_nothing(
    as_: SignIn,
) -> None:
    file = csv_of(
        ("张三", "A-0001", "138 0000 1001", "zhang@example.org", "wh/hc/e0001", "", "11010119"),
        ("李四", "A-0002", "123", "li@example", "wh/hc/e0001", "", ""),
        ("", "A-0003", "", "", "wh/xx", "", ""),
        ("王五", "A-0004", "", "", "wh/hc/nowhere", "", ""),
        ("赵六", "A-0005", "", "", "wh", "临床负责人、市管理员", ""),
        ("钱七", "a-0001", "", "", "wh/hc", "", ""),
    )

    first = send(as_("city-admin"), file)
    second = send(as_("city-admin"), file)

    assert first.status_code == 200, first.text
    assert counts(first) == (6, 1, 0, 0, 5)
    assert counts(second) == (6, 0, 0, 1, 5)
    wrong = [(each["row"], each["field"], each["code"]) for each in first.json()["errors"]]
    assert wrong == [
        (3, "phone", "bad-phone"),
        (3, "email", "bad-email"),
        (4, "name", "missing"),
        (6, "roles", "bad-roles"),
        (7, "member_no", "repeated"),
        (5, "unit", "unknown-unit"),
    ]
    assert first.json()["ignored_columns"] == ["身份证号"]
    assert "123" not in str(first.json()["errors"])


def test_numbers_of_a_workbook_are_read_as_text(as_: SignIn, app: App) -> None:
    file = xlsx_of(
        ("孙八", 20260001, 13800001002, None, "wh/hc/e0002", "worker", None),
        (None, None, None, None, None, None, None),
        ("周九", 20260002.0, "+86 138-0000-1003", "zhou@Example.ORG", "wh/hc/e0002", None, None),
    )

    answer = send(as_("city-admin"), file, XLSX)

    assert counts(answer) == (2, 2, 0, 0, 0)
    found = as_("city-admin").get("/api/accounts/v1/people?q=13800001003").json()["items"]
    assert [(each["name"], each["member_no"]) for each in found] == [("周九", "20260002")]


def test_a_changed_row_updates_the_person_until_a_password_makes_the_addresses_own(
    as_: SignIn, app: App
) -> None:
    admin = as_("city-admin")
    header = ("name", "login", "email", "unit")
    before = csv_of(("吴十", "wu10", "wu@example.org", "wh/hc/e0001"), header=header)
    moved = csv_of(("吴拾", "wu10", "wu10@example.org", "wh/hc/e0002"), header=header)
    taken = csv_of(("吴拾", "wu10", "thief@example.org", "wh/hc/e0002"), header=header)
    send(admin, before)

    updated = send(admin, moved)
    person = admin.get("/api/accounts/v1/people?q=wu10").json()["items"][0]
    code = admin.post(f"/api/accounts/v1/people/{person['id']}/first-password-codes").json()
    set_password = {"login": "wu10", "code": code["code"].lower(), "password": "ein langes Wort"}
    assert app.anybody().post("/api/accounts/v1/passwords", set_password).status_code == 204
    after = send(admin, taken)

    assert counts(updated) == (1, 0, 1, 0, 0)
    assert (person["name"], person["unit"]) == ("吴拾", "wh/hc/e0002")
    assert after.json()["addresses_kept"] == 1
    card = app.service_call(
        "GET",
        "accounts",
        f"/internal/v1/people/{person['id']}/contact-points",
        caller="notification",
    )
    assert card.json()["items"] == [{"channel": "email", "address": "wu10@example.org"}]


def test_nobody_imports_beyond_the_own_units_or_above_the_own_role(as_: SignIn) -> None:
    header = ("姓名", "登录名", "单位", "角色")
    file = csv_of(
        ("甲", "jia1", "wh/kf/e0003", ""),
        ("乙", "yi1", "wh/hc/e0001", "city-admin"),
        ("丙", "ops", "wh/hc/e0001", ""),
        ("丁", "ding1", "wh/hc/e0001", "咨询师"),
        header=header,
    )

    district = send(as_("district-admin1"), file).json()
    unit = send(as_("unit-admin1"), file).json()

    assert [each["code"] for each in district["errors"]] == [
        "unit-not-yours",
        "role-above-yours",
        "unit-not-yours",
    ]
    assert district["created"] == 1
    assert (unit["refused"], unit["unchanged"]) == (3, 1)
    assert as_("worker1").call("POST", IMPORTS, data=file).status_code == 403


def zip_of(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


PLAIN = {
    "[Content_Types].xml": b"<Types>application/vnd.openxmlformats-officedocument."
    b"spreadsheetml.sheet.main+xml</Types>",
    "xl/workbook.xml": b"<workbook/>",
}


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"", CSV, 422, "unreadable-file"),
        (b"name,unit\n", CSV, 422, "unusable-header"),
        (b"\xff\xfe\x00", CSV, 422, "unreadable-file"),
        (b'name,unit,login\n"x', CSV, 422, "unreadable-file"),
        (b"not a zip", XLSX, 422, "unreadable-file"),
        (zip_of(**{"a.txt": b"x"}), XLSX, 422, "unreadable-file"),
        (zip_of(**PLAIN), XLSX, 422, "unreadable-file"),
        (zip_of(**PLAIN, **{"xl/vbaProject.bin": b"x"}), XLSX, 422, "unsafe-file"),
        (zip_of(**PLAIN, **{"xl/x.xml": b"<!DOCTYPE a>"}), XLSX, 422, "unsafe-file"),
        (zip_of(**PLAIN, **{"xl/x.bin": bytes(5_000_000)}), XLSX, 422, "unsafe-file"),
        (xlsx_of()[:-40], XLSX, 422, "unreadable-file"),
        (b"{}", "application/json", 415, "unsupported-file"),
    ],
)
def test_a_file_that_is_no_plain_list_is_refused_whole(
    as_: SignIn, app: App, content: bytes, kind: str, status: int, code: str
) -> None:
    people = count(app, "accounts", "people")

    answer = send(as_("city-admin"), content, kind)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert count(app, "accounts", "people") == people


def test_a_file_that_breaks_off_in_the_middle_changes_nothing(as_: SignIn, app: App) -> None:
    lines = [f"人{number},broken{number},wh/hc/e0001" for number in range(600)]
    file = "\n".join(["姓名,登录名,单位", *lines, '"']).encode()
    people = count(app, "accounts", "people")

    answer = send(as_("city-admin"), file)

    assert answer.status_code == 422
    assert count(app, "accounts", "people") == people


def test_the_same_key_gives_the_same_report(as_: SignIn) -> None:
    file = csv_of(("秦一", "q-001", "", "", "wh/hc/e0001", "", ""))

    first = send(as_("city-admin"), file, **{"Idempotency-Key": "import-of-q"})
    second = send(as_("city-admin"), file, **{"Idempotency-Key": "import-of-q"})

    assert first.json() == second.json()
    assert counts(second) == (1, 1, 0, 0, 0)


def test_ten_thousand_rows_are_imported_and_then_recognised(as_: SignIn, app: App) -> None:
    rows = [
        (f"工人{number}", f"z{number:06}", f"139{number:08}", "", "wh/hc/e0002", "", "")
        for number in range(10_000)
    ]
    file = xlsx_of(*rows)
    admin = as_("city-admin")

    first = send(admin, file, XLSX)
    second = send(admin, file, XLSX)

    assert counts(first) == (10_000, 10_000, 0, 0, 0)
    assert counts(second) == (10_000, 0, 0, 10_000, 0)
    listed = admin.get(IMPORTS).json()["items"]
    assert listed[0]["unchanged"] == 10_000
