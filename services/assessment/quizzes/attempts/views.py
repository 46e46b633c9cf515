"""An attempt as its owner sees it: right answers only once it was handed in."""

from typing import Any

from services.assessment.instruments.words import Language
from services.assessment.quizzes.attempts.usecases import Ranking, Sheet
from services.assessment.quizzes.bank.domain import Question


def sheet_of(sheet: Sheet, language: Language) -> dict[str, Any]:
    """The attempt with its questions."""
    attempt = sheet.attempt
    answers = attempt.answers
    done = attempt.submitted_at is not None and answers is not None
    deadline = sheet.round.deadline_of(attempt.started_at)
    waiting = "running" if sheet.now < deadline else "expired"
    questions = [_question(each, language) for each in sheet.asked]
    if done and answers is not None:
        for shown, each in zip(questions, sheet.asked, strict=True):
            shown.update(_marked(each, answers.get(each.id, ()), language))
    return {
        "round": sheet.round.id,
        "entry": attempt.entry,
        "nickname": attempt.nickname,
        "state": "submitted" if done else waiting,
        "started_at": attempt.started_at,
        "deadline": deadline,
        "questions": questions,
        **(_result(sheet) if done else {}),
    }


def ranking_of(ranking: Ranking) -> dict[str, Any]:
    """The first places and one's own."""
    own = ranking.own
    mine = own and {
        "place": ranking.place,
        "nickname": own.nickname,
        "points": own.points,
        "seconds": own.seconds,
    }
    return {"items": ranking.first, "own": mine, "next": None}


def _question(question: Question, language: Language) -> dict[str, Any]:
    choices = [
        {"number": number, "text": each.within(language)}
        for number, each in enumerate(question.choices, 1)
    ]
    text = question.text.within(language)
    return {"id": question.id, "text": text, "several": question.several, "choices": choices}


def _marked(question: Question, chosen: Any, language: Language) -> dict[str, Any]:
    return {
        "chosen": list(chosen),
        "right": list(question.right),
        "correct": question.is_right(chosen),
        "explanation": question.explanation.within(language),
    }


def _result(sheet: Sheet) -> dict[str, Any]:
    return {
        "points": sheet.attempt.points,
        "out_of": len(sheet.asked),
        "seconds": sheet.attempt.seconds,
        "place": sheet.place,
        "prize": sheet.prize,
        "claimed_at": sheet.claimed_at,
    }
