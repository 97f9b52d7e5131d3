"""The same file again: where its twins are, and what a person decides about it.

A twin has the same original bytes. It may stand in the same file, in another file of the same person, in the file of
somebody else, and it may lie in the trash. Nothing is taken in twice unasked; a person keeps the newcomer as a row of
its own, links it to the twin, or leaves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material, MaterialOrigin, MaterialRemoval
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InsuredPerson
from lian_desk.models.vocabulary import EntryCategory, MaterialKind, MaterialRelation, MaterialSource, MaterialState
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.names.masking import mask_name
from lian_desk.services.words.formats import iso_moment
from lian_desk.services.words.wording import phrase

MOST_TWINS: Final = 20


class TwinPlace(StrEnum):
    """Where a twin stands, the nearest first."""

    SAME_FILE = "same_file"
    SAME_PERSON = "same_person"
    OTHER_PERSON = "other_person"


_PLACES: Final = list(TwinPlace)


@dataclass(frozen=True)
class Twin:
    """A material with the same bytes; whose it is, is masked."""

    material_id: int
    assistance_file_id: int
    file_number: str
    insured_name: str
    place: TwinPlace
    is_trashed: bool
    kind: MaterialKind
    received_at: datetime

    @property
    def words(self) -> str:
        """Where it is, without a name: fit for an error and for the log."""
        where = {
            TwinPlace.SAME_FILE: "",
            TwinPlace.SAME_PERSON: f"同一被保险人的档案 {self.file_number}，",
            TwinPlace.OTHER_PERSON: f"另一位被保险人的档案 {self.file_number}，",
        }[self.place]
        trash = "，在回收站中" if self.is_trashed else ""
        return f"{where}{phrase(self.kind)}（{iso_moment(self.received_at)} 收到{trash}）"


class TwinAnswer(StrEnum):
    """What a person decides about a file that is here already."""

    LEAVE = "leave"
    LINK = "link"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True)
class LinkMaterial(Command):
    """The file that came again is the one that is here: use that one.

    In the same file the twin is used as it is, and comes out of the trash; from another file of the same person it
    becomes a row of this file with what is known about it. Nobody else's material is ever linked (R1).
    """

    assistance_file_id: int
    twin_id: int
    source: MaterialSource


@handles(LinkMaterial)
def link_material(command: LinkMaterial, context: CommandContext) -> int:
    """Return the key of the row that stands for the file: the twin itself, or a new one beside it."""
    file = context.writable_file(command.assistance_file_id)
    twin = context.get(Material, command.twin_id)
    if twin.erased_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_ERASED)
    if twin.assistance_file_id == file.id:
        if twin.trashed_at is not None:
            restore(context, twin)
        context.feed(file, EntryCategory.MATERIAL, "同一文件再次收到", f"沿用已有材料 · {phrase(twin.kind)}")
        return twin.id
    _require_same_person(context, file, twin)
    row = copy_row(context, twin, file.id)
    row.source, row.received_at, row.received_by = command.source, context.now, context.operator.id
    context.session.add(row)
    record_origin(context, row, twin, MaterialRelation.LINKED)
    context.feed(file, EntryCategory.MATERIAL, "关联已有材料", f"{phrase(row.kind)} · 原在同一被保险人的另一份档案")
    return row.id


def find_twins(session: Session, file_id: int, sha256: str) -> tuple[Twin, ...]:
    """Return the materials with these bytes, the nearest first: kept before trashed, same file, same person, others.

    Erased rows have no bytes and are no twins.
    """
    person_id = session.scalar(select(AssistanceFile.insured_person_id).where(AssistanceFile.id == file_id))
    rows = session.execute(
        select(Material, AssistanceFile.number, InsuredPerson.id, InsuredPerson.name)
        .join(AssistanceFile, AssistanceFile.id == Material.assistance_file_id)
        .join(InsuredPerson, InsuredPerson.id == AssistanceFile.insured_person_id)
        .where(Material.sha256 == sha256, Material.erased_at.is_(None))
        .order_by(Material.received_at.desc())
        .limit(MOST_TWINS)
    ).all()
    twins = [
        Twin(
            material_id=row.id,
            assistance_file_id=row.assistance_file_id,
            file_number=number,
            insured_name=mask_name(name),
            place=_place(same_file=row.assistance_file_id == file_id, same_person=owner_id == person_id),
            is_trashed=row.trashed_at is not None,
            kind=row.kind,
            received_at=row.received_at,
        )
        for row, number, owner_id, name in rows
    ]
    return tuple(sorted(twins, key=lambda twin: (_PLACES.index(twin.place), twin.is_trashed)))


def _place(*, same_file: bool, same_person: bool) -> TwinPlace:
    if same_file:
        return TwinPlace.SAME_FILE
    return TwinPlace.SAME_PERSON if same_person else TwinPlace.OTHER_PERSON


def answers_for(twins: Sequence[Twin]) -> tuple[TwinAnswer, ...]:
    """Return what may be decided, the proposal first: to link where the person is the same, else to leave it."""
    if not twins:
        return (TwinAnswer.KEEP, TwinAnswer.LEAVE)
    if twins[0].place is TwinPlace.OTHER_PERSON:
        return (TwinAnswer.LEAVE, TwinAnswer.KEEP)
    return (TwinAnswer.LINK, TwinAnswer.KEEP, TwinAnswer.LEAVE)


def copy_row(context: CommandContext, row: Material, file_id: int) -> Material:
    """Return a new row on the bytes of ``row`` with what is known about them; a person has yet to confirm it."""
    return Material(
        id=context.new_id(),
        assistance_file_id=file_id,
        kind=row.kind,
        state=MaterialState.QUARANTINED if row.state is MaterialState.QUARANTINED else MaterialState.RECEIVED,
        original_name=row.original_name,
        archive_name=row.archive_name,
        media_type=row.media_type,
        byte_size=row.byte_size,
        page_count=row.page_count,
        page_plan=row.page_plan,
        flaw=row.flaw,
        flaw_page=row.flaw_page,
        flaw_line=row.flaw_line,
        flaw_lines=row.flaw_lines,
        sha256=row.sha256,
        sealed_sha256=row.sealed_sha256,
        source=row.source,
        document_on=row.document_on,
        hospital_id=row.hospital_id,
        hospital_name=row.hospital_name,
        department=row.department,
        doctor_name=row.doctor_name,
        name_matches=row.name_matches,
        name_answer=row.name_answer,
        own_sign=row.own_sign,
        own_sign_note=row.own_sign_note,
        rotation=row.rotation,
        received_at=row.received_at,
        received_by=row.received_by,
    )


def record_origin(context: CommandContext, row: Material, origin: Material, relation: MaterialRelation) -> None:
    """Write down which row a new one came from."""
    context.session.add(MaterialOrigin(id=context.new_id(), material_id=row.id, from_id=origin.id, relation=relation))


def restore(context: CommandContext, row: Material) -> None:
    """Take a row out of the trash."""
    row.trashed_at = None
    stay = open_stay(context.session, row.id)
    if stay is not None:
        stay.restored_at, stay.restored_by = context.now, context.operator.id


def open_stay(session: Session, material_id: int) -> MaterialRemoval | None:
    """Return the present stay of a material in the trash."""
    return session.scalar(
        select(MaterialRemoval)
        .where(MaterialRemoval.material_id == material_id, MaterialRemoval.restored_at.is_(None))
        .order_by(MaterialRemoval.removed_at.desc())
        .limit(1)
    )


def _require_same_person(context: CommandContext, file: AssistanceFile, twin: Material) -> None:
    owner = context.get(AssistanceFile, twin.assistance_file_id)
    if owner.insured_person_id != file.insured_person_id:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1")
    if twin.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH)
