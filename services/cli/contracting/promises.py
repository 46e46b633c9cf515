"""What the last release promised, held against the code as it is now."""

import json

from services.cli.contracting.compatibility.broken import Broken
from services.cli.contracting.compatibility.events import broken_events
from services.cli.contracting.compatibility.routes import broken_routes
from services.cli.contracting.released import Documents, last_release
from services.cli.contracting.routes import openapi_documents
from services.contracts.catalogue import EVENTS
from services.contracts.schemas import schema_of


def broken_promises() -> list[Broken]:
    """All of them; none before the first release."""
    release = last_release()
    if release is None:
        return []
    events = {kind: schema_of(event) for kind, event in EVENTS.items()}
    return [
        *broken_events(release.events, _as_written(events)),
        *broken_routes(release.routes, _as_written(openapi_documents())),
    ]


def _as_written(documents: Documents) -> Documents:
    """A tuple is a list once it is written, as it is in a release."""
    found: Documents = json.loads(json.dumps(documents))
    return found
