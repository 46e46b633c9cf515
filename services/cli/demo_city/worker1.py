"""The past of `worker1`: results of some weeks ago, and a session to come."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from services.assessment.care.levels import assess
from services.assessment.materials import read_materials
from services.assessment.responses.domain import Response, edition_of, result_of
from services.assessment.responses.publishing import response_completed
from services.assessment.wiring import AssessmentUnitOfWork
from services.chassis.runtime import Runtime
from services.cli.client import PublicClient
from services.cli.demo_city.city import workers
from services.cli.demo_city.history import envelope_of, made_id
from services.contracts.envelope import Envelope

LOGIN = "worker1"
# Weeks ago, and the nine answers: a hard month that got better.
SHEETS = (
    (13, (1, 1, 0, 1, 1, 0, 0, 0, 0)),
    (10, (1, 1, 2, 2, 1, 1, 1, 0, 0)),
    (7, (2, 1, 1, 1, 1, 1, 1, 0, 0)),
    (4, (1, 1, 1, 1, 1, 0, 1, 0, 0)),
    (1, (1, 0, 1, 1, 0, 0, 0, 0, 0)),
)

_BACKDATE = text("UPDATE responses SET completed_at = :at WHERE id = :id")
_KNOWN = text("SELECT 1 FROM responses WHERE id = :id")


def fill_results(runtime: Runtime) -> list[Envelope]:
    """Keep the results that are missing, as of then; returns their events, for counting."""
    now = datetime.now(UTC)
    return [
        _keep(runtime, number, now - timedelta(weeks=weeks), answers)
        for number, (weeks, answers) in enumerate(SHEETS)
    ]


def _keep(runtime: Runtime, number: int, at: datetime, scores: tuple[int, ...]) -> Envelope:
    person = workers()[0]
    materials = read_materials(runtime.settings)  # type: ignore[arg-type]  # assessment's own
    edition = edition_of(materials.catalogue, "phq9")
    answers = {f"q{item}": score for item, score in enumerate(scores, 1)}
    assessment = assess(edition.instrument, materials.policy, answers)
    response = Response(
        id=made_id(LOGIN, "response", number),
        person=person.id,
        pins={**edition.pins, "policy": materials.policy.pin},
        campaign=None,
        result=result_of(edition, answers, assessment, elapsed_seconds=140, case=None),
    )
    uow = runtime.unit_of_work(AssessmentUnitOfWork)
    assert isinstance(uow, AssessmentUnitOfWork)  # noqa: S101  the runtime types it loosely
    with uow:
        if uow.connection.execute(_KNOWN, {"id": response.id}).first() is None:
            uow.responses.add(response, materials.consent.screening)
            uow.connection.execute(_BACKDATE, {"id": response.id, "at": at})
        uow.commit()
    event = response_completed(response, materials.policy)
    return envelope_of(event, at=at, unit=person.unit, correlation=str(response.id))


def book_a_session(url: str, password: str) -> None:
    """One appointment to come, booked as anybody would, unless there is one."""
    worker = PublicClient(url).signed_in(LOGIN, password)
    if worker.get("/api/booking/v1/appointments")["items"]:
        return
    slot = next(_later(worker))
    body = {"slot": slot["id"], "mode": slot["mode"]}
    worker.post("/api/booking/v1/appointments", body)


def _later(worker: PublicClient) -> Iterator[dict[str, str]]:
    since = (datetime.now(UTC) + timedelta(days=4)).isoformat().replace("+00:00", "Z")
    return iter(worker.get("/api/booking/v1/slots", **{"from": since})["items"])
