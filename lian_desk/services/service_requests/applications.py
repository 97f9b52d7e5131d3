"""Take in an application, answer it in time, and settle it (R13, R55, R56)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.clocks import response_clock
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.incoming_application import IncomingApplication
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.vocabulary import Channel, EntryCategory, ServiceKind
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.desk.desk import Desk
from lian_desk.services.names.known_names import names_of_file
from lian_desk.services.names.masking import mask_contact_handle, mask_name, scrub_text
from lian_desk.services.names.search_terms import joined_name_terms
from lian_desk.services.words.wording import phrase

_USUAL_CHANNELS = frozenset({Channel.WECOM, Channel.LIAN_APP})


@dataclass(frozen=True, kw_only=True)
class RecordApplication(Command):
    """Write down a first message; the response clock runs from ``received_at``.

    A channel other than the handbook's own asks for ``channel_reason`` (R13).
    """

    channel: Channel
    received_at: datetime
    contact_name: str
    need_text: str
    contact_handle: str = ""
    channel_reason: str = ""
    service_kind: ServiceKind | None = None
    assistance_file_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class RespondToApplication(Command):
    """A person answered the customer at ``responded_at``; an automatic text is not an answer (A12)."""

    application_id: int
    responded_at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SettleApplication(Command):
    """The application went into a file, or was closed with a reason."""

    application_id: int
    assistance_file_id: int | None = None
    reason: str = ""


@handles(RecordApplication)
def record_application(command: RecordApplication, context: CommandContext) -> int:
    """Store the application and start its clock."""
    input_checks.not_in_future(command.received_at, context.now, field="received_at")
    if command.channel not in _USUAL_CHANNELS:
        input_checks.required(command.channel_reason, field="channel_reason", clause="R13")
    deadline = response_clock(command.received_at, context.pack, context.calendar)
    contact_name = input_checks.name(command.contact_name, field="contact_name")
    application = IncomingApplication(
        id=context.new_id(),
        channel=command.channel,
        channel_reason=input_checks.long_text(command.channel_reason, field="channel_reason"),
        contact_name=contact_name,
        search_terms=joined_name_terms(contact_name),
        contact_handle=input_checks.short_text(command.contact_handle, field="contact_handle"),
        need_text=input_checks.required(command.need_text, field="need_text", clause="R14"),
        service_kind=command.service_kind,
        received_at=command.received_at,
        response_due_at=deadline.due_at,
        assistance_file_id=command.assistance_file_id,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(application)
    context.session.add(
        ClockRun(
            id=context.new_id(),
            kind=deadline.clock,
            application_id=application.id,
            started_at=deadline.started_at,
            due_at=deadline.due_at,
            internal_due_at=deadline.internal_due_at,
            is_provisional=deadline.is_provisional,
            derivation=deadline.derivation,
            clause=deadline.clauses[0],
            handbook_edition=deadline.edition,
        )
    )
    if command.assistance_file_id is not None:
        _tell_file(context, application, command.assistance_file_id)
    return application.id


@handles(RespondToApplication)
def respond_to_application(command: RespondToApplication, context: CommandContext) -> int:
    """Stop the response clock with the moment of the answer."""
    application = context.get(IncomingApplication, command.application_id)
    input_checks.not_in_future(command.responded_at, context.now, field="responded_at")
    input_checks.not_before(command.responded_at, application.received_at, field="responded_at")
    if application.responded_at is not None:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    application.responded_at = command.responded_at
    application.responded_by = context.operator.id
    application.response_note = input_checks.long_text(command.note, field="note")
    clock = _clock_of(context, application)
    clock.met_at = clock.ended_at = command.responded_at
    if application.assistance_file_id is not None:
        # it went into its file before it was answered: nothing is left to do with it
        application.is_settled = True
        file = context.writable_file(application.assistance_file_id)
        context.feed(
            file,
            EntryCategory.APPLICATION,
            "首次响应",
            "；".join(filter(None, (clock.derivation, application.response_note))),
            happened_at=command.responded_at,
        )
    return application.id


@handles(SettleApplication)
def settle_application(command: SettleApplication, context: CommandContext) -> int:
    """Take the application out of the worklist: into a file, or closed with a reason."""
    application = context.get(IncomingApplication, command.application_id)
    if command.assistance_file_id is not None:
        take_into_file(context, application, command.assistance_file_id)
        return application.id
    _require_unsettled(application)
    application.settled_reason = input_checks.required(command.reason, field="reason")
    application.is_settled = True
    clock = _clock_of(context, application)
    if clock.ended_at is None:
        # closed without an answer: nobody waits for one any more
        clock.ended_at = context.now
    return application.id


def take_into_file(context: CommandContext, application: IncomingApplication, file_id: int) -> None:
    """Bind an application to the file that was opened or found for it, and tell the feed once.

    One that was not answered yet stays in the worklist until it is: a file is no answer (R56).

    Raises:
        RuleViolation: ``CHANGED_MEANWHILE`` when it was settled or went into another file; ``NOT_FOUND``;
            ``FILE_READ_ONLY``.
    """
    _require_unsettled(application)
    if application.assistance_file_id not in {None, file_id}:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)
    is_new_to_file = application.assistance_file_id is None
    application.assistance_file_id = file_id
    application.is_settled = application.responded_at is not None
    if is_new_to_file:
        _tell_file(context, application, file_id)


def _require_unsettled(application: IncomingApplication) -> None:
    if application.is_settled:
        raise RuleViolation(ErrorCode.CHANGED_MEANWHILE)


def _clock_of(context: CommandContext, application: IncomingApplication) -> ClockRun:
    return context.session.scalars(select(ClockRun).where(ClockRun.application_id == application.id)).one()


def _tell_file(context: CommandContext, application: IncomingApplication, file_id: int) -> None:
    file = context.writable_file(file_id)
    wanted = phrase(application.service_kind) if application.service_kind else "服务"
    received = in_shanghai(application.received_at)
    context.feed(
        file,
        EntryCategory.APPLICATION,
        f"申请{wanted}",
        f"{phrase(application.channel)} · {received:%m-%d %H:%M} · {application.need_text}",
        happened_at=application.received_at,
    )


@dataclass(frozen=True)
class ResponsePreview:
    """When the first response is due, and why."""

    due_at: datetime
    derivation: str


@dataclass(frozen=True)
class ApplicationView:
    """One application as a dialog shows it; name and handle are masked."""

    application_id: int
    channel: Channel
    contact_name: str
    contact_handle: str
    need_text: str
    service_kind: ServiceKind | None
    received_at: datetime
    response_due_at: datetime
    responded_at: datetime | None
    assistance_file_id: int | None


@dataclass(frozen=True)
class ApplicationPrefill:
    """What an application tells the form of a new file. ``contact`` is masked, for the heading.

    ``name`` and ``phone`` are in clear because they go into the fields of the record that is being written; a form of
    address or an account name fills neither.
    """

    application_id: int
    contact: str
    channel: Channel
    need_text: str
    name: str
    phone: str


def preview_response(desk: Desk, received_at: datetime) -> ResponsePreview:
    """Reckon the response clock for a message of ``received_at`` (R55, R56, A12)."""
    deadline = response_clock(received_at, desk.pack, desk.calendar)
    return ResponsePreview(deadline.due_at, deadline.derivation)


def load_application(desk: Desk, application_id: int) -> ApplicationView:
    """Read one application.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(IncomingApplication, application_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=IncomingApplication.__tablename__)
        return ApplicationView(
            application_id=row.id,
            channel=row.channel,
            contact_name=mask_name(row.contact_name),
            contact_handle=mask_contact_handle(row.contact_handle),
            need_text=scrub_text(row.need_text, names=_names(session, row)),
            service_kind=row.service_kind,
            received_at=row.received_at,
            response_due_at=row.response_due_at,
            responded_at=row.responded_at,
            assistance_file_id=row.assistance_file_id,
        )


def load_prefill(desk: Desk, application_id: int) -> ApplicationPrefill:
    """Read what an application tells the form of a new file.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        row = session.get(IncomingApplication, application_id)
        if row is None:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind=IncomingApplication.__tablename__)
        return ApplicationPrefill(
            application_id=row.id,
            contact=mask_name(row.contact_name),
            channel=row.channel,
            need_text=scrub_text(row.need_text, names=_names(session, row)),
            name=_usable(input_checks.name, row.contact_name),
            phone=_usable(input_checks.phone, row.contact_handle),
        )


def _names(session: Session, row: IncomingApplication) -> tuple[str, ...]:
    """Return the names that the words of an application may hold: its own, and those of its file once it has one."""
    known = () if row.assistance_file_id is None else names_of_file(session, row.assistance_file_id).every
    return tuple(dict.fromkeys((row.contact_name, *known)))


def _usable(check: Callable[..., str], text: str) -> str:
    """Return ``text`` as the form of a file would take it, or nothing."""
    try:
        return check(text, field="")
    except RuleViolation:
        return ""
