"""Commands on materials (医疗材料): take in, classify, confirm, find deficient, turn, attach to a request, record looks.

What may happen before a verified authorization (R19 read with R13, R14 and R16): materials arrive with the application,
and the paper that proves the authorization is itself a material. So *taking in* is open to material that is not yet
classified and to the proofs of identity, guardianship, authorization and confirmation. Everything beyond intake — giving
it a medical kind, confirming it, attaching it to a request, handing out a copy — is refused with R19 until an
authorization was verified, and again after it was withdrawn.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select

from lian_desk.adapters.exchange.flaws import Flaw
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material, MaterialUse
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.reference.provider import Hospital
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import (
    EntryCategory,
    MaterialKind,
    MaterialRelation,
    MaterialSource,
    MaterialState,
    OwnSign,
)
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.materials.gate import refuse_beyond_intake, require_authorization
from lian_desk.services.materials.intake_plan import note_added
from lian_desk.services.materials.name_answers import refresh_answer, require_answer, take_answer
from lian_desk.services.materials.settling import refuse_quarantined, settle_findings
from lian_desk.services.materials.twins import find_twins, record_origin
from lian_desk.services.words.flaw_words import flaw_words
from lian_desk.services.words.wording import phrase

_QUARTER_TURN: Final = 90


@dataclass(frozen=True, kw_only=True)
class AddMaterial(Command):
    """A file lies sealed in the store; this makes it a material of an assistance file.

    Checksums are SHA-256 in hexadecimal, ``byte_size`` is of the original. ``page_count`` is None where the file could
    be kept but not be shown; ``flaw`` is what of it is missing. ``keeps_twin`` says that a person wants the row although the same bytes are here already.
    ``archive_name`` is the archive it was packed in; ``intake_entry_id`` the line of the plan that is done with it.
    """

    assistance_file_id: int
    sha256: str
    sealed_sha256: str
    byte_size: int
    original_name: str
    media_type: str
    page_count: int | None
    source: MaterialSource
    flaw: Flaw | None = None
    kind: MaterialKind = MaterialKind.UNCLASSIFIED
    keeps_twin: bool = False
    archive_name: str = ""
    intake_entry_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ClassifyMaterial(Command):
    """What a material is, as a person reads it; classifying again takes an earlier confirmation back.

    Where no name was seen, ``name_matches`` true wants the sign by which the person knows whose it is (R1).
    """

    material_id: int
    kind: MaterialKind
    document_on: date | None = None
    hospital_id: int | None = None
    hospital_name: str = ""
    department: str = ""
    doctor_name: str = ""
    name_matches: bool | None = None
    own_sign: OwnSign | None = None
    own_sign_note: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfirmMaterial(Command):
    """A person has compared the material with the file and found it right (核对无误)."""

    material_id: int


@dataclass(frozen=True, kw_only=True)
class MarkMaterialDeficient(Command):
    """The material is untrue, inaccurate, incomplete or late, and why (R24)."""

    material_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RotateMaterial(Command):
    """Show every page turned by ``rotation`` degrees clockwise from now on; the file itself stays as it is."""

    material_id: int
    rotation: int


@dataclass(frozen=True, kw_only=True)
class AttachMaterialToRequest(Command):
    """The material serves a request of the same file; one report may serve several."""

    material_id: int
    service_request_id: int


@dataclass(frozen=True, kw_only=True)
class DetachMaterialFromRequest(Command):
    """The material does not serve the request after all."""

    material_id: int
    service_request_id: int


@dataclass(frozen=True, kw_only=True)
class RecordMaterialExport(Command):
    """A decrypted copy is about to leave the desk (R89)."""

    material_id: int


@dataclass(frozen=True, kw_only=True)
class RecordMaterialView(Command):
    """A person opened the material (R89)."""

    material_id: int


@handles(AddMaterial)
def add_material(command: AddMaterial, context: CommandContext) -> int:
    """Add the row; bytes that are here already, in whatever file or in the trash, come in only when a person says so."""
    file = context.writable_file(command.assistance_file_id)
    refuse_beyond_intake(context, file.id, command.kind)
    twins = find_twins(context.session, file.id, command.sha256)
    if twins and not command.keeps_twin:
        raise RuleViolation(ErrorCode.MATERIAL_DUPLICATE, twin=twins[0].words)
    row = Material(
        id=context.new_id(),
        assistance_file_id=file.id,
        kind=command.kind,
        state=MaterialState.RECEIVED,
        original_name=command.original_name,
        archive_name=command.archive_name or None,
        media_type=command.media_type,
        byte_size=command.byte_size,
        page_count=command.page_count,
        sha256=command.sha256,
        sealed_sha256=command.sealed_sha256,
        source=command.source,
        flaw=None if command.flaw is None else command.flaw.kind,
        flaw_page=0 if command.flaw is None else command.flaw.page,
        flaw_line=0 if command.flaw is None else command.flaw.line,
        flaw_lines=0 if command.flaw is None else command.flaw.lines,
        received_at=context.now,
        received_by=context.operator.id,
    )
    context.session.add(row)
    note_added(context.session, command.intake_entry_id, row)
    if twins:
        twin = context.get(Material, twins[0].material_id)
        record_origin(context, row, twin, MaterialRelation.KEPT)
    pages = "" if row.page_count is None else f" · {row.page_count} 页"
    damage = "" if command.flaw is None else f" · {flaw_words(command.flaw, row.page_count)}"
    context.feed(file, EntryCategory.MATERIAL, "收到材料", f"{phrase(row.kind)}{pages} · {phrase(row.source)}{damage}")
    return row.id


@handles(ClassifyMaterial)
def classify_material(command: ClassifyMaterial, context: CommandContext) -> int:
    """Store what the material is: kind, date of the paper, who issued it, and whether the name is the insured's (R1)."""
    row, file = _of_writable_file(context, command.material_id)
    refuse_beyond_intake(context, file.id, command.kind)
    if command.document_on is not None:
        input_checks.day_not_in_future(command.document_on, context.now, field="document_on")
    hospital_name = input_checks.short_text(command.hospital_name, field="hospital_name")
    if command.hospital_id is not None and not hospital_name:
        hospital_name = context.get(Hospital, command.hospital_id).name
    row.kind = command.kind
    row.document_on = command.document_on
    row.hospital_id = command.hospital_id
    row.hospital_name = hospital_name
    row.department = input_checks.short_text(command.department, field="department")
    row.doctor_name = input_checks.short_text(command.doctor_name, field="doctor_name")
    row.name_matches = command.name_matches
    take_answer(context, row, file, command.own_sign, command.own_sign_note)
    if row.state is MaterialState.CONFIRMED:
        row.state, row.confirmed_at, row.confirmed_by = MaterialState.RECEIVED, None, None
    context.feed(file, EntryCategory.MATERIAL, "登记材料", phrase(row.kind))
    return row.id


