"""A clinical lead brings instruments and words; from then on people are asked."""

import dataclasses
import io
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import requests
from openpyxl import Workbook
from sqlalchemy import text

from services.assessment.instruments.catalogue import Catalogue
from services.assessment.wiring import MaterialsProvider
from services.chassis.files import XLSX
from tests.component.assessment.people import API
from tests.support.apps import App
from tests.support.rows import rows

INSTRUMENTS = f"{API}/instruments"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
RIGHT = {"statement": "Written permission of the authors, 12 March 2026", "confirmed": True}


def words(zh: str) -> dict[str, str]:
    return {"zh": zh}


def definition(name: str, **changed: Any) -> dict[str, Any]:
    """Three questions of one to five, and how many are answered by four or more."""
    items = [
        {"link_id": f"q{number}", "options": "often", "text": words(f"问题{number}")}
        for number in (1, 2, 3)
    ]
    total = {
        "id": "total",
        "method": "sum",
        "title": words("总分"),
        "items": ["q1", "q2", "q3"],
        "range": [3, 15],
    }
    frequent = {
        "id": "frequent",
        "method": "count",
        "title": words("经常"),
        "items": ["q1", "q2", "q3"],
        "at_least": 4,
        "range": [0, 3],
    }
    return {
        "id": name,
        "version": "1.0.0",
        "title": words("工作习惯"),
        "licence": {"ship": "imported", "status": "x", "notice": "作者", "confidence": "low"},
        "options": {"often": [{"score": code, "text": words(f"答{code}")} for code in range(1, 6)]},
        "items": items,
        "scores": [total, frequent],
        "main": "total",
        "text_status": "brought",
        "sources": ["a paper"],
        **changed,
    }


def import_(app: App, **body: Any) -> requests.Response:
    return app.person("clinical-lead").post(INSTRUMENTS, {"right": RIGHT, **body})


def answered(app: App, name: str, *codes: int) -> requests.Response:
    worker = app.person("worker")
    consent = app.anybody().get(f"{INSTRUMENTS}/{name}").json()["consent"]["version"]
    sheet = {f"q{number}": code for number, code in enumerate(codes, 1)}
    agreed = {"version": consent, "granted": True}
    return worker.post(
        f"{API}/responses", {"instrument": name, "answers": sheet, "consent": agreed}
    )


def test_a_definition_is_asked_and_scored_once_it_is_imported(app: App) -> None:
    assert app.anybody().get(f"{INSTRUMENTS}/habits").status_code == 404

    made = import_(app, definition=definition("habits"))

    assert made.status_code == 201, made.text
    assert (made.json()["state"], made.json()["languages"]) == ("offered", ["zh"])
    assert app.anybody().get(f"{INSTRUMENTS}/habits").json()["licence"] == {
        "ship": "imported",
        "status": RIGHT["statement"],
        "notice": "作者",
    }
    scored = answered(app, "habits", 5, 4, 3)
    assert scored.status_code == 201, scored.text
    assert scored.json()["scores"] == {"total": 12, "frequent": 2}


def test_who_imported_it_and_by_what_right_is_on_record(app: App) -> None:
    lead = app.person("clinical-lead")

    lead.post(INSTRUMENTS, {"right": RIGHT, "definition": definition("recorded")})

    [row] = rows(
        app, "assessment", "SELECT * FROM imported_instruments WHERE instrument = 'recorded'"
    )
    assert (row.statement, row.imported_by) == (RIGHT["statement"], lead.person)
    [noted] = rows(app, "assessment", "SELECT * FROM audit WHERE subject = 'recorded@1.0.0'")
    assert (noted.action, noted.actor) == ("instrument.import", lead.person)


def test_nothing_is_taken_without_the_right_to_it(app: App) -> None:
    refused = import_(app, definition=definition("unproved"), right={**RIGHT, "confirmed": False})

    assert (refused.status_code, refused.json()["code"]) == (422, "right-not-confirmed")
    assert app.anybody().get(f"{INSTRUMENTS}/unproved").status_code == 404


