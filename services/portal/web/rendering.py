"""Templates to pages: one environment, strict about what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.portal.web import times
from services.portal.web.assets import Assets
from services.portal.web.forms import Form
from services.portal.web.frame import Frame
from services.portal.web.language import Translator

TEMPLATES = Path(__file__).parent.parent / "templates"
CSRF_FIELD = "csrf"


@dataclass(frozen=True)
class Renderer:
    """Renders templates with the frame, the language and the addresses of scripts and styles."""

    assets: Assets

    @cached_property
    def environment(self) -> Environment:
        """Escapes everything, and refuses a name a page was not given."""
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(asset=self.assets.own, vendor=self.assets.vendor, times=times)
        return environment

    def page(
        self,
        template: str,
        *,
        me: Frame,
        t: Translator,
        csrf_token: str = "",
        form: Form | None = None,
        **view: Any,
    ) -> str:
        """The page as HTML."""
        context: Mapping[str, Any] = {
            "me": me,
            "t": t,
            "csrf": lambda: hidden_token(csrf_token),
            "form": form or Form(),
            **view,
        }
        return self.environment.get_template(template).render(context)


def hidden_token(token: str) -> Markup:
    """The hidden field that proves a form came from our page."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, token)
