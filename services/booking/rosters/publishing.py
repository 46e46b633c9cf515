"""What the world hears of a roster: its gaps."""

from services.booking.ports import Work
from services.booking.rosters.gaps import Gap
from services.contracts.booking import RosterGapFoundV1


def publish_gap(work: Work, gap: Gap) -> None:
    """Nobody is rostered on a tier for these hours."""
    work.publish(
        RosterGapFoundV1(gap=gap.id, tier=gap.tier, starts_at=gap.starts_at, ends_at=gap.ends_at)
    )
