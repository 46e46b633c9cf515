"""The one place where ports meet storage, and files become materials."""

from nameko.extensions import DependencyProvider
from sqlalchemy import Connection

from services.assessment.care.reading import misfits
from services.assessment.cases.alarm import Alarm
from services.assessment.cases.storage import CrisisCaseRepository
from services.assessment.consent.storage import ConsentRepository
from services.assessment.help_requests.storage import HelpRequestRepository
from services.assessment.materials import Materials, read_materials
from services.assessment.quizzes.attempts.storage import AttemptRepository
from services.assessment.quizzes.bank.storage import QuestionRepository
from services.assessment.quizzes.rounds.storage import RoundRepository
from services.assessment.remarks.storage import RemarkRepository
from services.assessment.responses.storage import ResponseRepository
from services.assessment.sittings.storage import SittingRepository
from services.assessment.wordings.storage import WordingRepository, imported_besides
from services.chassis.context import Context
from services.chassis.logs import get_logger
from services.chassis.metrics import counter
from services.chassis.observing import Observer
from services.chassis.unit_of_work import UnitOfWork, UnitOfWorkProvider

log = get_logger()

RESPONSES = counter(
    "huixin_assessment_responses_total", "Sheets of answers completed", ("instrument",)
)


class AssessmentUnitOfWork(UnitOfWork):
    """One transaction of this service, with its repositories."""

    def open(self, connection: Connection) -> None:
        """Build them on this connection."""
        self.consents = ConsentRepository(connection)
        self.responses = ResponseRepository(connection, self.vault)
        self.sittings = SittingRepository(connection, self.vault)
        self.cases = CrisisCaseRepository(connection)
        self.help_requests = HelpRequestRepository(connection, self.vault, self.keyring)
        self.wordings = WordingRepository(connection)
        self.remarks = RemarkRepository(connection, self.vault)
        self.quiz_questions = QuestionRepository(connection)
        self.quiz_rounds = RoundRepository(connection, self.vault)
        self.quiz_attempts = AttemptRepository(connection, self.vault)


class AssessmentUnitOfWorkProvider(UnitOfWorkProvider):
    """Gives each worker its unit of work."""

    unit_of_work = AssessmentUnitOfWork


class AlarmProvider(DependencyProvider):
    """Gives each worker the way past storage, as part of the worker's loop."""

    def get_dependency(self, worker_ctx: object) -> Alarm:
        """Made for this worker."""
        context: Context = worker_ctx.context  # type: ignore[attr-defined]  # set by the container
        runtime = self.container.runtime
        return Alarm(runtime.peers, context, runtime.clock)


class MaterialsProvider(Observer):
    """Gives an entrypoint what the service works by; a service with bad files does not start.

    Every process follows what is imported by any of them.
    """

    beat = "follow-imports"

    def setup(self) -> None:
        """Read and check the files."""
        self._materials = read_materials(self.container.runtime.settings)
        self._known: set[int] = set()
        self.observe = self._follow

    def _follow(self, connection: Connection) -> None:
        for number, instrument in imported_besides(connection, self._known):
            # The policy may be another one than at the import.
            if any(misfits(self._materials.policy, instrument)):
                log.error("import-without-consequence", code=instrument.id)
            else:
                self._materials.catalogue.take_in(instrument)
            self._known.add(number)

    def get_dependency(self, worker_ctx: object) -> Materials:
        """The same for every worker."""
        return self._materials
