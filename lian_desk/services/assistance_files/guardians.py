"""The guardian of a minor (监护人): who he is, how he is related, and what proves it (R9)."""

from dataclasses import dataclass

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import Guardian
from lian_desk.models.vocabulary import EntryCategory, GuardianRelation
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.materials.own_materials import own_material
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True)
class GuardianInput:
    """A guardian as typed (R9)."""

    name: str
    identity_number: str
    relation: GuardianRelation
    phone: str
    proof_note: str = ""
    proof_material_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RecordGuardian(Command):
    """Record the guardian of a minor; an earlier one is kept as superseded (R9)."""

    assistance_file_id: int
    guardian: GuardianInput


@handles(RecordGuardian)
def record_guardian(command: RecordGuardian, context: CommandContext) -> int:
    """Record a guardian."""
    file = context.writable_file(command.assistance_file_id)
    return add_guardian(context, file, command.guardian).id


def add_guardian(context: CommandContext, file: AssistanceFile, guardian: GuardianInput) -> Guardian:
    """Store a guardian of age with the proof of the relation; an earlier one is kept as superseded."""
    if guardian.proof_material_id is None:
        input_checks.required(guardian.proof_note, field="guardian_proof", clause="R9")
    else:
        own_material(context, file.id, guardian.proof_material_id, field="guardian_proof")
    had_another = False
    for earlier in context.session.scalars(
        select(Guardian).where(Guardian.insured_person_id == file.insured_person_id, Guardian.superseded_at.is_(None))
    ):
        earlier.superseded_at = context.now
        had_another = True
    number, born_on = input_checks.card_number(
        guardian.identity_number, in_shanghai(context.now).date(), field="guardian_identity_number"
    )
    if input_checks.is_minor(born_on, context):
        raise RuleViolation(ErrorCode.GUARDIAN_MISSING, clause="R9", field="guardian_identity_number")
    row = Guardian(
        id=context.new_id(),
        insured_person_id=file.insured_person_id,
        name=input_checks.name(guardian.name, field="guardian_name"),
        identity_number=number,
        relation=guardian.relation,
        phone=input_checks.phone(guardian.phone, field="guardian_phone"),
        proof_material_id=guardian.proof_material_id,
        proof_note=input_checks.long_text(guardian.proof_note, field="guardian_proof"),
        recorded_at=context.now,
    )
    context.session.add(row)
    words = f"{phrase(guardian.relation)}，代为启用服务"
    if had_another:
        words += "；原监护人不再登记，两位监护人意见不一时请主管核定（R9）"
    context.feed(file, EntryCategory.FILE, "变更监护人" if had_another else "登记监护人", words)
    return row
