"""`python -m services.reporting.ledger`: count everything again, with a progress bar."""

import os
import sys

from sqlalchemy import create_engine
from tqdm import tqdm

from services.reporting.ledger.rebuild import rebuild


def main() -> int:
    """Rebuild the counters of the database REPORTING_DATABASE_URL names."""
    url = os.environ.get("REPORTING_DATABASE_URL")
    if not url:
        sys.stderr.write("REPORTING_DATABASE_URL is not set\n")
        return 2
    engine = create_engine(url)
    with tqdm(unit=" events", unit_scale=True) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        rebuild(engine, show)
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
