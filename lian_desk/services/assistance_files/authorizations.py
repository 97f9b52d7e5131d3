"""Information authorization: recorded with evidence, verified by a person, withdrawn with effect (R19, R24)."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import InformationAuthorization, InsuredPerson
from lian_desk.models.vocabulary import EntryCategory, EvidenceForm, SignerKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.materials.own_materials import own_material
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True)
class AuthorizationInput:
    """An authorization as it was given. ``evidence_note`` names the call or form when no material proves it."""

    signer_kind: SignerKind
    signer_name: str
    signed_at: datetime
    evidence_form: EvidenceForm
    truth_declared: bool
    evidence_material_id: int | None = None
    evidence_note: str = ""
    is_verified: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordAuthorization(Command):
    """The insured, or the guardian of a minor, authorized the use of information."""

    assistance_file_id: int
    authorization: AuthorizationInput


@dataclass(frozen=True, kw_only=True)
class VerifyAuthorization(Command):
    """A person has seen the evidence of the authorization."""

    authorization_id: int


@dataclass(frozen=True, kw_only=True)
class WithdrawAuthorization(Command):
    """The authorization was taken back: nothing new is disclosed or requested from then on."""

    authorization_id: int
    reason: str


@handles(RecordAuthorization)
def record_authorization(command: RecordAuthorization, context: CommandContext) -> int:
    """Store an authorization."""
    return add_authorization(context, context.writable_file(command.assistance_file_id), command.authorization).id


@handles(VerifyAuthorization)
def verify_authorization(command: VerifyAuthorization, context: CommandContext) -> int:
    """Mark an authorization as seen and true."""
    row = context.get(InformationAuthorization, command.authorization_id)
    file = context.writable_file(row.assistance_file_id)
    if row.withdrawn_at is not None or row.verified_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    _require_truth(truth_declared=row.truth_declared)
    row.verified_at = context.now
    row.verified_by = context.operator.id
    context.feed(file, EntryCategory.FILE, "信息授权已核实")
    return row.id


@handles(WithdrawAuthorization)
def withdraw_authorization(command: WithdrawAuthorization, context: CommandContext) -> int:
    """Withdraw an authorization with its reason."""
    row = context.get(InformationAuthorization, command.authorization_id)
    file = context.writable_file(row.assistance_file_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    row.withdrawal_reason = input_checks.required(command.reason, field="reason")
    row.withdrawn_at = context.now
    context.feed(file, EntryCategory.FILE, "撤回信息授权", row.withdrawal_reason)
    return row.id


def add_authorization(
    context: CommandContext, file: AssistanceFile, authorization: AuthorizationInput
) -> InformationAuthorization:
    """Store an authorization for ``file``; a minor's is signed by the guardian (R9)."""
    person = context.get(InsuredPerson, file.insured_person_id)
    if input_checks.is_minor(person.born_on, context) and authorization.signer_kind is SignerKind.INSURED:
        raise RuleViolation(ErrorCode.GUARDIAN_MISSING, clause="R9", field="signer_kind")
    input_checks.not_in_future(authorization.signed_at, context.now, field="signed_at")
    if authorization.evidence_material_id is None and not authorization.evidence_note.strip():
        raise RuleViolation(ErrorCode.EVIDENCE_MISSING, clause="R19", field="evidence_note")
    if authorization.evidence_material_id is not None:
        own_material(context, file.id, authorization.evidence_material_id, field="evidence_material_id")
    if authorization.is_verified:
        _require_truth(truth_declared=authorization.truth_declared)
    row = InformationAuthorization(
        id=context.new_id(),
        assistance_file_id=file.id,
        text_version=context.pack.edition,
        signer_kind=authorization.signer_kind,
        signer_name=input_checks.name(authorization.signer_name, field="signer_name"),
        signed_at=authorization.signed_at,
        evidence_form=authorization.evidence_form,
        evidence_material_id=authorization.evidence_material_id,
        evidence_note=input_checks.long_text(authorization.evidence_note, field="evidence_note"),
        truth_declared=authorization.truth_declared,
        verified_at=context.now if authorization.is_verified else None,
        verified_by=context.operator.id if authorization.is_verified else None,
        recorded_at=context.now,
    )
    context.session.add(row)
    context.feed(
        file,
        EntryCategory.FILE,
        "完成信息授权" if authorization.is_verified else "登记信息授权，待核实",
        f"{phrase(authorization.signer_kind)}签署 · {phrase(authorization.evidence_form)}",
        happened_at=authorization.signed_at,
    )
    return row


def _require_truth(*, truth_declared: bool) -> None:
    """Refuse to verify an authorization without the declaration that what is given is true (R24)."""
    if not truth_declared:
        raise RuleViolation(ErrorCode.TRUTH_NOT_DECLARED, clause="R24", field="truth_declared")
