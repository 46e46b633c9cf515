"""The rows by name and the file of each; nothing of a row is imported before it is wanted."""

from importlib import import_module

from services.cli.bench.row import Row
from services.cli.errors import CommandFailed

# In the order of running: those with servers of their own first, the whole city after.
ROWS = {
    "bus-batched": "services.cli.bench.bus:BATCHED",
    "bus-single": "services.cli.bench.bus:SINGLE",
    "ledger-rebuild": "services.cli.bench.rebuild:LEDGER",
    "dashboard": "services.cli.bench.rebuild:DASHBOARD",
    "slots": "services.cli.bench.slots:SLOTS",
    "bookings": "services.cli.bench.bookings:BOOKINGS",
    "answers": "services.cli.bench.answers:ANSWERS",
    "offer-latency": "services.cli.bench.latency:OFFER",
    "crisis-latency": "services.cli.bench.latency:CRISIS",
    "memory": "services.cli.bench.memory:MEMORY",
    "start": "services.cli.bench.start:START",
}


def chosen(names: str | None) -> list[Row]:
    """The rows of a comma-separated list, or all; raises CommandFailed where one is unknown."""
    wanted = [name.strip() for name in names.split(",")] if names else list(ROWS)
    if unknown := [name for name in wanted if name not in ROWS]:
        raise CommandFailed(f"No such row: {', '.join(unknown)}. There are: {', '.join(ROWS)}.")
    return [_load(name) for name in wanted]


def _load(name: str) -> Row:
    module, _, attribute = ROWS[name].partition(":")
    row = getattr(import_module(module), attribute)
    if not isinstance(row, Row) or row.name != name:
        raise TypeError(f"{ROWS[name]} is not the row {name}")
    return row
