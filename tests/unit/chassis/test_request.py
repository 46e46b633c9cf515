"""What was sent is read strictly, and who sent it is known behind proxies of ours only."""

from ipaddress import ip_network

import pytest
from marshmallow import Schema, fields
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as Raw

from services.chassis.errors import UnprocessableInput
from services.chassis.request import client_address, load

PROXIES = (ip_network("10.0.0.0/8"),)


class Inner(Schema):
    score = fields.Integer(required=True)


class Outer(Schema):
    items = fields.List(fields.Nested(Inner), required=True)


def test_a_nested_fault_is_named_by_its_path() -> None:
    with pytest.raises(UnprocessableInput) as refusal:
        load(Outer, {"items": [{"score": 1}, {"score": "many"}], "extra": 1})

    assert {each.field for each in refusal.value.errors} == {"items.1.score", "extra"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("203.0.113.7", "", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_the_caller_is_the_last_address_that_is_no_proxy_of_ours(
    peer: str, forwarded: str, expected: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    raw = Raw(EnvironBuilder(headers=headers, environ_base={"REMOTE_ADDR": peer}).get_environ())

    assert client_address(raw, PROXIES) == expected
