"""The loop at a glance: from answers to statistics, how much and how fast."""

from services.cli.monitoring.dashboards.panel import RATE, board, lines, number, quantile

EFFECT = "huixin_event_effect_seconds"
PUBLISHED = "huixin_events_published_total"


def _an_hour(metric: str) -> str:
    return f"sum(increase({metric}[1h]))"


BOARD = board(
    "huixin-loop",
    "Huixin · the loop at a glance",
    "An answer makes an offer, the offer an appointment, that a message, and all of it statistics",
    {
        "In the last hour": [
            number("Answers", "short", _an_hour("huixin_assessment_responses_total")),
            number("Offers", "short", _an_hour(PUBLISHED + '{type="booking.offer-made.v1"}')),
            number(
                "Appointments", "short", _an_hour('huixin_booking_appointments_total{move="book"}')
            ),
            number(
                "Messages",
                "short",
                _an_hour('huixin_notification_deliveries_total{outcome="sent"}'),
            ),
            number("Events counted", "short", _an_hour("huixin_reporting_events_total")),
        ],
        "Does it hold": [
            number("Parked", "short", "sum(max by (queue) (huixin_inbox_parked))", red_from=1),
            number(
                "Waiting for a retry",
                "short",
                "sum(max by (queue) (huixin_inbox_retrying))",
                red_from=20,
            ),
            number("Oldest event unsent", "s", "max(huixin_outbox_oldest_seconds)", red_from=60),
            number("Answers late, 1 h", "percentunit", "slo:loop:error_ratio_1h", red_from=0.01),
            number("Free slots, 7 days", "short", "max(huixin_booking_open_slots)"),
        ],
        "How much": [
            lines(
                "The loop, per minute",
                "short",
                {
                    "answers": f"60 * sum(rate(huixin_assessment_responses_total{RATE}))",
                    "offers": f'60 * sum(rate({PUBLISHED}{{type="booking.offer-made.v1"}}{RATE}))',
                    "appointments": "60 * sum(rate(huixin_booking_appointments_total"
                    f'{{move="book"}}{RATE}))',
                    "messages": "60 * sum(rate(huixin_notification_deliveries_total"
                    f'{{outcome="sent"}}{RATE}))',
                },
            ),
            lines(
                "Messages by channel, per minute",
                "short",
                {
                    "{{channel}} {{outcome}} {{reason}}": "60 * sum by (channel, outcome, reason)"
                    f" (rate(huixin_notification_deliveries_total{RATE})) > 0"
                },
            ),
        ],
        "How fast": [
            lines(
                "Answer → offer",
                "s",
                {
                    f"p{share * 100:g}": quantile(
                        share, EFFECT, where='{queue="booking.response-completed"}'
                    )
                    for share in (0.5, 0.95, 0.99)
                },
                about="From the answer's commit to the offer's",
            ),
            lines(
                "Each step, 95 of 100",
                "s",
                {"{{queue}}": quantile(0.95, EFFECT, "queue")},
                about="From an event's birth to its effect at each reader",
            ),
            lines(
                "Objectives, error ratio over an hour",
                "percentunit",
                {
                    "answer → offer within 1 s": "slo:loop:error_ratio_1h",
                    "page within 2 s": "slo:page_soon:error_ratio_1h",
                    "requests of {{service}}": "slo:http:error_ratio_1h",
                    "events of {{service}}": "slo:events:error_ratio_1h",
                },
            ),
        ],
    },
)