@handles(ConfirmMaterial)
def confirm_material(command: ConfirmMaterial, context: CommandContext) -> int:
    """Confirm a classified material whose name is the insured's; a relative's paper is refused (R1).

    Where no name was seen, somebody must have said by which sign it is the insured's: confirming says nothing of that.
    """
    row, file = _of_writable_file(context, command.material_id)
    refuse_quarantined(row)
    if row.kind is MaterialKind.UNCLASSIFIED:
        raise RuleViolation(ErrorCode.MATERIAL_UNCLASSIFIED, field="kind")
    refuse_beyond_intake(context, file.id, row.kind)
    if row.name_matches is None:
        raise RuleViolation(ErrorCode.MATERIAL_NAME_UNCHECKED, clause="R1", field="name_matches")
    if not row.name_matches:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1", field="name_matches")
    settle_findings(context.session, row, context.now, context.operator.id)
    refresh_answer(context.session, row)
    require_answer(row)
    row.state = MaterialState.CONFIRMED
    row.confirmed_at = context.now
    row.confirmed_by = context.operator.id
    row.deficiency = ""
    context.feed(file, EntryCategory.MATERIAL, "材料核对无误", phrase(row.kind))
    return row.id


@handles(MarkMaterialDeficient)
def mark_material_deficient(command: MarkMaterialDeficient, context: CommandContext) -> int:
    """Flag a material with the reason; the corrected one comes in as a new material, this one is kept."""
    row, file = _of_writable_file(context, command.material_id)
    refuse_quarantined(row)
    if not command.reason.strip():
        raise RuleViolation(ErrorCode.REASON_MISSING, clause="R24", field="reason")
    row.deficiency = input_checks.required(command.reason, field="reason", clause="R24")
    row.state, row.confirmed_at, row.confirmed_by = MaterialState.DEFICIENT, None, None
    context.feed(file, EntryCategory.MATERIAL, "材料有误", f"{phrase(row.kind)} · {row.deficiency}")
    return row.id


