"""The reporting service: counting and publishing, composed from its topics."""

from services.chassis.service import Service
from services.reporting.editions.entrypoints import EditionEntrypoints
from services.reporting.indicators.entrypoints import IndicatorEntrypoints
from services.reporting.ledger.entrypoints import LedgerEntrypoints
from services.reporting.loops.entrypoints import LoopEntrypoints
from services.reporting.settings import ReportingSettings
from services.reporting.targets.entrypoints import TargetEntrypoints


class ReportingService(
    LedgerEntrypoints,
    LoopEntrypoints,
    IndicatorEntrypoints,
    TargetEntrypoints,
    EditionEntrypoints,
    Service,
):
    """Ledger, indicators, targets, monthly editions, loops."""

    name = "reporting"
    title = "Huixin reporting"
    description = (
        "What happened, counted: indicators by unit and month against targets, live where that "
        "is safe and in closed monthly editions for everybody; small groups never show."
    )
    settings = ReportingSettings
