"""Let each row of a file be answered by a different temporary worker through the public interface,
then compare the statistics service's figures with an independent count of the file."""

import argparse
import os
import time
from pathlib import Path

from services.cli.campaigning.answering import Outcome, give_answers, questionnaire
from services.cli.campaigning.figures import Figures, LiveView, expected_moves, settled_moves
from services.cli.campaigning.file import read_answers
from services.cli.campaigning.recount import SCALES, recount
from services.cli.client import PublicClient

DEMO_PASSWORD = "huixin-demo"  # noqa: S105  the embedded mode's, which exists nowhere else


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the instrument, and the running system."""
    parser.add_argument("file", type=Path, help="CSV with a column for each item, by its link id")
    parser.add_argument("--instrument", required=True, help="phq9, gad7, bwas, …")
    parser.add_argument("--url", default="http://127.0.0.1:8100", help="a running system")
    parser.add_argument("--unit", help="the unit the workers belong to (default: the whole city)")
    parser.add_argument("--workers", type=int, default=24, help="how many answer at once")
    parser.add_argument("--limit", type=int, help="only the first rows")
    parser.add_argument("--campaign", help="a campaign's id, when the answers belong to one")
    parser.add_argument("--login", default="city-admin", help="who provisions the workers")
    parser.add_argument("--lead", default="clinical-lead", help="whose live view is compared")
    parser.add_argument(
        "--wait", type=float, default=300.0, help="seconds the statistics may take to follow"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when everything answered and every figure agrees."""
    password = os.environ.get("HUIXIN_PASSWORD", DEMO_PASSWORD)
    lead_password = os.environ.get("HUIXIN_LEAD_PASSWORD", password)
    open_client = PublicClient(arguments.url)
    admin = open_client.signed_in(arguments.login, password)
    lead = open_client.signed_in(arguments.lead, lead_password)
    city = str(admin.person["unit"])
    asked = questionnaire(admin, arguments.instrument)
    rows = read_answers(arguments.file, asked.link_ids)[: arguments.limit]
    view = LiveView.of_this_month(lead, city)
    before = view.read()

    print(f"{len(rows)} rows of {arguments.file.name}, each by a temporary worker of its own")
    started = time.monotonic()
    outcome = give_answers(
        admin,
        asked,
        rows,
        unit=arguments.unit or city,
        workers=arguments.workers,
        campaign=arguments.campaign,
    )
    seconds = time.monotonic() - started
    _tell(outcome, seconds, admin.retries)

    expected = recount(arguments.instrument, rows)
    if expected is None:
        print("The file cannot be recounted: no independent count exists for this instrument.")
        return 1
    scale = SCALES[arguments.instrument]
    bands = [name for name, _ in scale.bands]
    wanted = expected_moves(arguments.instrument, expected, bands if scale.indicators else ())
    moves = settled_moves(view, before, wanted, arguments.wait)
    agree = _compare(moves, wanted)
    print(f"\n  {'what each was answered':<36}{'system':>9}{'file':>9}")
    for band in bands:
        agree &= _line(band, outcome.tally.bands[band], expected.bands[band])
    agree &= _line("sum of all totals", outcome.tally.totals, expected.totals)
    agree &= _line("refused with 422", outcome.tally.refused, expected.refused)
    agree &= not outcome.surprises
    print("AGREE to the last unit." if agree else "DISAGREE.")
    return 0 if agree else 1


def _tell(outcome: Outcome, seconds: float, retries: int) -> None:
    tally = outcome.tally
    total = tally.accepted + tally.refused
    print(f"\nanswered in {seconds:.0f} s ({total / max(seconds, 0.001):.0f} a second)")
    print(f"  accepted          {tally.accepted:>7}")
    for band, count in tally.bands.most_common():
        print(f"    {band:<16}{count:>7}")
    print(f"  refused (422)     {tally.refused:>7}")
    for reason, count in outcome.reasons.most_common():
        print(f"    {reason:<16}{count:>7}  rows")
    print(f"  crisis cases      {tally.crisis_cases:>7}")
    if retries:
        print(f"  calls tried again {retries:>7}")
    for surprise, count in outcome.surprises.most_common():
        print(f"  UNEXPECTED {surprise}: {count}")


def _compare(moves: Figures, expected: dict[str, int]) -> bool:
    print(f"\n  {'live view of the clinical lead':<36}{'system':>9}{'file':>9}")
    return all([_line(code, moves[code], value) for code, value in expected.items()])  # noqa: C419  every line is printed


def _line(title: str, system: int | None, file: int) -> bool:
    verdict = "agree" if system == file else "DISAGREE"
    shown = "withheld" if system is None else system
    print(f"  {title:<36}{shown:>9}{file:>9}  {verdict}")
    return system == file
