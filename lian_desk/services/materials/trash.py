"""The trash of materials: with a reason in, out again as it was; nothing leaves the disk.

What another record rests on stays out of the trash: the proof of an authorization, of a guardian or of a confirmation,
the notice of a requirement, the evidence of a disease, and what serves a request that is still open.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material, MaterialRemoval, MaterialUse
from lian_desk.models.tables.people.assistance_file import DiseaseEntry
from lian_desk.models.tables.people.person import Guardian, InformationAuthorization
from lian_desk.models.tables.requests.service_request import Evidence, Requirement, ServiceRequest
from lian_desk.models.vocabulary import EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.materials.twins import restore
from lian_desk.services.words.wording import phrase

_RESTS_ON: Final[tuple[tuple[InstrumentedAttribute[int | None], str], ...]] = (
    (InformationAuthorization.evidence_material_id, "信息授权的凭证"),
    (Guardian.proof_material_id, "监护关系的证明"),
    (Evidence.material_id, "客户确认的凭证"),
    (Requirement.notice_material_id, "已确认需求的通知单"),
    (DiseaseEntry.evidence_material_id, "疾病登记的依据"),
)


@dataclass(frozen=True, kw_only=True)
class MoveMaterialToTrash(Command):
    """The material is not wanted in the file: taken in by mistake, another person's, a worse copy."""

    material_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RestoreMaterial(Command):
    """The material comes back into the file as it was."""

    material_id: int


@handles(MoveMaterialToTrash)
def move_material_to_trash(command: MoveMaterialToTrash, context: CommandContext) -> int:
    """Put a material into the trash unless something rests on it."""
    row = context.get(Material, command.material_id)
    file = context.writable_file(row.assistance_file_id)
    if row.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH)
    reason = input_checks.required(command.reason, field="reason")
    use = what_rests_on(context.session, row.id)
    if use:
        raise RuleViolation(ErrorCode.MATERIAL_IN_USE, use=use)
    row.trashed_at = context.now
    context.session.add(
        MaterialRemoval(
            id=context.new_id(),
            material_id=row.id,
            removed_at=context.now,
            removed_by=context.operator.id,
            reason=reason,
            erase_reason="",
        )
    )
    context.feed(file, EntryCategory.MATERIAL, "材料移入回收站", f"{phrase(row.kind)} · {reason}")
    return row.id


@handles(RestoreMaterial)
def restore_material(command: RestoreMaterial, context: CommandContext) -> int:
    """Take a material out of the trash; an erased one cannot come back."""
    row = context.get(Material, command.material_id)
    file = context.writable_file(row.assistance_file_id)
    if row.erased_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_ERASED)
    if row.trashed_at is None:
        raise RuleViolation(ErrorCode.MATERIAL_NOT_IN_TRASH)
    restore(context, row)
    context.feed(file, EntryCategory.MATERIAL, "材料移出回收站", phrase(row.kind))
    return row.id


def what_rests_on(session: Session, material_id: int) -> str:
    """Return in words what needs the material, an empty text when nothing does."""
    for column, words in _RESTS_ON:
        if session.scalar(select(column).where(column == material_id).limit(1)) is not None:
            return words
    numbers = session.scalars(
        select(ServiceRequest.number)
        .join(MaterialUse, MaterialUse.service_request_id == ServiceRequest.id)
        .where(MaterialUse.material_id == material_id, ServiceRequest.closed_at.is_(None))
        .order_by(ServiceRequest.number)
        .limit(3)
    ).all()
    return f"服务申请 {'、'.join(numbers)}" if numbers else ""
