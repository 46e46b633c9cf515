"""The notification service: what it answers, what it listens to, what it does on time."""

from services.chassis.observing import Observer
from services.chassis.service import Service
from services.notification.contacts.entrypoints import ContactEntrypoints
from services.notification.delivery.entrypoints import DeliveryEntrypoints
from services.notification.escalations.entrypoints import EscalationEntrypoints
from services.notification.keeping import KeepingEntrypoints
from services.notification.messages.entrypoints import MessageEntrypoints
from services.notification.observing import observe
from services.notification.reminders.entrypoints import ReminderEntrypoints
from services.notification.settings import NotificationSettings


class NotificationService(
    MessageEntrypoints,
    DeliveryEntrypoints,
    ReminderEntrypoints,
    EscalationEntrypoints,
    ContactEntrypoints,
    KeepingEntrypoints,
    Service,
):
    """Reaches people in discreet words, and pages officers until somebody takes a case."""

    name = "notification"
    settings = NotificationSettings
    observer = Observer(observe)
    title = "Notification"
    description = "Messages with the truth about every channel, reminders, and pages on duty."
