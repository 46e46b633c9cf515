"""The portal: every page, composed from the topics. It keeps nothing and hears no events."""

from services.chassis.service import Probes
from services.portal.care.entrypoints import CareEntrypoints
from services.portal.counselling.entrypoints import CounsellingEntrypoints
from services.portal.duty.entrypoints import DutyEntrypoints
from services.portal.files.entrypoints import FileEntrypoints
from services.portal.gateway.entrypoints import GatewayEntrypoints
from services.portal.help.entrypoints import HelpEntrypoints
from services.portal.home.entrypoints import HomeEntrypoints
from services.portal.inbox.entrypoints import InboxEntrypoints
from services.portal.ops.entrypoints import OpsEntrypoints
from services.portal.ops.subscriber_entrypoints import SubscriberEntrypoints
from services.portal.screening.entrypoints import ScreeningEntrypoints
from services.portal.settings import PortalSettings
from services.portal.signin.entrypoints import SignInEntrypoints
from services.portal.statistics.entrypoints import StatisticsEntrypoints


class PortalService(
    HelpEntrypoints,
    SignInEntrypoints,
    ScreeningEntrypoints,
    CareEntrypoints,
    InboxEntrypoints,
    DutyEntrypoints,
    CounsellingEntrypoints,
    StatisticsEntrypoints,
    OpsEntrypoints,
    SubscriberEntrypoints,
    FileEntrypoints,
    GatewayEntrypoints,
    HomeEntrypoints,
    Probes,
):
    """Web pages for workers, counsellors, duty officers, administrators and operators."""

    name = "portal"
    title = "Huixin portal"
    description = "Web pages; they speak to the services over HTTP as the signed-in person"
    settings = PortalSettings
