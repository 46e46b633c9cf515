"""The crisis board: does every sign of danger reach a person in time. No unit, no person."""

from services.cli.monitoring.dashboards.panel import RATE, board, lines, number, quantile

PAGED = "huixin_booking_signal_to_page_seconds"

BOARD = board(
    "huixin-crisis",
    "Huixin · crisis",
    "From a sign of danger to an officer: pages, clocks, roster",
    {
        "Now": [
            number(
                "Beyond the limit without an officer",
                "s",
                "max(huixin_booking_acknowledge_late_seconds)",
                red_from=1,
            ),
            number(
                "Beyond the limit without contact",
                "s",
                "max(huixin_booking_contact_late_seconds)",
                red_from=1,
            ),
            number(
                "Tiers with nobody on duty",
                "short",
                'max(huixin_booking_roster_uncovered{when="now"})',
                red_from=1,
            ),
            number(
                "Gaps ahead",
                "short",
                'max(huixin_booking_roster_uncovered{when="ahead"})',
                red_from=1,
            ),
            number(
                "Oldest page unsent",
                "s",
                'max(huixin_notification_oldest_queued_seconds{lane="pages"})',
                red_from=60,
            ),
            number(
                "Crisis events failing",
                "short",
                'sum(max by (queue) (huixin_inbox_retrying{lane="crisis"}))',
                red_from=1,
            ),
        ],
        "Pages": [
            lines(
                "Sign of danger → page",
                "s",
                {f"p{share * 100:g}": quantile(share, PAGED) for share in (0.5, 0.95, 0.99)},
            ),
            lines(
                "Decision → mail server",
                "s",
                {
                    f"p{share * 100:g}": quantile(share, "huixin_notification_page_seconds")
                    for share in (0.5, 0.99)
                },
            ),
            lines(
                "Pages an hour",
                "short",
                {
                    "to {{to}}: {{outcome}}": "sum by (to, outcome)"
                    ' (increase(huixin_notification_pages_total{drill="false"}[1h]))',
                    "drills": 'sum(increase(huixin_notification_pages_total{drill="true"}[1h]))',
                    "repeated, did not leave": "sum(increase("
                    "huixin_booking_pages_unconfirmed_total[1h]))",
                },
            ),
        ],
        "Cases": [
            lines(
                "Signs of danger an hour",
                "short",
                {
                    "{{source}}": "sum by (source)"
                    ' (increase(huixin_booking_crisis_signals_total{drill="false"}[1h])) > 0'
                },
            ),
            lines(
                "Open",
                "short",
                {
                    "crisis": 'max(huixin_booking_cases_open{crisis="true"})',
                    "care": 'max(huixin_booking_cases_open{crisis="false"})',
                    "being paged for": "max(huixin_notification_open_escalations)",
                },
            ),
            lines(
                "Overdue by what is due",
                "short",
                {"{{due}}": "max by (due) (huixin_booking_cases_overdue)"},
            ),
        ],
        "What it rests on": [
            lines(
                "Clocks late",
                "s",
                {"{{service}}": 'max by (service) (huixin_timers_late_seconds{lane="crisis"})'},
            ),
            lines(
                "Urgent events: birth → confirm",
                "s",
                {"p99": quantile(0.99, "huixin_relay_seconds", where='{lane="urgent"}')},
            ),
            lines(
                "Past the broker or past storage, an hour",
                "short",
                {
                    "{{type}} by HTTP": "sum by (type) (increase(huixin_events_posted_total[1h]))",
                    "signal, storage away: {{outcome}}": "sum by (outcome)"
                    " (increase(huixin_assessment_signals_past_storage_total[1h]))",
                    "timers lost": "sum(increase(huixin_booking_case_timers_lost_total[1h]))",
                    "limits that passed": "sum(increase(huixin_booking_cases_late_total[1h]))",
                },
            ),
            lines(
                "Mail attempts per minute",
                "short",
                {
                    "{{lane}} {{outcome}}": "60 * sum by (lane, outcome)"
                    f" (rate(huixin_notification_attempts_total{RATE})) > 0"
                },
            ),
        ],
    },
)
