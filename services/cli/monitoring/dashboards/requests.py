"""HTTP, workers, sign-ins, databases, versions."""

from services.cli.monitoring.dashboards.panel import RATE, board, lines, quantile

BOARD = board(
    "huixin-requests",
    "Huixin · requests and processes",
    "What is asked, how it is answered, and what the processes stand on",
    {
        "Requests": [
            lines(
                "Answered per second",
                "reqps",
                {
                    "{{service}} {{status}}": "sum by (service, status)"
                    f" (rate(huixin_http_requests_total{RATE}))"
                },
            ),
            lines(
                "Faults of ours",
                "percentunit",
                {"{{service}}": "slo:http:error_ratio_5m"},
            ),
            lines(
                "Slowest entrypoints, 95 of 100",
                "s",
                {
                    "{{service}} {{entrypoint}}": "topk(10, "
                    + quantile(0.95, "huixin_worker_seconds", "service, entrypoint")
                    + ")"
                },
            ),
        ],
        "Workers": [
            lines(
                "Failed and refused per second",
                "short",
                {
                    "{{entrypoint}} {{outcome}}": "sum by (service, entrypoint, outcome)"
                    f' (rate(huixin_worker_seconds_count{{outcome!="ok"}}{RATE})) > 0'
                },
            ),
            lines(
                "Sign-ins per minute",
                "short",
                {
                    "{{outcome}}": "60 * sum by (outcome)"
                    f" (rate(huixin_accounts_sign_ins_total{RATE}))"
                },
            ),
            lines(
                "Mail on its way",
                "short",
                {
                    "{{lane}} waiting": "sum by (lane) (huixin_notification_lane_waiting)",
                    "{{lane}} p95 of an attempt (s)": quantile(
                        0.95, "huixin_notification_send_seconds", "lane"
                    ),
                },
            ),
        ],
        "Processes": [
            lines(
                "Up",
                "short",
                {
                    "{{job}}": 'sum by (job) (up{job=~"accounts|booking|assessment|notification|'
                    'reporting|portal"})'
                },
            ),
            lines(
                "Database connections",
                "short",
                {"{{service}} {{state}}": "max by (service, state) (huixin_database_connections)"},
            ),
            lines(
                "Clock against the database's",
                "s",
                {"{{service}}": "max by (service) (abs(huixin_database_clock_skew_seconds))"},
            ),
            lines(
                "Memory",
                "bytes",
                {"{{job}}": "max by (job) (process_resident_memory_bytes)"},
            ),
            lines(
                "Versions",
                "short",
                {"{{service}} {{version}}": "count by (service, version) (huixin_build_info)"},
            ),
        ],
    },
)
