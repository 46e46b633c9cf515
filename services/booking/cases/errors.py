"""Every «no» of a case.

* NotFound   NoSuchCase
* Conflict   CaseIsClosed, CaseAlreadyAcknowledged, NotContactedYet, NotPlannedYet,
             AttemptsMissing, CloseNotRequested, SignalNotAnswered, NoDrill
* NotAllowed SecondPersonNeeded
"""

from services.chassis.errors import Conflict, NotAllowed, NotFound


class NoSuchCase(NotFound):
    """There is no such case, or the person is not in the reader's care."""

    code = "no-such-case"


class CaseIsClosed(Conflict):
    """Nothing is added to a closed case; a new signal re-opens it."""

    code = "case-is-closed"
    title = "The case is closed; a new signal re-opens it"


class CaseAlreadyAcknowledged(Conflict):
    """Another officer has it."""

    code = "case-already-acknowledged"
    title = "Another officer has taken the case"


class NotContactedYet(Conflict):
    """First somebody speaks with the person."""

    code = "not-contacted-yet"
    title = "Nobody has spoken with the person yet"


class NotPlannedYet(Conflict):
    """Follow-ups follow a plan."""

    code = "not-planned-yet"
    title = "There is no safety plan to follow up yet"


class AttemptsMissing(Conflict):
    """«Not reachable» is said after the attempts that the policy asks for."""

    code = "attempts-missing"
    title = "The policy asks for more attempts, on more channels, before giving up"


class NoDrill(Conflict):
    """A real case does not end as a drill."""

    code = "no-drill"
    title = "This case is not a drill"


class CloseNotRequested(Conflict):
    """There is nothing to confirm or to refuse."""

    code = "close-not-requested"
    title = "Nobody has asked to close the case"


class SignalNotAnswered(Conflict):
    """A signal is newer than the last talk: the person comes first, closing later."""

    code = "signal-not-answered"
    title = "There is a new signal; somebody speaks with the person before the case is closed"


class SecondPersonNeeded(NotAllowed):
    """Four eyes: who asked to close a case cannot confirm it."""

    code = "second-person-needed"
    title = "Another person has to confirm the closing"
