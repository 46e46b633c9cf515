"""Each service keeps what its OpenAPI document says, whatever anybody sends."""

from uuid import UUID

import pytest

from services.apphost import KEEPERS
from tests.security.input.fuzzing import findings
from tests.support.apps import App


@pytest.mark.parametrize("service", KEEPERS)
def test_no_input_breaks_a_service_or_what_its_document_says(
    app: App, known: dict[str, UUID], service: str
) -> None:
    found = list(findings(app, service, known))

    assert not found, "\n".join(found)
