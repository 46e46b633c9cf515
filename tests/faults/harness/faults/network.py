"""Links that are cut, slow, or swallow everything."""

from tests.faults.harness.faults.world import Trouble, kind


class _Link(Trouble):
    def uses(self) -> set[str]:
        return {f"link {self.fault.target}"}

    def end(self) -> None:
        self.links.heal(self.fault.target)


@kind("cut-link")
class CutLink(_Link):
    """Connections are reset, and refused until it is mended."""

    def begin(self) -> None:
        self.links.cut(self.fault.target)


@kind("black-hole")
class BlackHole(_Link):
    """Connections stand and nothing passes; afterwards all of it arrives, or they are reset."""

    def begin(self) -> None:
        self.links.black_hole(self.fault.target)

    def end(self) -> None:
        if self.fault.facts.get("reset"):
            self.links.drop(self.fault.target)
        super().end()


@kind("slow-link")
class SlowLink(_Link):
    """Late, and little at a time."""

    def begin(self) -> None:
        self.links.slow(
            self.fault.target, delay=self.fault.facts["delay"], rate=self.fault.facts["rate"]
        )
