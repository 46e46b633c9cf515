"""Forms are taken only from our own pages: a secret in the form, and what the browser says."""

import hmac
from collections.abc import Mapping

from services.portal.web.rendering import CSRF_FIELD
from services.portal.web.session import Visitor

OWN_SITES = {"same-origin", "none"}


def comes_from_our_page(visitor: Visitor | None, form: Mapping[str, str], site: str | None) -> bool:
    """Does the form carry the visitor's secret?

    `site` is the browser's own word on where it came from (`Sec-Fetch-Site`), if it has one.
    """
    if site is not None and site not in OWN_SITES:
        return False
    if visitor is None:
        return False
    given = form.get(CSRF_FIELD, "")
    return hmac.compare_digest(given.encode(), visitor.csrf.encode())