@handles(RotateMaterial)
def rotate_material(command: RotateMaterial, context: CommandContext) -> int:
    """Keep how the pages are turned; allowed on a closed file too, as it changes nothing of the material."""
    row = context.get(Material, command.material_id)
    context.assistance_file_id = row.assistance_file_id
    if command.rotation % _QUARTER_TURN:
        raise ValueError("a rotation is a multiple of 90 degrees")
    row.rotation = command.rotation % 360
    return row.id


@handles(AttachMaterialToRequest)
def attach_material(command: AttachMaterialToRequest, context: CommandContext) -> int:
    """Let a material serve a request; both must belong to the same file, that is to the same insured (R1)."""
    row, file = _of_writable_file(context, command.material_id)
    refuse_quarantined(row)
    require_authorization(context, file.id)
    request = context.get(ServiceRequest, command.service_request_id)
    if request.assistance_file_id != file.id:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1")
    if _use_of(context, row.id, request.id) is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    use = MaterialUse(id=context.new_id(), material_id=row.id, service_request_id=request.id, linked_at=context.now)
    context.session.add(use)
    context.feed(file, EntryCategory.MATERIAL, "材料用于服务申请", phrase(row.kind), request_id=request.id)
    return use.id


@handles(DetachMaterialFromRequest)
def detach_material(command: DetachMaterialFromRequest, context: CommandContext) -> int:
    """Take the link away; the feed keeps that it was there."""
    row, file = _of_writable_file(context, command.material_id)
    use = _use_of(context, row.id, command.service_request_id)
    if use is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind=MaterialUse.__tablename__)
    context.session.delete(use)
    context.feed(
        file, EntryCategory.MATERIAL, "材料不再用于服务申请", phrase(row.kind), request_id=command.service_request_id
    )
    return row.id


@handles(RecordMaterialExport)
def record_material_export(command: RecordMaterialExport, context: CommandContext) -> int:
    """Seal the export in the audit log and the feed before the copy is written."""
    row = context.get(Material, command.material_id)
    if row.erased_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_ERASED)
    refuse_quarantined(row)
    require_authorization(context, row.assistance_file_id)
    file = context.get(AssistanceFile, row.assistance_file_id)
    context.feed(file, EntryCategory.MATERIAL, "另存材料副本", phrase(row.kind))
    return row.id


@handles(RecordMaterialView)
def record_material_view(command: RecordMaterialView, context: CommandContext) -> int:
    """Seal in the audit log that the material was opened."""
    row = context.get(Material, command.material_id)
    context.assistance_file_id = row.assistance_file_id
    return row.id


def keep_beside_twin(command: AddMaterial, command_id: int) -> AddMaterial:
    """Return the order to take a file in although it is here already."""
    return replace(command, command_id=command_id, keeps_twin=True)


def _of_writable_file(context: CommandContext, material_id: int) -> tuple[Material, AssistanceFile]:
    row = context.get(Material, material_id)
    file = context.writable_file(row.assistance_file_id)
    if row.trashed_at is not None:
        raise RuleViolation(ErrorCode.MATERIAL_IN_TRASH)
    return row, file


def _use_of(context: CommandContext, material_id: int, request_id: int) -> MaterialUse | None:
    return context.session.scalar(
        select(MaterialUse).where(MaterialUse.material_id == material_id, MaterialUse.service_request_id == request_id)
    )
