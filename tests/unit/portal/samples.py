"""Answers of the services as the portal gets them, for view models and templates."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)  # 09:30 in the city


def at(**ahead: float) -> str:
    """A wire time so far ahead of now."""
    return (NOW + timedelta(**ahead)).isoformat().replace("+00:00", "Z")


OPTIONS = [
    {"score": 0, "text": "完全不会"},
    {"score": 1, "text": "好几天"},
    {"score": 2, "text": "一半以上的天数"},
    {"score": 3, "text": "几乎每天"},
]
TEXTS = [
    "做事时提不起劲或没有兴趣",
    "感到心情低落、沮丧或绝望",
    "入睡困难、睡不安稳或睡眠过多",
    "感觉疲倦或没有活力",
    "食欲不振或吃太多",
    "觉得自己很糟——或觉得自己很失败，或让自己或家人失望",
    "对事物专注有困难，例如阅读报纸或看电视时",
    "动作或说话速度缓慢到别人已经察觉？或正好相反——烦躁或坐立不安、动来动去的情况更胜于平常",
    "有不如死掉或用某种方式伤害自己的念头",
]
BANDS = [
    {"code": "minimal", "min": 0, "max": 4},
    {"code": "mild", "min": 5, "max": 9},
    {"code": "moderate", "min": 10, "max": 14},
    {"code": "moderately-severe", "min": 15, "max": 19},
    {"code": "severe", "min": 20, "max": 27},
]


def an_instrument() -> dict[str, Any]:
    """PHQ-9 as assessment serves it."""
    return {
        "id": "phq9",
        "title": "患者健康问卷抑郁自评量表",
        "version": "1.0.0",
        "stem": "在过去两周里，你有多少时候受到以下问题困扰？",
        "minutes": 2,
        "items": [
            {"link_id": f"q{number}", "text": text, "options": OPTIONS}
            for number, text in enumerate(TEXTS, start=1)
        ],
        "bands": BANDS,
        "consent": {
            "version": "2025-01",
            "text": "我们会保存你的回答，用来算出分数、给你说明，并在你需要时邀请你和咨询师谈话。\n"
            "回答加密保存，单位看不到。你可以随时撤回同意。",
        },
    }


def a_sitting(**answers: int | None) -> dict[str, Any]:
    """A sitting with these answers."""
    return {
        "id": "5d0e2a52-3f0e-4e8c-9d5b-0f5a7c1c2b3d",
        "instrument": "phq9",
        "answers": answers,
        "state": "open",
    }


def a_result(**changes: Any) -> dict[str, Any]:
    """A moderate PHQ-9."""
    return {
        "id": "0b6a2c1e-95a6-4d44-8f0b-fd3c5a0b7e11",
        "instrument": "phq9",
        "scores": {"total": 12},
        "band": "moderate",
        "risk": "none",
        "completed_at": at(),
        **changes,
    }


def earlier_results() -> list[dict[str, Any]]:
    """Newest first."""
    totals = [(0, 12, "moderate"), (14, 15, "moderately-severe"), (35, 9, "mild"), (63, 6, "mild")]
    return [
        a_result(completed_at=at(days=-days), scores={"total": total}, band=band)
        for days, total, band in totals
    ]


SITE = "5177e000-0000-4000-8000-000000000001"
COUNSELLOR = "c0550000-0000-4000-8000-000000000001"
NAMES = {SITE: "市职工心理服务中心", COUNSELLOR: "情绪管理、压力调整"}


def a_slot(number: int = 0, *, days: int = 1, hours: int = 1, **changes: Any) -> dict[str, Any]:
    """A free slot."""
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "starts_at": at(days=days, hours=hours),
        "ends_at": at(days=days, hours=hours, minutes=50),
        "mode": "in-person",
        "site": SITE,
        "counsellor": COUNSELLOR,
        **changes,
    }


def an_offer(**changes: Any) -> dict[str, Any]:
    """An open offer."""
    return {
        "id": "11111111-1111-4111-8111-111111111111",
        "state": "open",
        "reason": "response",
        "urgency": 2,
        "expires_at": at(hours=71),
        "slot": None,
        **changes,
    }


def an_appointment(**changes: Any) -> dict[str, Any]:
    """A booked appointment tomorrow."""
    return {
        **a_slot(),
        "id": "22222222-2222-4222-8222-222222222222",
        "state": "booked",
        "person": "9f1c2ab0-1111-4222-8333-444455556666",
        **changes,
    }


def a_message(**changes: Any) -> dict[str, Any]:
    """A message that went out on two channels."""
    return {
        "id": "33333333-3333-4333-8333-333333333333",
        "kind": "appointment-booked",
        "title": "你有一个新的安排",
        "body": "11月25日 10:30，市职工心理服务中心。",
        "created_at": at(minutes=-12),
        "channels": [
            {"channel": "in-app", "state": "delivered"},
            {"channel": "email", "state": "sent"},
        ],
        **changes,
    }


def a_case(**changes: Any) -> dict[str, Any]:
    """A crisis case nobody has acknowledged."""
    return {
        "id": "44444444-4444-4444-8444-444444444444",
        "state": "opened",
        "crisis": True,
        "acute": False,
        "drill": False,
        "callback": False,
        "source": "response",
        "person": "9f1c2ab0-1111-4222-8333-444455556666",
        "opened_at": at(minutes=-6),
        "next_due_at": at(minutes=9),
        "next_due": "acknowledge",
        "late": False,
        "timeline": [
            {"at": at(minutes=-6), "what": "opened", "detail": {"policy": "city-1.0.0"}},
            {
                "at": at(minutes=-6),
                "what": "signal",
                "detail": {"source": "response", "rule": "suicidal-ideation"},
            },
            {"at": at(minutes=-6), "what": "page-sent", "detail": {}},
        ],
        **changes,
    }


def a_duty_status(**changes: Any) -> dict[str, Any]:
    """Somebody is on duty."""
    return {
        "now": at(),
        "rostered": True,
        "fallback": False,
        "gap_until": None,
        "covered": True,
        "on_duty": [],
        "gaps": [],
        "queue": {"open": 1, "crisis": 1, "unacknowledged": 1, "late": 0},
        **changes,
    }


def indicators() -> list[dict[str, Any]]:
    """A month's indicators of a city."""

    titles = {
        "responses-completed": "完成测评人次",
        "offers-made": "发出咨询邀约",
        "offers-accepted": "接受咨询邀约",
        "appointments-booked": "预约咨询",
        "appointments-completed": "完成个体咨询",
        "appointments-no-show": "未到场",
        "crisis-cases": "危机个案",
        "crisis-acknowledged-minutes": "危机响应时间（中位数，分钟）",
    }

    def one(code: str, value: float | None, target: float | None = None, pace: str = "") -> Any:
        return {
            "code": code,
            "title": titles.get(code, code),
            "value": value,
            "state": "closed",
            "target": target,
            "pace": pace or None,
            "suppressed": value is None,
        }

    return [
        one("responses-completed", 1284, 20000, "behind"),
        one("responses-phq9-minimal", 642),
        one("responses-phq9-mild", 371),
        one("responses-phq9-moderate", 158),
        one("responses-phq9-moderately-severe", 69),
        one("responses-phq9-severe", 44),
        one("responses-gad7-minimal", 301),
        one("responses-gad7-mild", 122),
        one("responses-gad7-moderate", 41),
        one("responses-gad7-severe", None),
        one("offers-made", 271),
        one("offers-accepted", 164, 200, "on-track"),
        one("appointments-booked", 158),
        one("appointments-completed", 112, 100, "ahead"),
        one("appointments-no-show", None),
        one("crisis-cases", 31),
        one("crisis-acknowledged-minutes", 3.5, 15, "ahead"),
    ]


def a_subscription(**changes: Any) -> dict[str, Any]:
    """Another system with a queue of its own, two events behind."""
    return {
        "id": "77777777-4444-4444-8444-444444444444",
        "name": "library",
        "title": "职工书屋",
        "types": ["accounts.unit-changed.v1"],
        "waiting_for_grant": [],
        "kind": "queue",
        "queue": "subscriber.library",
        "url": None,
        "state": "active",
        "reason": "",
        "last": 100,
        "delivered": 98,
        "confirmed": 90,
        "oldest": 1,
        "failing_since": None,
        "due_at": at(),
        "created_at": at(days=-30),
        **changes,
    }
