"""Spreadsheets: columns, rows, and what becomes of them."""

import io
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.imports.apply import Chunk
from services.accounts.imports.columns import UnusableHeader, read_header
from services.accounts.imports.csv_file import csv_rows
from services.accounts.imports.import_people import import_batches
from services.accounts.imports.reading import Reading, Sheet, chunks
from services.accounts.imports.report import ERRORS_SHOWN, Outcome, Report
from services.accounts.imports.rows import Row, RowError, read_row
from services.accounts.imports.sheets import CSV, TooManyRows
from services.accounts.people.domain import Profile
from services.chassis.access import Principal, Role
from services.chassis.files import UnreadableFile, UnsafeFile
from services.chassis.workbooks import check_xlsx
from services.contracts.accounts import ContactChangedV1, RoleChangedV1
from tests.unit.accounts.builders import a_city, a_member, a_session, somebody
from tests.unit.accounts.fakes import FakeWork

GOOD = {"name": "张三", "member_no": "A-1", "unit": "wh/hc/e1"}


@pytest.fixture
def uow() -> FakeWork:
    return a_city(FakeWork())


def a_row(number: int = 2, **cells: str) -> Reading:
    row, errors = read_row(number, {**GOOD, **cells})
    return row or errors


def put(uow: FakeWork, *batch: Reading, by: Principal | None = None) -> Report:
    report = Report()
    Chunk(by or somebody(Role.CITY_ADMIN), uow, report, {}).apply(batch)
    return report


def counted(report: Report) -> dict[str, int]:
    return {outcome.value: count for outcome, count in report.counts.items() if count}


def codes(report: Report) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in report.errors]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_offices_save_it(delimiter: str, encoding: str) -> None:
    text = f"姓名{delimiter}会员号\r\n张三{delimiter}「一」\r\n"

    assert list(csv_rows(text.encode(encoding))) == [["姓名", "会员号"], ["张三", "「一」"]]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_stumble(content: bytes) -> None:
    with suppress(UnreadableFile):
        list(csv_rows(content))


@given(st.dictionaries(st.sampled_from(["name", "unit", "login", "phone", "roles"]), st.text()))
def test_no_cells_make_a_row_stumble(cells: dict[str, str]) -> None:
    row, errors = read_row(2, cells)

    assert (row is None) == bool(errors)


def test_columns_are_known_by_the_words_of_the_office() -> None:
    header = read_header(["序号", " 姓  名 ".replace("  ", ""), "会员号", "单位", "Mobile", ""])

    assert header.places == {"name": 1, "member_no": 2, "unit": 3, "phone": 4}
    assert header.ignored == ("序号",)
    assert header.pick(["1", " 张三 ", "A1", ""]) == {"name": "张三", "member_no": "A1"}


def test_a_header_without_what_is_needed_is_refused() -> None:
    with pytest.raises(UnusableHeader) as refused:
        read_header(["姓名", "name", "电话"])

    found = [(error.field, error.code) for error in refused.value.errors]
    assert found == [("name", "twice"), ("unit", "missing"), ("member_no", "missing")]


def test_every_wrong_cell_of_a_row_is_named_and_none_repeated() -> None:
    row, errors = read_row(
        7, {"name": "x" * 65, "unit": "../etc", "phone": "13secret", "roles": "king"}
    )

    assert row is None
    assert [(error.field, error.code) for error in errors] == [
        ("name", "bad-name"),
        ("unit", "bad-unit"),
        ("member_no", "missing"),
        ("phone", "bad-phone"),
        ("roles", "bad-roles"),
    ]
    assert {error.row for error in errors} == {7}
    assert "13secret" not in str(errors)


def test_roles_are_read_in_both_languages() -> None:
    row = a_row(roles="咨询师、危机值班")

    assert isinstance(row, Row)
    assert row.roles == {Role.COUNSELLOR, Role.DUTY}
    assert isinstance(a_row(roles="counsellor ops"), list)


