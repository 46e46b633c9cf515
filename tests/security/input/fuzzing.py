"""Schemathesis against a service: every operation of its document, as roles that may and may not.

The seed and the number of examples are fixed; `HUIXIN_FUZZ_EXAMPLES=200 HUIXIN_FUZZ_SEED=7` makes a
longer or another run.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from uuid import UUID

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from services.chassis.access import ACCESS, Role
from services.chassis.files import XLSX
from tests.support.apps import App

EXAMPLES = int(os.environ.get("HUIXIN_FUZZ_EXAMPLES", "2"))
SEED = int(os.environ.get("HUIXIN_FUZZ_SEED", "12356"))

# What one may send is refused for reasons no schema can say (a person who is on no roster), so
# the check that valid input is accepted is off; roles are tried out here, not by schemathesis.
OFF = ("positive_data_acceptance", "ignored_auth", "missing_required_header")
CALL_FOR_HELP = "POST /api/assessment/v1/help-requests"

CONFIG: dict[str, Any] = {
    "seed": SEED,
    "continue-on-failure": True,
    "checks": {name: {"enabled": False} for name in OFF},
    "generation": {
        "max-examples": EXAMPLES,
        "no-shrink": True,
        "deterministic": True,
        "database": "none",
        "with-security-parameters": False,
    },
    "phases": {
        "examples": {"enabled": False},
        "stateful": {"enabled": False},
        "coverage": {"unexpected-methods": ["query"]},
        "fuzzing": {
            "extra-data-sources": {"responses": False},
            "error-feedback": {"enabled": False},
        },
    },
    # A call for help is heard whatever it looks like: nothing of it is ever refused.
    "operations": [
        {"include-name": CALL_FOR_HELP, "checks": {"negative_data_rejection": {"enabled": False}}}
    ],
}


class Callers:
    """Signs requests in: mostly as a role that may, at times as one that may not, or as nobody."""

    def __init__(self, app: App, known: Mapping[str, UUID]) -> None:
        self._app, self._known = app, known
        self._tokens: dict[Role, str] = {}
        self._turn = count()
        self.expected: dict[str, int] = {}

    def sign(self, case: Any) -> None:
        """Put a token on the request, and remember which refusal it must get, if any."""
        turn = next(self._turn)
        self._aim(case, turn)
        action = case.operation.definition.raw.get("x-action")
        if action is None:
            return
        may = sorted(ACCESS[action])
        strangers = sorted(set(Role) - set(may))
        if turn % 13 == 0:
            self.expected[case.id] = 401
            return
        if turn % 7 == 0 and strangers:
            self.expected[case.id] = 403
            role = strangers[turn % len(strangers)]
        else:
            role = may[turn % len(may)]
        if role not in self._tokens:
            person = self._known.get(f"{role}:person")
            self._tokens[role] = self._app.issuer.token(role, person=person, unit="wh")
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {self._tokens[role]}"}

    def _aim(self, case: Any, turn: int) -> None:
        # Every second id that could be real is: what lies behind a 404 has bugs of its own.
        for name, value in dict(case.path_parameters or {}).items():
            if turn % 2 and name in self._known and _is_uuid(value):
                case.path_parameters[name] = str(self._known[name])


def _is_uuid(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


_callers: list[Callers] = []


@schemathesis.serializer(XLSX)
def as_workbook(_context: Any, value: Any) -> bytes:
    """Whatever was made up, as the bytes of a file."""
    return value if isinstance(value, bytes) else repr(value).encode()


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    _callers[-1].sign(case)


@schemathesis.check
def refused_by_role(_context: Any, response: Any, case: Any) -> None:
    """Who may not is refused before anything else is looked at."""
    expected = _callers[-1].expected.pop(case.id, None)
    routed = response.status_code not in {404, 405} or response.json()["code"] == "not-found"
    if expected is not None and routed:
        assert response.status_code == expected, f"a stranger got {response.status_code}"


@schemathesis.check
def names_the_field(_context: Any, response: Any, _case: Any) -> None:
    """Whoever sent something wrong learns where, and nobody learns how the code looks."""
    assert "Traceback" not in response.text
    if response.status_code == 422:
        faults = response.json().get("errors") or []
        assert faults, f"422 {response.json()['code']} without a field"
        assert all(each["field"] and each["message"] for each in faults), faults


@schemathesis.check
def help_is_never_refused(_context: Any, response: Any, case: Any) -> None:
    """Only what cannot be read at all (411, 413) is."""
    if f"{case.method} {case.path}" == CALL_FOR_HELP:
        assert response.status_code == 201, f"a call for help got {response.status_code}"


def findings(app: App, service: str, known: Mapping[str, UUID]) -> Iterator[str]:
    """What is wrong with a service's answers, each with a request that shows it."""
    document = app.anybody().get(f"/api/{service}/v1/openapi.json").json()
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.config.update(base_url=app.urls[service])
    _callers.append(Callers(app, known))
    seen = set()
    try:
        for event in from_schema(schema).execute():
            for fault, request in _failures(event):
                if fault not in seen:
                    seen.add(fault)
                    yield f"{fault}\n    {request}"
    finally:
        _callers.pop()


def _failures(event: Any) -> Iterator[tuple[str, str]]:
    if isinstance(event, events.NonFatalError | events.FatalError):
        yield f"the run itself: {event}", ""
    if not isinstance(event, events.ScenarioFinished):
        return
    if os.environ.get("HUIXIN_FUZZ_TIMES"):
        print(f"{event.label}: {len(event.recorder.interactions)} in {event.elapsed_time:.1f} s")
    for checks in event.recorder.checks.values():
        for each in checks:
            if each.failure_info is not None:
                failure = each.failure_info.failure
                yield f"{event.label}: {failure.message}", each.failure_info.code_sample[:600]
