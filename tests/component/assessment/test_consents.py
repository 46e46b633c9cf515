"""Consent: asked per purpose, versioned, proven, and taken back as easily as given."""

from sqlalchemy import text

from tests.component.assessment.people import API, CONSENT, Sent, a_sheet, answer
from tests.support.apps import App, Client

CONSENTS = f"{API}/consents"


def states(client: Client) -> dict[str, str]:
    """What the person said to each purpose."""
    items = client.get(CONSENTS).json()["items"]
    return {item["purpose"]: item["state"] for item in items}


def test_nothing_is_agreed_to_before_it_was_asked(worker: Client) -> None:
    items = worker.get(CONSENTS).json()["items"]

    assert {item["state"] for item in items} == {"none"}
    assert [item["purpose"] for item in items if item["required"]] == ["screening"]
    assert all(item["text"] and item["version"] for item in items)


def test_answering_agrees_to_the_screening_once_and_to_nothing_else(
    worker: Client, sent: Sent
) -> None:
    answer(worker)
    answer(worker)

    given = states(worker)
    assert given.pop("screening") == "granted"
    assert set(given.values()) == {"none"}
    assert sent.of(worker.person, "consent-granted") == [
        {"person": str(worker.person), "purpose": "screening", "version": "2025-1"}
    ]


def test_a_refused_sheet_agrees_to_nothing(worker: Client) -> None:
    worker.post(f"{API}/responses", a_sheet(q1=7, q9=1))

    assert states(worker)["screening"] == "none"


def test_a_purpose_is_given_and_taken_back_and_the_proof_stays(
    app: App, worker: Client, sent: Sent
) -> None:
    given = worker.post(CONSENTS, {"purpose": "research", "version": "2025-1"})
    taken = worker.delete(f"{CONSENTS}/research")

    assert (given.status_code, given.json()["state"]) == (201, "granted")
    assert (taken.status_code, taken.content) == (204, b"")
    assert states(worker)["research"] == "withdrawn"
    assert len(sent.of(worker.person, "consent-granted")) == 1
    assert sent.of(worker.person, "consent-withdrawn") == [
        {"person": str(worker.person), "purpose": "research", "version": "2025-1"}
    ]
    with app.runtime("assessment").database.reading() as connection:
        [proof] = connection.execute(
            text("SELECT * FROM consents WHERE person = :p"), {"p": worker.person}
        )
    assert len(proof.text_hash) == 64
    assert proof.granted_at <= proof.withdrawn_at


def test_what_was_taken_back_can_be_given_again(worker: Client, sent: Sent) -> None:
    answer(worker)
    worker.delete(f"{CONSENTS}/screening")
    answer(worker)

    assert states(worker)["screening"] == "granted"
    assert len(sent.of(worker.person, "consent-granted")) == 2
    assert sent.count("consents", worker.person) == 2


def test_only_the_present_wording_of_a_known_purpose_can_be_agreed_to(worker: Client) -> None:
    old = worker.post(CONSENTS, {"purpose": "research", "version": "0"})
    no = worker.post(CONSENTS, {**CONSENT, "purpose": "research", "granted": False})
    unknown = worker.post(CONSENTS, {"purpose": "marketing", "version": "2025-1"})

    assert (old.status_code, old.json()["code"]) == (403, "consent-required")
    assert (no.status_code, no.json()["code"]) == (403, "consent-required")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "purpose")


def test_what_was_never_given_cannot_be_taken_back(app: App, worker: Client) -> None:
    worker.post(CONSENTS, {"purpose": "research", "version": "2025-1"})

    refused = [
        app.person("worker").delete(f"{CONSENTS}/research"),
        worker.delete(f"{CONSENTS}/screening"),
        worker.delete(f"{CONSENTS}/marketing"),
    ]

    assert [each.status_code for each in refused] == [404, 404, 404]
    assert states(worker)["research"] == "granted"