def test_a_sheet_numbers_rows_as_the_spreadsheet_does() -> None:
    content = "姓名,会员号,单位\n\n张三,A1,wh\n,,\n李四,A2,wh\n".encode()

    rows = [each for batch in chunks(Sheet(CSV, content, 10), 1) for each in batch]

    assert [each.number for each in rows if isinstance(each, Row)] == [3, 5]
    with pytest.raises(TooManyRows):
        list(chunks(Sheet(CSV, content, 1), 10))


def test_the_same_rows_again_change_nothing(uow: FakeWork) -> None:
    batch = (a_row(phone="13800000001"), a_row(3, member_no="A-2", roles="counsellor"))

    first, second = put(uow, *batch), put(uow, *batch)

    assert counted(first) == {"created": 2}
    assert counted(second) == {"unchanged": 2}
    assert len(uow.people.all) == 2


def test_a_person_who_changed_the_own_address_keeps_it(uow: FakeWork) -> None:
    put(uow, a_row(phone="13800000001"))
    person = next(iter(uow.people.all))
    uow.contact_points.replace(person, [])

    put(uow, a_row(phone="13800000001"))

    assert uow.contact_points.of(person) == []


def test_empty_cells_leave_what_is_known(uow: FakeWork) -> None:
    put(uow, a_row(phone="13800000001", roles="counsellor", login="zhang3"))

    report = put(uow, a_row(email="z@example.org"))

    person = next(iter(uow.people.all.values()))
    assert counted(report) == {"updated": 1}
    assert person.roles == {Role.COUNSELLOR}
    assert uow.people.profiles[person.id] == Profile("张三", "zhang3", "a-1")
    assert len(uow.contact_points.of(person.id)) == 2


def test_a_row_that_says_the_same_in_other_words_is_unchanged(uow: FakeWork) -> None:
    put(uow, a_row(login="zhang3"))

    assert counted(put(uow, a_row())) == {"unchanged": 1}


def test_addresses_of_whoever_has_a_password_are_their_own(uow: FakeWork) -> None:
    person = a_member(uow, "worker1", mobile="+8613800000001")

    report = put(uow, a_row(login="worker1", phone="13800000002"))

    assert report.addresses_kept == 1
    assert uow.contact_points.of(person.id)[0].address == "+8613800000001"


def test_staff_are_announced_and_workers_are_not(uow: FakeWork) -> None:
    put(
        uow,
        a_row(phone="13800000001"),
        a_row(3, member_no="A-2", roles="duty", scope="wh", email="d@example.org"),
    )

    kinds = [type(event) for event in uow.published]
    assert kinds == [RoleChangedV1, ContactChangedV1]
    assert uow.published[0].scope == "wh"


def test_rows_are_refused_one_by_one(uow: FakeWork) -> None:
    a_member(uow, "worker1")
    a_member(uow, "worker2")
    uow.people.all[a_member(uow, "left").id].end()

    report = put(
        uow,
        a_row(2),
        a_row(3),
        a_row(4, member_no="A-4", unit="wh/nowhere"),
        a_row(5, login="worker1", member_no="worker2"),
        a_row(6, login="left", member_no="A-6"),
        [RowError(7, "name", "missing", "")],
    )

    assert counted(report) == {"created": 1, "refused": 5}
    assert codes(report) == [
        ("member_no", "repeated"),
        ("name", "missing"),
        ("unit", "unknown-unit"),
        ("login", "belongs-to-another"),
        ("member_no", "has-ended"),
    ]


def test_an_import_is_no_way_into_an_account_above(uow: FakeWork) -> None:
    a_member(uow, "city-admin", Role.CITY_ADMIN, unit="wh/hc/e1", password=None)
    district = somebody(Role.DISTRICT_ADMIN, unit="wh/hc")

    report = put(uow, a_row(login="city-admin", email="thief@example.org"), by=district)

    assert codes(report) == [("roles", "role-above-yours")]


