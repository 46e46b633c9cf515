"""Broker, outbox, inbox, timers: how events travel."""

from services.cli.monitoring.dashboards.panel import RATE, board, lines, quantile

BOARD = board(
    "huixin-events",
    "Huixin · events",
    "Outbox → relay → broker → inbox → effect, retries, parked messages, timers",
    {
        "On the way out": [
            lines(
                "Confirmed per second",
                "short",
                {"{{type}}": f"sum by (type) (rate(huixin_events_published_total{RATE}))"},
            ),
            lines(
                "Waiting in the outbox",
                "short",
                {"{{service}} {{lane}}": "max by (service, lane) (huixin_outbox_waiting)"},
            ),
            lines(
                "Birth → confirm, 99 of 100",
                "s",
                {"{{service}} {{lane}}": quantile(0.99, "huixin_relay_seconds", "service, lane")},
            ),
        ],
        "On the way in": [
            lines(
                "Handled per second",
                "short",
                {
                    "{{queue}} {{outcome}}": "sum by (queue, outcome)"
                    f" (rate(huixin_events_handled_total{RATE})) > 0"
                },
            ),
            lines(
                "Birth → effect, 99 of 100",
                "s",
                {"{{queue}}": quantile(0.99, "huixin_event_effect_seconds", "queue")},
            ),
            lines(
                "Retrying and parked",
                "short",
                {
                    "{{queue}} retrying": "max by (queue) (huixin_inbox_retrying) > 0",
                    "{{queue}} parked": "max by (queue) (huixin_inbox_parked) > 0",
                },
            ),
        ],
        "Loops and clocks": [
            lines(
                "Connected to the broker",
                "short",
                {"{{service}} {{lane}}": "min by (service, lane) (huixin_broker_connected)"},
            ),
            lines(
                "Since each loop last went round",
                "s",
                {
                    "{{service}} {{loop}}": "max by (service, loop)"
                    " (time() - huixin_heartbeat_timestamp_seconds)"
                },
            ),
            lines(
                "Timers: due → handled, 99 of 100",
                "s",
                {
                    "{{service}} {{lane}}": quantile(
                        0.99, "huixin_timer_delay_seconds", "service, lane"
                    ),
                    "{{service}} oldest overdue": "max by (service) (huixin_timers_late_seconds)",
                },
            ),
        ],
        "Statistics": [
            lines(
                "Events counted per second",
                "short",
                {"{{type}}": f"sum by (type) (rate(huixin_reporting_events_total{RATE}))"},
            ),
            lines(
                "Age when counted",
                "s",
                {
                    "p95": quantile(
                        0.95, "huixin_event_effect_seconds", where='{queue="reporting.ledger"}'
                    ),
                    "oldest of the last batch": "max(huixin_reporting_ledger_lag_seconds)",
                },
            ),
            lines(
                "Late, rebuilt, published",
                "short",
                {
                    "for closed months": "sum(increase(huixin_reporting_late_events_total[1h]))",
                    "rebuilt": "sum(increase(huixin_reporting_rebuilt_events_total[1h]))",
                    "editions": "sum(increase(huixin_reporting_editions_total[1h]))",
                },
            ),
        ],
        "The broker's own figures": [
            lines(
                "Messages in queues",
                "short",
                {"{{queue}}": "max by (queue) (rabbitmq_detailed_queue_messages) > 0"},
            ),
            lines(
                "Readers of queues",
                "short",
                {"{{queue}}": "max by (queue) (rabbitmq_detailed_queue_consumers)"},
            ),
        ],
    },
)
