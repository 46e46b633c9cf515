"""Pages follow one another by an opaque cursor, and a strange cursor is refused by name."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from services.chassis.paging import BadCursor, decode_cursor, encode_cursor, page

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_full_page_names_where_the_next_one_starts() -> None:
    rows = [(n,) for n in range(4)]

    found = page(rows, 3, key=lambda row: row, items=[row[0] for row in rows])

    assert found["items"] == [0, 1, 2]
    assert decode_cursor(found["next"], [int]) == [2]


def test_the_last_page_has_no_next() -> None:
    assert page([(1,)], 3, key=lambda row: row, items=[1]) == {"items": [1], "next": None}


def test_a_cursor_keeps_times_and_ids() -> None:
    person = uuid4()

    assert decode_cursor(encode_cursor([NINE, person]), [datetime, UUID]) == [NINE, person]


@pytest.mark.parametrize("cursor", ["x", "%%%", "bm9uc2Vuc2U", encode_cursor(["a", "b", "c"])])
def test_a_cursor_of_another_list_is_refused_by_name(cursor: str) -> None:
    with pytest.raises(BadCursor) as refusal:
        decode_cursor(cursor, [datetime, UUID])

    assert [each.field for each in refusal.value.errors] == ["cursor"]