def test_a_unit_imports_workers_of_its_own_only(uow: FakeWork) -> None:
    a_member(uow, "worker2", unit="wh/kf/e2", password=None)
    unit = somebody(Role.UNIT_ADMIN, unit="wh/hc/e1")

    report = put(
        uow,
        a_row(2),
        a_row(3, member_no="A-3", roles="unit-admin"),
        a_row(4, member_no="A-4", unit="wh/hc"),
        a_row(5, login="worker2", member_no="A-5"),
        by=unit,
    )

    assert counted(report) == {"created": 1, "refused": 3}
    assert codes(report) == [
        ("roles", "role-above-yours"),
        ("unit", "unit-not-yours"),
        ("unit", "unit-not-yours"),
    ]


def test_batches_may_come_without_end(uow: FakeWork) -> None:
    report = Report()
    batches = ([a_row(number, member_no=f"A-{number}")] for number in range(2, 12))

    import_batches(batches, somebody(Role.CITY_ADMIN), report, uow=uow)

    assert report.counts[Outcome.CREATED] == 10
    assert uow.commits == 10


def test_a_report_shows_so_many_errors_and_counts_the_rest() -> None:
    report = Report()
    for number in range(ERRORS_SHOWN + 5):
        report.refuse([RowError(number, "name", "missing", "")])

    assert len(report.errors) == ERRORS_SHOWN
    assert (report.rows, report.errors_left_out) == (ERRORS_SHOWN + 5, 5)


def test_an_import_notes_who_gave_the_roles_and_ends_sessions_of_another_kind(
    uow: FakeWork,
) -> None:
    first, second = somebody(Role.CITY_ADMIN), somebody(Role.CITY_ADMIN)
    put(uow, a_row(), by=first)
    person = next(iter(uow.people.all.values()))
    session = a_session(uow, person)

    put(uow, a_row(name="李四"), by=second)
    same = (uow.people.all[person.id].granted_by, session.ended)
    put(uow, a_row(name="李四", roles="duty"), by=second)

    assert same == ({first.person}, None)
    assert uow.people.all[person.id].granted_by == {second.person}
    assert session.ended == "roles-changed"


MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
MEBIBYTE = bytes(range(256)) * 4096


def a_book(types: str = "", **parts: bytes) -> bytes:
    book = {
        "[Content_Types].xml": f'<Types><Override ContentType="{MAIN}"/>{types}</Types>'.encode(),
        "xl/workbook.xml": b"<workbook/>",
        **parts,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in book.items():
            archive.writestr(name, content)
    return file.getvalue()


def strings_at(name: str) -> str:
    return f'<Override PartName="/{name}" ContentType="{STRINGS}"/>'


@pytest.mark.parametrize(
    "content",
    [
        a_book(**{f"xl/media/{number}.bin": MEBIBYTE for number in range(41)}),
        a_book(**{"xl/sharedStrings.xml": b" " * (11 * len(MEBIBYTE))}),
        a_book(strings_at("xl/worksheets/S.dat"), **{"xl/worksheets/S.dat": MEBIBYTE * 11}),
        a_book(**{"xl/x.xml": b" " * 5000 + b"<!DOCTYPE a>"}),
        a_book(**{"xl/x.dat": b"<!ENTITY a 'b'>"}),
        a_book(**{"xl/x.dat": "<!DOCTYPE a>".encode("utf-16")}),
        a_book(**{"xl/x.dat": b" " * (64 * 1024 - 4) + b"<!DOCTYPE a>"}),
    ],
    ids=["size", "strings", "strings elsewhere", "deep", "other name", "utf-16", "across reads"],
)
def test_a_workbook_that_could_fill_the_memory_is_refused(content: bytes) -> None:
    with pytest.raises(UnsafeFile):
        check_xlsx(content)


def test_a_workbook_of_an_ordinary_size_passes() -> None:
    check_xlsx(a_book(strings_at("xl/strings.xml"), **{"xl/strings.xml": b" " * 9_000_000}))
    with pytest.raises(UnreadableFile):
        check_xlsx(a_book("<Override>"))


def test_the_reader_of_workbooks_expands_no_entities() -> None:
    assert openpyxl.DEFUSEDXML
