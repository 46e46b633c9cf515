"""`python -m services.cli.bench.load`: a plan on standard input, its outcome on standard output."""

import gc
import sys

import msgspec

from services.cli.bench.load.closed import send_closed
from services.cli.bench.load.connection import BrokenAnswer
from services.cli.bench.load.open import OpenLoop
from services.cli.bench.load.plan import ClosedPlan, OpenPlan


def main() -> int:
    """Send the plan; 1 with a line on standard error where a server broke off."""
    plan = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=ClosedPlan | OpenPlan)
    gc.freeze()
    gc.disable()
    try:
        outcome = send_closed(plan) if isinstance(plan, ClosedPlan) else OpenLoop(plan).run()
    except (BrokenAnswer, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(msgspec.msgpack.encode(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
