"""Many workers answer at once: each row is given by a worker of its own."""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from services.cli.campaigning.file import Answers
from services.cli.campaigning.recount import Tally
from services.cli.client import Answer, PublicClient
from services.cli.progress import bar

BATCH = 250


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is asked, and the version of the consent that is given."""

    instrument: str
    link_ids: tuple[str, ...]
    consent: str


@dataclass(slots=True)
class Outcome:
    """What the system answered, row by row, as totals."""

    tally: Tally = field(default_factory=Tally)
    reasons: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)


def questionnaire(client: PublicClient, instrument: str) -> Questionnaire:
    """The instrument as the system publishes it."""
    found = client.get(f"/api/assessment/v1/instruments/{instrument}")
    link_ids = tuple(item["link_id"] for item in found["items"])
    return Questionnaire(instrument, link_ids, found["consent"]["version"])


def give_answers(
    admin: PublicClient,
    asked: Questionnaire,
    rows: Sequence[Answers],
    *,
    unit: str,
    workers: int,
    campaign: str | None = None,
) -> Outcome:
    """Provision temporary workers batch by batch and let each answer once."""
    outcome = Outcome()
    with (
        ThreadPoolExecutor(workers) as pool,
        bar(len(rows), "answering", "answers") as progress,
    ):
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            tokens = _provision(admin, len(batch), unit)
            jobs = [
                pool.submit(_answer_once, admin, asked, token, row, campaign)
                for token, row in zip(tokens, batch, strict=True)
            ]
            for job in as_completed(jobs):
                _note(outcome, asked.instrument, job.result())
                progress.update()
    return outcome


def _provision(admin: PublicClient, count: int, unit: str) -> list[str]:
    made = admin.post("/api/accounts/v1/temporary-workers", {"count": count, "unit": unit})
    return [each["access_token"] for each in made["items"]]


def _answer_once(
    client: PublicClient, asked: Questionnaire, token: str, row: Answers, campaign: str | None
) -> Answer:
    body: dict[str, object] = {
        "instrument": asked.instrument,
        "answers": row,
        "consent": {"version": asked.consent, "granted": True},
    }
    if campaign:
        body["campaign"] = campaign
    return client.call("POST", "/api/assessment/v1/responses", body, token=token)


def _note(outcome: Outcome, instrument: str, answer: Answer) -> None:
    if answer.status not in (201, 422):
        outcome.surprises[f"{answer.status} {answer.code}".strip()] += 1
        return
    tally = outcome.tally
    if answer.body.get("case"):
        tally.crisis_cases += 1
    if answer.status == 201:
        tally.accepted += 1
        tally.bands[answer.body["band"]] += 1
        tally.totals += int(answer.body["scores"].get("total", 0))
    else:
        tally.refused += 1
        outcome.reasons.update(_reasons(answer.body.get("errors", ())))


def _reasons(errors: Iterable[dict[str, str]]) -> set[str]:
    """Each reason once a row, however many of its answers it concerns."""
    return {error.get("code", "invalid") for error in errors} or {"unnamed"}
