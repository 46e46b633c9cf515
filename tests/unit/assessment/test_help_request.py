"""What a caller left, however it was written."""

from typing import Any
from uuid import uuid4

import pytest

from services.assessment.help_requests.domain import HelpRequest, read_words


@pytest.mark.parametrize(
    "written",
    ["13900001111", "139 0000 1111", "139-0000-1111", "+86 13900001111", "0086 139 0000 1111"],
)
def test_one_number_is_one_number_however_it_is_written(written: str) -> None:
    request = HelpRequest(id=uuid4(), case=uuid4(), by=None, address="::1", phone=written)

    assert request.dialled == "13900001111"


def test_a_number_of_a_town_loses_its_country_code_too() -> None:
    request = HelpRequest(
        id=uuid4(), case=uuid4(), by=None, address="::1", phone="+86 27 8888 1234"
    )

    assert request.dialled == "2788881234"


def test_a_short_number_that_begins_like_a_country_code_is_kept() -> None:
    request = HelpRequest(id=uuid4(), case=uuid4(), by=None, address="::1", phone="8651234")

    assert request.dialled == "8651234"


@pytest.mark.parametrize(
    ("sent", "phone", "words"),
    [
        ({"phone": " 139 ", "words": "a\0b"}, "139", "ab"),
        ({"phone": 13900001111}, "13900001111", ""),
        ({"phone": True, "words": None}, "", ""),
        ({"phone": ["1"], "words": {"a": 1}}, "", ""),
        ({"phone": "1" * 99}, "1" * 40, ""),
        ([], "", ""),
        (None, "", ""),
    ],
)
def test_what_cannot_be_used_is_left_out(sent: Any, phone: str, words: str) -> None:
    assert read_words(sent) == {"phone": phone, "words": words}
