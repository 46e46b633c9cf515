"""The assessment service: every entrypoint, composed from the topics."""

from services.assessment.cases.entrypoints import CaseEntrypoints
from services.assessment.consent.entrypoints import ConsentEntrypoints
from services.assessment.help_requests.entrypoints import HelpRequestEntrypoints
from services.assessment.instruments.entrypoints import InstrumentEntrypoints
from services.assessment.quizzes.attempts.entrypoints import QuizAttemptEntrypoints
from services.assessment.quizzes.bank.entrypoints import QuizBankEntrypoints
from services.assessment.quizzes.rounds.entrypoints import QuizRoundEntrypoints
from services.assessment.remarks.entrypoints import RemarkEntrypoints
from services.assessment.responses.entrypoints import ResponseEntrypoints
from services.assessment.settings import AssessmentSettings
from services.assessment.sittings.entrypoints import SittingEntrypoints
from services.assessment.support.entrypoints import SupportEntrypoints
from services.assessment.wordings.entrypoints import WordingEntrypoints
from services.chassis.service import Service


class AssessmentService(
    InstrumentEntrypoints,
    WordingEntrypoints,
    ConsentEntrypoints,
    ResponseEntrypoints,
    RemarkEntrypoints,
    SittingEntrypoints,
    HelpRequestEntrypoints,
    SupportEntrypoints,
    CaseEntrypoints,
    QuizBankEntrypoints,
    QuizRoundEntrypoints,
    QuizAttemptEntrypoints,
    Service,
):
    """Measuring: instruments, consent, responses, scoring, risk, quizzes."""

    name = "assessment"
    title = "Huixin assessment"
    description = (
        "Scales, consent, answers, results and the first word of a crisis. Every refusal of a "
        "route a person in distress may be on carries `support`, the help card."
    )
    settings = AssessmentSettings
