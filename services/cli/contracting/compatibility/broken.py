"""A promise that is broken, in words that say what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """`contract` is an event's type or a route, `field` the place in it, `rule` a code."""

    contract: str
    field: str
    rule: str
    said: str
    remedy: str

    def __str__(self) -> str:
        place = f" {self.field}" if self.field else ""
        return f"{self.contract}{place}: {self.rule}: {self.said}\n    {self.remedy}"
