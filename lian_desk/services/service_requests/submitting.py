"""Open a request for one of the five services and submit it (R8, R13, R14, R19)."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.people.assistance_file import AssistanceFile, DiseaseEntry
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import CarePhase, Channel, EntryCategory, NextAction, RequestStatus, ServiceKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.eligibility import require_eligible
from lian_desk.services.service_requests.applications import take_into_file
from lian_desk.services.service_requests.deaths import refuse_after_death
from lian_desk.services.service_requests.moves import move
from lian_desk.services.service_requests.steps import check_moment, load, refresh_next_action
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class OpenRequest(Command):
    """Take in a request; with ``submit`` it goes straight to the review.

    A draft may be kept while the policy or a paper is cleared up; submitting asks the rules.
    """

    assistance_file_id: int
    kind: ServiceKind
    disease_entry_id: int | None
    need_text: str
    channel: Channel
    received_at: datetime
    application_id: int | None = None
    submit: bool = False


@dataclass(frozen=True, kw_only=True)
class SubmitRequest(Command):
    """Send a draft to the review."""

    request_id: int


@handles(OpenRequest)
def open_request(command: OpenRequest, context: CommandContext) -> int:
    """Open a request.

    Raises:
        RuleViolation: ``DISEASE_MISSING``, ``NEED_MISSING``, a moment that cannot be, or, with ``submit``, whatever
            makes the insured not eligible (R3 to R9, R19, R47).
    """
    file = context.writable_file(command.assistance_file_id)
    if not command.need_text.strip():
        raise RuleViolation(ErrorCode.NEED_MISSING, clause="R14", field="need_text")
    check_moment(context, command.received_at, _earliest(context, command), field="received_at")
    request = ServiceRequest(
        id=context.new_id(),
        number=context.number("S"),
        assistance_file_id=file.id,
        application_id=command.application_id,
        kind=command.kind,
        status=RequestStatus.DRAFT,
        is_open=True,
        disease_entry_id=_disease(context, file, command.disease_entry_id).id,
        case_manager_id=file.case_manager_id,
        need_text=input_checks.required(command.need_text, field="need_text", clause="R14"),
        channel=command.channel,
        handbook_edition=context.pack.edition,
        received_at=command.received_at,
        next_action=NextAction.SUBMIT,
        status_changed_at=context.now,
    )
    context.session.add(request)
    if command.application_id is not None:
        application = context.get(IncomingApplication, command.application_id)
        if not application.is_settled:
            take_into_file(context, application, file.id)
        elif application.assistance_file_id != file.id:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="incoming_application", field="application_id")
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"申请{phrase(command.kind)}",
        f"{request.number} · {phrase(command.channel)} · {request.need_text}",
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=command.received_at,
    )
    if command.submit:
        _submit(context, request, file)
    refresh_next_action(context, request)
    return request.id


@handles(SubmitRequest)
def submit_request(command: SubmitRequest, context: CommandContext) -> int:
    """Submit a draft.

    Raises:
        RuleViolation: whatever makes the insured not eligible, with its clause.
    """
    request, file = load(context, command.request_id)
    _submit(context, request, file)
    refresh_next_action(context, request)
    return request.id


def _submit(context: CommandContext, request: ServiceRequest, file: AssistanceFile) -> None:
    refuse_after_death(context.session, file)
    require_eligible(context, file, request, gate="submit")
    move(context, request, Move.SUBMIT)
    request.submitted_at = context.now


def _disease(context: CommandContext, file: AssistanceFile, entry_id: int | None) -> DiseaseEntry:
    if entry_id is None:
        raise RuleViolation(ErrorCode.DISEASE_MISSING, clause="R8", field="disease_entry_id")
    entry = context.get(DiseaseEntry, entry_id)
    if entry.assistance_file_id != file.id:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="disease_entry", field="disease_entry_id")
    return entry


def _earliest(context: CommandContext, command: OpenRequest) -> datetime:
    if command.application_id is not None:
        return context.get(IncomingApplication, command.application_id).received_at
    # a request may have been received before its file was opened; nothing else bounds it
    return datetime.min.replace(tzinfo=command.received_at.tzinfo)
