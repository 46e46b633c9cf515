"""A form as a page shows it: what was typed, and what is wrong at which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from services.portal.client.refusals import Problem
from services.portal.web.language import Translator


@dataclass(frozen=True)
class Form:
    """Values and problems by field name; `general` belongs to no field."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    general: str = ""

    def value(self, name: str) -> str:
        """What the person typed, or nothing."""
        return self.values.get(name, "")

    def problem(self, name: str) -> str:
        """What is wrong with the field, or nothing."""
        return self.problems.get(name, "")

    @property
    def valid(self) -> bool:
        """Nothing is wrong."""
        return not self.problems and not self.general


def read_form(body: bytes) -> dict[str, str]:
    """A url-encoded body; of a repeated name the last value counts."""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    return {name: value.strip() for name, value in pairs}


def refused_form(values: Mapping[str, str], problem: Problem, t: Translator) -> Form:
    """The form again, with a service's refusal told at the fields it names.

    A field the form does not have (an id in a path, say) is told in general.
    """
    at_fields: dict[str, str] = {}
    elsewhere: list[str] = []
    for error in problem.errors:
        name = error.field.rsplit(".", 1)[-1]
        text = t.either(f"problem.field.{error.code}", error.message)
        if name in values:
            at_fields[name] = text
        else:
            elsewhere.append(text)
    general = "" if at_fields and not elsewhere else sentence(problem, t)
    return Form(values, at_fields, general)


def sentence(problem: Problem, t: Translator) -> str:
    """One clear sentence for a refusal: ours for known codes, else the service's own."""
    by_status = t.either(f"problem.status.{problem.status}", t("problem.unknown"))
    return t.either(f"problem.code.{problem.code}", problem.detail or by_status)
