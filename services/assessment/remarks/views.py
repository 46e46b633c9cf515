"""Remarks as they go out."""

from typing import Any

from services.assessment.remarks.domain import Remark


def told(remark: Remark) -> dict[str, Any]:
    """As the person reads it."""
    said = remark.said
    return {"agrees": said.agrees, "text": said.text, "written_at": remark.written_at}
