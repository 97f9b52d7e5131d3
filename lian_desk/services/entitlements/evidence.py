"""What proves a confirmation of the customer (R45, A38): an image, a note of a call, or a signed form."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.people.person import Guardian, InsuredPerson
from lian_desk.models.tables.requests.service_request import Evidence, ServiceRequest
from lian_desk.models.vocabulary import Channel, EvidenceForm, SignerKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import LEADS, CommandContext
from lian_desk.services.materials.own_materials import own_material

_FORMS_WITH_MATERIAL = frozenset({EvidenceForm.MESSAGE_IMAGE, EvidenceForm.SIGNED_FORM})


@dataclass(frozen=True, kw_only=True)
class EvidenceGiven:
    """A confirmation as it was given.

    An image or a signed form names the material that shows it; a call names what was said, and the recording where
    there is one. A voice or video message is a message like its picture. Typed text alone is none of
    the three forms (A38). ``happened_at`` is aware: when the customer confirmed. Insured and guardian are known by the
    file, an agent is named.
    """

    form: EvidenceForm
    said_by: SignerKind
    channel: Channel
    happened_at: datetime
    said_by_name: str = ""
    material_id: int | None = None
    note: str = ""


def record_evidence(context: CommandContext, request: ServiceRequest, given: EvidenceGiven) -> Evidence:
    """Store the proof for ``request``.

    Raises:
        RuleViolation: ``EVIDENCE_MISSING`` when the form has nothing to show; ``NOT_FOUND`` when the material belongs
            to another file; ``NOT_ALLOWED`` when an agent speaks and no lead takes it in (A34); ``TIME_IN_FUTURE``.
    """
    input_checks.not_in_future(given.happened_at, context.now, field="evidence_at")
    if given.said_by is SignerKind.AGENT and context.operator.role not in LEADS:
        raise RuleViolation(ErrorCode.NOT_ALLOWED, clause="A34", field="said_by")
    if given.form in _FORMS_WITH_MATERIAL:
        if given.material_id is None:
            raise RuleViolation(ErrorCode.EVIDENCE_MISSING, clause="A38", field="evidence_material_id")
    elif not given.note.strip():
        raise RuleViolation(ErrorCode.EVIDENCE_MISSING, clause="A38", field="evidence_note")
    if given.material_id is not None:
        own_material(
            context,
            request.assistance_file_id,
            given.material_id,
            field="evidence_material_id",
            may_be_recording=given.form is not EvidenceForm.SIGNED_FORM,
        )
    row = Evidence(
        id=context.new_id(),
        assistance_file_id=request.assistance_file_id,
        service_request_id=request.id,
        form=given.form,
        said_by=given.said_by,
        said_by_name=_name_of(context, request, given),
        channel=given.channel,
        material_id=given.material_id,
        note=given.note.strip(),
        happened_at=given.happened_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    return row


def _name_of(context: CommandContext, request: ServiceRequest, given: EvidenceGiven) -> str:
    if given.said_by is SignerKind.AGENT or given.said_by_name.strip():
        return input_checks.name(given.said_by_name, field="said_by_name")
    file = context.get(AssistanceFile, request.assistance_file_id)
    if given.said_by is SignerKind.INSURED:
        return context.get(InsuredPerson, file.insured_person_id).name
    guardian = context.session.scalars(
        select(Guardian)
        .where(Guardian.insured_person_id == file.insured_person_id, Guardian.superseded_at.is_(None))
        .order_by(Guardian.id.desc())
        .limit(1)
    ).first()
    if guardian is None:
        raise RuleViolation(ErrorCode.GUARDIAN_MISSING, clause="R9", field="said_by")
    return guardian.name
