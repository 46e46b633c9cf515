"""What operations watch of scheduling; no label names a person or a place."""

from services.chassis.metrics import counter, gauge

APPOINTMENT_MOVES = counter(
    "huixin_booking_appointments_total", "Moves of appointments that were accepted", ("move",)
)
OPEN_SLOTS = gauge("huixin_booking_open_slots", "Open slots of the next seven days")
OPEN_CASES = gauge("huixin_booking_cases_open", "Open cases, drills apart", ("crisis",))
LATE_CASES = gauge(
    "huixin_booking_cases_overdue", "Open cases whose next step is late, drills apart", ("due",)
)
ACKNOWLEDGE_LATE = gauge(
    "huixin_booking_acknowledge_late_seconds",
    "How long past the policy's limit the longest waiting crisis has been without an officer",
)
CONTACT_LATE = gauge(
    "huixin_booking_contact_late_seconds",
    "How long past the policy's limit the longest waiting person in crisis was not reached",
)
UNCOVERED = gauge(
    "huixin_booking_roster_uncovered",
    "Stretches that a required tier does not cover, at this moment and in the look-ahead",
    ("when",),
)
