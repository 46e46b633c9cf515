"""Writing a remark and taking it back; only to a result of one's own."""

from uuid import UUID

from services.assessment.ports import Work
from services.assessment.remarks.domain import Remark, RemarkNotFound, Said


def write_remark(response: UUID, person: UUID, said: Said, *, uow: Work) -> Remark:
    """In the place of an earlier one; raises ResponseNotFound."""
    with uow:
        uow.responses.get(response, person)
        remark = uow.remarks.write(response, person, said)
        uow.audit("remark.write", response, person)
        uow.commit()
    return remark


def delete_remark(response: UUID, person: UUID, *, uow: Work) -> None:
    """Raises ResponseNotFound, RemarkNotFound."""
    with uow:
        uow.responses.get(response, person)
        if not uow.remarks.delete(response, person):
            raise RemarkNotFound
        uow.audit("remark.delete", response, person)
        uow.commit()
