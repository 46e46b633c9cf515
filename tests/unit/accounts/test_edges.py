"""Accounts' own rules at their edges: units, people, codes, keys, sessions, pauses, passwords."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.accounts.codes.domain import (
    ALPHABET,
    RULES,
    CodePurpose,
    CodeRule,
    OneTimeCode,
    code_digest,
    new_code,
    readable,
)
from services.accounts.keys.domain import SigningKey, choose
from services.accounts.people.domain import (
    ContactChanged,
    Person,
    PersonStatus,
    Profile,
    RolesChanged,
    RolesDoNotCombine,
    check_combination,
)
from services.accounts.sessions.domain import (
    EndReason,
    RefreshToken,
    Session,
    SessionEnded,
)
from services.accounts.sessions.passwords import (
    Argon2Costs,
    Argon2Passwords,
    WeakPassword,
    check_new_password,
)
from services.accounts.sessions.throttling import (
    ACCOUNT,
    ADDRESS,
    Failures,
    Limit,
    TooManyFailures,
    check_pauses,
)
from services.accounts.units.domain import (
    BadUnit,
    Levels,
    Unit,
    UnitChanged,
    UnitKind,
    UnitStatus,
    checked_name,
    is_within,
    new_unit,
)
from services.chassis.access import Role
from tests.unit.accounts.fakes import NINE, FakeWork

INSTANT, SECOND, HOUR = timedelta(microseconds=1), timedelta(seconds=1), timedelta(hours=1)
LEVELS = Levels.parse("city > district > station|enterprise")
DIGEST = FakeWork().digest


def a_unit(path: str = "wh/hc", **said: object) -> Unit:
    given = {"name": "区", "level": "district", "kind": UnitKind.DISTRICT_UNION}
    return Unit(path=path, **{**given, **said})


def fault(refusal: pytest.ExceptionInfo[BadUnit]) -> tuple[str, str, str]:
    (error,) = refusal.value.errors
    return error.field, error.code, error.message


def test_levels_are_named_from_the_root_down_with_choices() -> None:
    assert LEVELS.depths == (
        frozenset({"city"}),
        frozenset({"district"}),
        frozenset({"station", "enterprise"}),
    )
    for wrong in ("", "city > ", "city > a b", "city|| district", "City"):
        with pytest.raises(ValueError, match="expected level names such as"):
            Levels.parse(wrong)


def test_a_level_fits_its_depth() -> None:
    LEVELS.check("wh", "city")
    LEVELS.check("wh/hc/e1", "enterprise")

    with pytest.raises(BadUnit) as too_deep:
        LEVELS.check("wh/hc/e1/x", "enterprise")
    assert fault(too_deep) == ("parent", "too-deep", "the tree has 3 levels")
    with pytest.raises(BadUnit) as wrong:
        LEVELS.check("wh/hc/e1", "district")
    assert fault(wrong) == ("level", "wrong-level", "expected one of: enterprise, station")


def test_a_segment_has_one_to_thirty_two_plain_letters() -> None:
    def made(segment: str) -> Unit:
        return new_unit("wh", segment, "区", "district", UnitKind.DISTRICT_UNION, LEVELS)

    assert made("h").path == "wh/h"
    assert made("h" * 32).parent == "wh"
    for wrong in ("", "h" * 33, "-h", "H", "h/c", "h c"):
        with pytest.raises(BadUnit) as refusal:
            made(wrong)
        assert fault(refusal)[:2] == ("segment", "bad-segment")


def test_a_root_has_no_parent() -> None:
    root = new_unit(None, "wh", " 市 ", "city", UnitKind.CITY_FEDERATION, LEVELS)

    assert (root.path, root.parent, root.name, root.level) == ("wh", None, "市", "city")
    assert (root.kind, root.status) == (UnitKind.CITY_FEDERATION, UnitStatus.ACTIVE)
    assert root.events == [UnitChanged(root)]
    assert a_unit("wh/hc/e1").parent == "wh/hc"


def test_a_name_has_up_to_a_hundred_printable_letters() -> None:
    assert checked_name("名" * 100) == "名" * 100
    assert checked_name("名") == "名"
    for wrong in ("", "  ", "名" * 101, "a\nb"):
        with pytest.raises(BadUnit) as refusal:
            checked_name(wrong)
        assert fault(refusal)[:2] == ("name", "bad-name")


@pytest.mark.parametrize(
    "change",
    [("新区", UnitKind.DISTRICT_UNION), ("区", UnitKind.COUNTY_UNION)],
)
def test_another_name_or_kind_is_told(change: tuple[str, UnitKind]) -> None:
    unit = a_unit()

    unit.describe(*change)
    unit.describe(*change)

    assert (unit.name, unit.kind) == change
    assert unit.events == [UnitChanged(unit)]


def test_a_unit_ends_and_is_taken_up_again_once_each() -> None:
    unit = a_unit()

    unit.take_up()
    assert unit.events == []
    unit.end()
    unit.end()
    assert (unit.status, unit.active, len(unit.events)) == (UnitStatus.ENDED, False, 1)
    unit.take_up()
    unit.take_up()
    assert (unit.status, unit.active, len(unit.events)) == (UnitStatus.ACTIVE, True, 2)


def test_a_path_lies_within_itself_and_above_by_whole_names() -> None:
    assert is_within("wh/hc", "wh/hc")
    assert is_within("wh/hc/e1", "wh/hc")
    assert not is_within("wh/hcx", "wh/hc")
    assert not is_within("wh", "wh/hc")


def a_person(*roles: Role, **said: object) -> Person:
    given = {"id": uuid4(), "unit": "wh/hc", "roles": frozenset(roles or {Role.WORKER})}
    return Person(**{**given, **said})


STAFF = sorted(set(Role) - {Role.WORKER})


@pytest.mark.parametrize("role", STAFF)
def test_every_role_but_a_workers_makes_one_staff(role: Role) -> None:
    assert a_person(role).staff
    assert not a_person().staff


def test_the_roles_that_take_two_were_decided() -> None:
    assert {role for role in Role if a_person(role).takes_two} == {
        Role.COUNSELLOR,
        Role.DUTY,
        Role.CLINICAL_LEAD,
        Role.DISTRICT_ADMIN,
        Role.CITY_ADMIN,
    }


CARE = (Role.COUNSELLOR, Role.DUTY, Role.CLINICAL_LEAD)
OFFICE = (Role.UNIT_ADMIN, Role.DISTRICT_ADMIN, Role.CITY_ADMIN, Role.OPS)


@pytest.mark.parametrize("care", CARE)
@pytest.mark.parametrize("office", OFFICE)
def test_no_one_account_cares_and_administers(care: Role, office: Role) -> None:
    with pytest.raises(RolesDoNotCombine) as refusal:
        check_combination(frozenset({Role.WORKER, care, office}))

    (error,) = refusal.value.errors
    assert (error.field, error.code) == ("roles", "do-not-combine")
    check_combination(frozenset(CARE))
    check_combination(frozenset(OFFICE))


def test_a_person_is_known_by_the_login_or_the_member_number() -> None:
    both, number, neither = Profile("n", "login", "4711"), Profile("n", None, "4711"), Profile("n")

    assert (both.sign_in_name, both.handles) == ("login", ["login", "4711"])
    assert (number.sign_in_name, number.handles) == ("4711", ["4711"])
    assert (neither.sign_in_name, neither.handles) == (None, [])


def test_roles_hold_for_their_scope_else_for_the_own_unit() -> None:
    assert a_person(Role.DISTRICT_ADMIN, scope="wh").token_unit == "wh"
    assert a_person(Role.DISTRICT_ADMIN).token_unit == "wh/hc"
    assert a_person(scope="wh").token_unit == "wh/hc"


def test_a_change_of_roles_is_announced_where_staff_comes_or_goes() -> None:
    person = a_person()

    person.change_roles([Role.WORKER, Role.DUTY], "wh")
    assert (person.roles, person.scope) == ({Role.WORKER, Role.DUTY}, "wh")
    person.change_roles([Role.WORKER, Role.DUTY], "wh")
    person.change_roles([Role.WORKER], "wh")
    assert (person.roles, person.scope) == ({Role.WORKER}, None)
    person.change_roles([], None)

    assert person.events == [
        RolesChanged(announced=True),
        RolesChanged(announced=True),
        RolesChanged(announced=False),
    ]


def test_another_scope_is_a_change_of_roles() -> None:
    person = a_person(Role.DUTY, scope="wh")

    person.change_roles([Role.DUTY], "wh/hc")

    assert person.events == [RolesChanged(announced=True)]


def test_roles_that_do_not_combine_change_nothing() -> None:
    person = a_person()

    with pytest.raises(RolesDoNotCombine):
        person.change_roles([Role.DUTY, Role.OPS], None)

    assert (person.roles, person.events) == ({Role.WORKER}, [])


def test_staff_without_a_scope_take_their_roles_along() -> None:
    moving, scoped, worker = a_person(Role.DUTY), a_person(Role.DUTY, scope="wh"), a_person()
    for person in (moving, scoped, worker):
        person.move("wh/h")
        assert person.unit == "wh/h"

    assert moving.events == [RolesChanged(announced=True)]
    assert scoped.events == worker.events == []


def test_who_leaves_keeps_nothing() -> None:
    person = a_person(Role.DUTY, scope="wh")
    person.contact_changed()

    person.end()
    person.end()

    assert (person.active, person.status, person.roles) == (False, PersonStatus.ENDED, frozenset())
    assert (person.scope, person.events) == (
        None,
        [ContactChanged(), RolesChanged(announced=True)],
    )


def test_a_new_person_is_a_worker_who_can_sign_in() -> None:
    person = Person(id=uuid4(), unit="wh")

    assert (person.roles, person.active, person.temporary) == ({Role.WORKER}, True, False)
    assert (person.language, person.granted_by, person.scope) == ("zh", frozenset(), None)


def a_code(**said: object) -> OneTimeCode:
    given = {
        "id": uuid4(),
        "person": uuid4(),
        "purpose": CodePurpose.RESET,
        "digest": b"right",
        "expires_at": NINE,
        "tries_left": 2,
    }
    return OneTimeCode(**{**given, **said})


def test_a_code_is_good_before_its_end_and_as_long_as_tries_are_left() -> None:
    code = a_code()

    assert not a_code().accept(b"right", NINE)
    assert a_code().accept(b"right", NINE - INSTANT)
    assert [code.accept(each, NINE - INSTANT) for each in (b"wrong", b"wrong", b"right")] == [
        False,
        False,
        False,
    ]
    assert code.tries_left == 0
    assert a_code(tries_left=1).accept(b"right", NINE - INSTANT)
    assert not a_code(tries_left=0).accept(b"right", NINE - INSTANT)


def test_the_rules_of_codes_were_decided() -> None:
    assert {
        CodePurpose.FIRST_PASSWORD: CodeRule(10, timedelta(days=14), 20),
        CodePurpose.RESET: CodeRule(8, timedelta(minutes=30), 10),
    } == RULES
    assert not set("01OIL") & set(ALPHABET) - {"L"}
    assert len(set(ALPHABET)) == len(ALPHABET) == 30


@pytest.mark.parametrize("purpose", list(CodePurpose))
def test_a_new_code_follows_its_rule_and_is_kept_as_a_digest(purpose: CodePurpose) -> None:
    number, person, rule = uuid4(), uuid4(), RULES[purpose]

    code, text = new_code(number, person, purpose, NINE, DIGEST)

    assert (len(text), set(text) <= set(ALPHABET)) == (rule.length, True)
    assert (code.id, code.person, code.purpose, code.sent_to) == (number, person, purpose, None)
    assert (code.expires_at, code.tries_left) == (NINE + rule.lifetime, rule.tries)
    assert code.digest == code_digest(text, person, DIGEST)
    assert new_code(number, person, purpose, NINE, DIGEST)[1] != text


def test_how_a_code_is_typed_does_not_matter_and_whose_it_is_does() -> None:
    person = uuid4()
    digest = code_digest("ABCD2345", person, DIGEST)

    assert code_digest(" abcd-2345 ", person, DIGEST) == digest
    assert code_digest("ABCD2346", person, DIGEST) != digest
    assert code_digest("ABCD2345", uuid4(), DIGEST) != digest
    assert digest == DIGEST(f"{person}:ABCD2345", "one-time-code")
    assert readable("ABCD2345") == "ABCD-2345"


def a_key(kid: str, days: float = 0) -> SigningKey:
    return SigningKey(kid=kid, active_from=NINE + timedelta(days=days), private=b"", public={})


def test_the_newest_key_in_use_signs() -> None:
    old, new, next_one = a_key("old", -30), a_key("new"), a_key("next", 1)

    assert choose([new, next_one, old], NINE) is new
    assert choose([next_one], NINE) is None
    assert choose([new], NINE - INSTANT) is None


def test_a_key_is_followed_after_a_month_and_published_a_day_and_an_hour_more() -> None:
    key, month = a_key("k"), timedelta(days=30)

    assert not key.needs_successor(NINE + month - INSTANT)
    assert key.needs_successor(NINE + month)
    end = NINE + month + HOUR + timedelta(days=1)
    assert key.published(end - INSTANT)
    assert not key.published(end)


def a_session(**said: object) -> Session:
    given = {"id": uuid4(), "person": uuid4(), "started_at": NINE, "expires_at": NINE + HOUR}
    return Session(**{**given, **said})


def test_a_session_is_refreshed_until_its_end() -> None:
    session = a_session()

    assert session.rotate(0, NINE + HOUR - INSTANT)
    assert (session.generation, session.rotated_at) == (1, NINE + HOUR - INSTANT)
    assert not session.rotate(1, NINE + HOUR)
    assert (session.ended, session.generation) == (None, 1)


def test_a_session_that_ended_keeps_its_first_reason() -> None:
    session = a_session()

    session.end(EndReason.SIGNED_OUT)
    session.end(EndReason.TOKEN_REUSED)

    assert session.ended is EndReason.SIGNED_OUT
    assert not session.rotate(0, NINE)


def test_a_token_of_the_future_or_two_rotations_ago_ends_the_session() -> None:
    for stale in (2, -1):
        session = a_session()
        session.rotate(0, NINE)

        assert not session.rotate(stale, NINE)
        assert session.ended is EndReason.TOKEN_REUSED
    fresh = a_session()
    assert not fresh.rotate(-1, NINE)


def test_a_refresh_token_is_bound_to_length_and_signature() -> None:
    token = RefreshToken(UUID(int=7), 3)
    text = token.encode(DIGEST)

    assert RefreshToken.decode(text, DIGEST) == token
    assert "=" not in text
    longer = FakeWork().digest
    for wrong in ("", "!", "ä", text + "AAAA", text[:-4], text.swapcase()):
        with pytest.raises(SessionEnded):
            RefreshToken.decode(wrong, longer)
    with pytest.raises(SessionEnded):
        RefreshToken.decode(text, lambda value, context: DIGEST(value, context + "x"))


LIMIT = Limit(3, timedelta(seconds=10), timedelta(seconds=60), HOUR)


def pause(count: int, after: timedelta = timedelta(0), limit: Limit = LIMIT) -> float:
    return limit.pause(Failures(count, NINE), NINE + after).total_seconds()


def test_pauses_begin_after_the_free_tries_double_and_have_an_end() -> None:
    assert [pause(count) for count in (0, 2, 3, 4, 5, 6, 99)] == [0, 0, 10, 20, 40, 60, 60]
    assert LIMIT.pause(None, NINE) == timedelta(0)


def test_time_that_passed_counts_towards_the_pause() -> None:
    assert pause(4, timedelta(seconds=15)) == 5
    assert pause(4, timedelta(seconds=20)) == 0
    assert pause(4, timedelta(seconds=30)) == 0


def test_failures_are_forgotten_after_the_limit() -> None:
    long = Limit(1, 2 * HOUR, 2 * HOUR, HOUR)

    assert pause(1, HOUR - INSTANT, long) > 0
    assert pause(1, HOUR, long) == 0
    assert not LIMIT.forgotten(Failures(1, NINE), NINE + HOUR - INSTANT)
    assert LIMIT.forgotten(Failures(1, NINE), NINE + HOUR)


def test_the_limits_were_decided() -> None:
    quarter = timedelta(minutes=15)

    assert Limit(5, timedelta(seconds=30), quarter, HOUR) == ACCOUNT
    assert Limit(50, timedelta(seconds=30), quarter, HOUR) == ADDRESS


def test_the_longest_pause_is_told_in_whole_seconds() -> None:
    check_pauses([])
    check_pauses([timedelta(0)])

    with pytest.raises(TooManyFailures) as refusal:
        check_pauses([timedelta(seconds=3), timedelta(seconds=7, milliseconds=500)])

    assert refusal.value.headers == {"Retry-After": "8"}
    assert refusal.value.members == {"retry_after": 8}


def weak(password: str, *handles: str) -> str | None:
    try:
        check_new_password(password, list(handles))
    except WeakPassword as refusal:
        (error,) = refusal.errors
        assert error.field == "password"
        return error.code
    return None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("abcdefghi", "length"),
        ("abcdefghij", None),
        ("abcd" * 32, None),
        ("abcd" * 32 + "e", "length"),
        ("1234567890", "common"),
        ("PASSWORD123", "common"),
        ("aaaabbbbcccc", "common"),
        ("aaaabbbbcccd", None),
    ],
)
def test_a_password_is_long_and_not_among_the_first_to_be_tried(
    password: str, code: str | None
) -> None:
    assert weak(password) == code


def test_a_password_does_not_contain_the_login_unless_that_is_hardly_a_word() -> None:
    assert weak("xx-Worker1-xx", "worker1") == "contains-login"
    assert weak("xx-Worker1-xx", "other", "worker1") == "contains-login"
    assert weak("xx-Worker1-xx", "wor") is None
    assert weak("xx-Worker1-xx", "work") == "contains-login"


def test_a_hash_is_argon2id_with_the_costs_it_was_made_with() -> None:
    cheap = Argon2Passwords(Argon2Costs(memory=8, passes=1, lanes=1))
    stored = cheap.hash("a right password")

    assert stored.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert cheap.verify(stored, "a right password")
    assert not cheap.verify(stored, "a wrong password")
    assert not cheap.verify(None, "nobody's password")
    assert not cheap.verify("no hash", "a right password")
    assert not cheap.outdated(stored)
    assert Argon2Passwords(Argon2Costs(memory=16, passes=1)).outdated(stored)


def test_the_costs_are_those_owasp_asks_for() -> None:
    assert (Argon2Costs().memory, Argon2Costs().passes, Argon2Costs().lanes) == (19_456, 2, 1)
