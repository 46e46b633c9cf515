"""What operations watch of scheduling; no label names a person or a place."""

from services.chassis.metrics import counter, gauge

APPOINTMENT_MOVES = counter(
    "huixin_booking_appointments_total", "Moves of appointments that were accepted", ("move",)
)
OPEN_SLOTS = gauge("huixin_booking_open_slots", "Open slots of the next seven days")