def test_only_the_clinical_lead_imports(app: App) -> None:
    body = {"right": RIGHT, "definition": definition("forbidden")}

    assert app.anybody().post(INSTRUMENTS, body).status_code == 401
    for role in ("worker", "counsellor", "duty", "city-admin", "ops"):
        assert app.person(role).post(INSTRUMENTS, body).status_code == 403


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"items": []}, "unknown item q1"),
        ({"scores": "none"}, "Expected `array`"),
        ({"surprise": 1}, "surprise"),
        ({"options": {"often": []}}, "empty"),
        ({"items": [{"link_id": "q1", "options": "often"}]}, "no language has words"),
    ],
)
def test_a_definition_that_contradicts_itself_says_where(
    app: App, changed: dict[str, Any], told: str
) -> None:
    refused = import_(app, definition=definition("broken", **changed))

    assert (refused.status_code, refused.json()["code"]) == (422, "unusable-definition")
    assert told in refused.text


def test_a_version_says_the_same_for_ever(app: App) -> None:
    assert import_(app, definition=definition("versioned")).status_code == 201
    kept = answered(app, "versioned", 1, 1, 1).json()

    again = import_(app, definition=definition("versioned"))
    newer = import_(app, definition=definition("versioned", version="1.1.0", title=words("新版")))

    assert (again.status_code, again.json()["code"]) == (409, "version-not-newer")
    assert newer.status_code == 201
    assert answered(app, "versioned", 1, 1, 1).json()["version"] == "1.1.0"
    assert kept["version"] == "1.0.0"


def test_a_questionnaire_brings_the_words_of_a_known_scale(app: App) -> None:
    wording = [f"WHO 的第{number}题" for number in range(1, 6)]
    answers = [
        {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue",
                    "valueDecimal": code,
                }
            ],
            "valueCoding": {"display": f"答案{code}"},
        }
        for code in range(6)
    ]
    questionnaire = {
        "resourceType": "Questionnaire",
        "language": "zh-CN",
        "item": [
            {"linkId": f"/{number}", "type": "choice", "text": words, "answerOption": answers}
            for number, words in enumerate(wording, 1)
        ],
    }

    made = import_(app, questionnaire=questionnaire, instrument="who5")

    assert made.status_code == 201, made.text
    assert (made.json()["version"], made.json()["state"]) == ("1.1.0", "offered")
    shown = app.anybody().get(f"{INSTRUMENTS}/who5").json()
    assert [item["text"] for item in shown["items"]] == wording
    assert answered(app, "who5", 3, 3, 3, 2, 2).json()["scores"] == {"percent": 52}


def test_a_questionnaire_of_an_unknown_scale_becomes_a_sum(app: App) -> None:
    item = {
        "linkId": "a",
        "type": "choice",
        "text": "一",
        "answerOption": [{"valueInteger": 0}, {"valueInteger": 2}],
    }
    questionnaire = {"title": "新的量表", "item": [item, {**item, "linkId": "b"}]}

    made = import_(app, questionnaire=questionnaire, instrument="brought")

    assert made.status_code == 201, made.text
    assert answered(app, "brought", 2, 2).json()["scores"] == {"total": 4}
    assert answered(app, "brought", 2, 1).status_code == 422


def test_a_questionnaire_that_does_not_fit_says_what_is_wrong(app: App) -> None:
    stranger = {"item": [{"linkId": "x", "type": "choice", "text": "?"}]}

    refused = import_(app, questionnaire=stranger, instrument="ucla3")

    assert (refused.status_code, refused.json()["code"]) == (422, "unusable-definition")
    assert "item x is none of ucla3" in refused.text


OPTIONS = (("options", "score", "zh"), *(("answers", code, f"答{code}") for code in (1, 2, 3)))


def workbook(*rows: tuple[Any, ...], options: tuple[tuple[Any, ...], ...] = ()) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if options:
        sheet = book.create_sheet("options")
        for row in options:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def wording(app: App, name: str, content: bytes, **more: Any) -> requests.Response:
    lead = app.person("clinical-lead")
    query = {"statement": RIGHT["statement"], "confirmed": "true", **more}
    return lead.call(
        "POST",
        f"{INSTRUMENTS}/{name}/wording",
        data=content,
        params=query,
        headers={"Content-Type": XLSX},
    )


