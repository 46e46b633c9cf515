"""Rendering a template as the service does, without the service."""

from typing import Any

from services.portal.web.assets import load_assets
from services.portal.web.frame import Frame, navigation
from services.portal.web.language import Language, Translator
from services.portal.web.rendering import Renderer

RENDERER = Renderer(load_assets())
ZH, EN = Translator("zh"), Translator("en")


def a_frame(*roles: str, path: str = "/") -> Frame:
    """A page of somebody with these roles; of a stranger without."""
    nav = navigation(roles, path) if roles else ()
    return Frame(path=path, signed_in=bool(roles), roles=frozenset(roles), nav=nav)


def rendered(template: str, *roles: str, language: Language = "zh", **view: Any) -> str:
    """The page's HTML."""
    t = Translator(language)
    return RENDERER.page(template, me=a_frame(*roles), t=t, csrf_token="a-secret", **view)
