"""What operations watch; labels are channels, states and reason codes, never ids."""

from services.chassis.metrics import counter, gauge, histogram

DELIVERIES = counter(
    "huixin_notification_deliveries_total",
    "Deliveries by what became of them",
    ("channel", "outcome", "reason"),
)
ATTEMPTS = counter(
    "huixin_notification_attempts_total",
    "Attempts to hand a mail over",
    ("lane", "outcome"),
)
PAGES = counter(
    "huixin_notification_pages_total",
    "Page mails by whom they were for and what became of them",
    ("to", "outcome", "drill"),
)
SEND_SECONDS = histogram("huixin_notification_send_seconds", "Time one attempt took", ("lane",))
PAGE_SECONDS = histogram(
    "huixin_notification_page_seconds",
    "From the decision to page to the mail server's acceptance",
    buckets=(0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0),
)
LANE_WAITING = gauge("huixin_notification_lane_waiting", "Claimed mails not yet sent", ("lane",))
OPEN_ESCALATIONS = gauge("huixin_notification_open_escalations", "Cases somebody is paged for")
OLDEST_QUEUED = gauge(
    "huixin_notification_oldest_queued_seconds", "Age of the oldest mail not sent", ("lane",)
)
STAFF_CARDS_AGE = gauge(
    "huixin_notification_staff_cards_age_seconds", "Since accounts last told the staff's addresses"
)