def test_a_workbook_brings_the_words_of_a_skeleton(app: App) -> None:
    questions = [(f"q{number}", f"孤独的第{number}题") for number in (1, 2, 3)]
    file = workbook(("link_id", "zh"), *questions, ("stem", "请选择"), options=OPTIONS)

    made = wording(app, "ucla3", file)

    assert made.status_code == 201, made.text
    shown = app.anybody().get(f"{INSTRUMENTS}/ucla3").json()
    assert (shown["stem"], shown["items"][2]["text"]) == ("请选择", "孤独的第3题")
    assert [option["text"] for option in shown["items"][0]["options"]] == ["答1", "答2", "答3"]
    assert answered(app, "ucla3", 2, 2, 2).json()["scores"] == {"total": 6}


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (workbook(("question", "zh"), ("q1", "x")), "expected the columns link_id, zh, en"),
        (workbook(("link_id", "zh"), ("q9", "x"), options=OPTIONS), "brs has no q9"),
        (workbook(("link_id", "zh")), "no question"),
        (workbook(("link_id", "zh"), ("", "x")), "row 2 of the first sheet"),
        (
            workbook(
                ("link_id", "zh"), ("q1", "x"), options=(("options", "score", "zh"), ("a", "b"))
            ),
            "row 2 of the second sheet",
        ),
        (workbook(("link_id", "zh"), ("q1", "x"), options=OPTIONS), "no language has words"),
        (b"PK no workbook", "file"),
    ],
)
def test_a_workbook_that_cannot_be_used_says_where(app: App, file: bytes, told: str) -> None:
    refused = wording(app, "brs", file)

    assert refused.status_code == 422
    assert told in refused.text


def following(app: App) -> MaterialsProvider:
    """Another process, as far as it follows imports."""
    materials = MaterialsProvider()
    materials.container = SimpleNamespace(runtime=app.runtime("assessment"))
    materials.setup()
    return materials


def follow(app: App, materials: MaterialsProvider) -> Catalogue:
    assert materials.observe is not None
    with app.runtime("assessment").database.reading() as connection:
        materials.observe(connection)
    found: Catalogue = materials.get_dependency(None).catalogue
    return found


def test_every_process_follows_what_another_one_has_imported(app: App) -> None:
    import_(app, definition=definition("followed"))

    catalogue = follow(app, following(app))

    assert catalogue.get("followed").instrument.licence.status == RIGHT["statement"]


def test_an_import_that_is_committed_after_a_later_one_is_followed_too(app: App) -> None:
    materials, engine = following(app), app.runtime("assessment").database.engine
    add = text(
        "INSERT INTO imported_instruments (instrument, version, definition, statement, imported_by)"
        " SELECT :id, version, jsonb_set(definition, '{id}', to_jsonb(CAST(:id AS text))),"
        " statement, imported_by FROM imported_instruments WHERE instrument = 'numbered'"
    )
    import_(app, definition=definition("numbered"))
    with engine.begin() as slow:
        slow.execute(add, {"id": "slow"})
        with engine.begin() as quick:
            quick.execute(add, {"id": "quick"})
        before = follow(app, materials)
        assert (before.find("quick") is None, before.find("slow") is None) == (False, True)

    assert follow(app, materials).find("slow") is not None


def test_what_the_policy_of_today_has_no_answer_to_is_not_asked(app: App) -> None:
    critical = [{"item": "q1", "at_least": 5, "flag": "suicidal-ideation"}]
    import_(app, definition=definition("heard", critical=critical))
    materials = following(app)
    policy = materials._materials.policy
    crisis = msgspec.structs.replace(policy.crisis, flags=("acute-risk",))
    changed = msgspec.structs.replace(policy, crisis=crisis)
    materials._materials = dataclasses.replace(materials._materials, policy=changed)

    assert follow(app, materials).find("heard") is None
    assert follow(app, following(app)).find("heard") is not None
