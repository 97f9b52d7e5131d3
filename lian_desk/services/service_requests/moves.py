"""The one way a request changes its status: a row of the state table is carried out, with everything it needs and does.

No handler repeats what a row says. It gathers what was given (:class:`Given`), calls :func:`move`, and writes down what
only it knows with what the row took (:class:`Moved`): what a row does not ask for is not taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules import request_states
from lian_desk.models.rules.request_moves import Move, Need, Planned, Transition
from lian_desk.models.rules.request_states import CLOSED_STATUSES
from lian_desk.models.tables.people.entitlement import EntitlementEntry
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.tables.requests.clock_run import ClockRun
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.service_request import Evidence, ServiceRequest
from lian_desk.models.vocabulary import EntryKind, FactSource, FollowUpOutcome, NextAction, RequestStatus, Role
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import EVERYBODY, LEADS, CommandContext
from lian_desk.services.entitlements.approvals import approve_exception
from lian_desk.services.entitlements.eligibility import require_right_speaker
from lian_desk.services.entitlements.evidence import EvidenceGiven, record_evidence
from lian_desk.services.entitlements.ledger import give_back, is_reversed, start_entry, take_use
from lian_desk.services.service_requests.clock_runs import (
    ClockStart,
    close_pauses,
    end_clocks,
    meet_clock,
    open_pause,
    start_clocks,
)
from lian_desk.services.service_requests.emergencies import refuse_routine
from lian_desk.services.service_requests.requirement_rules import Finding
from lian_desk.services.service_requests.steps import booking_of, keep_booking, open_follow_ups, review_has_passed
from lian_desk.services.words.wording import phrase

S = RequestStatus
CANCELLED_BOOKING = "预约已取消或改期"
_ANSWERED = (FollowUpOutcome.REACHED, FollowUpOutcome.DECLINED)
_POSTS = {Move.REVERSE_START: EntryKind.REVERSAL, Move.CORRECT_START: EntryKind.CORRECTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a command was given for a move; which of it is needed says the table.

    ``at``: when it happened, None for now. ``reason_field`` and ``reason_clause``: where a missing reason is shown and
    what asks for it, where that is not ``reason`` and the row's clause. ``note``: further words of an end that none
    asks for. ``notice_faults``: what the rules say against the hospital's notice. ``update`` and ``waiver``: the update
    of the file at the archive, and why a lead does without follow-ups. ``is_renowned``: the expert of the requirement
    whose clocks start. ``for_tasks``: why open tasks are closed, by default the new status. ``back_to``: where a
    reopened request stood.
    """

    at: datetime | None = None
    reason: str = ""
    reason_field: str = "reason"
    reason_clause: str = ""
    note: str = ""
    evidence: EvidenceGiven | None = None
    source: FactSource | None = None
    clause: str = ""
    hospital_reference: str = ""
    warning_shown: bool = False
    fee_notice_shown: bool = False
    notice_faults: tuple[Finding, ...] = ()
    update: str = ""
    waiver: str = ""
    insurer_reference: str = ""
    is_renowned: bool = False
    for_tasks: str = ""
    back_to: RequestStatus | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that was carried out, and what it took and made: nothing but what the table says."""

    row: Transition
    reason: str = ""
    clause: str = ""
    hospital_reference: str = ""
    source: FactSource | None = None
    evidence: Evidence | None = None
    entry: EntitlementEntry | None = None
    clocks: tuple[ClockRun, ...] = ()

    @property
    def proof(self) -> Evidence:
        """The proof that the row took; ``LookupError`` for a row that asks for none."""
        if self.evidence is None:
            raise LookupError(self.row.move)
        return self.evidence

    @property
    def posted(self) -> EntitlementEntry:
        """The entry of the ledger that the row posted; ``LookupError`` for a row that moves nothing."""
        if self.entry is None:
            raise LookupError(self.row.move)
        return self.entry

    @property
    def source_words(self) -> str:
        """Who told it, in words; empty for a row that does not ask."""
        return f"来源：{phrase(self.source)}" if self.source is not None else ""


NOTHING = Given()


def roles_for(step: Move) -> frozenset[Role]:
    """Return who may give a command that is nothing but ``step``: the leads where the table leaves it to them."""
    return LEADS if request_states.is_lead_only(step) else EVERYBODY


def move(context: CommandContext, request: ServiceRequest, step: Move, given: Given = NOTHING) -> Moved:
    """Carry out the row of the table for ``step``: ask for what it needs, change the status, do what it does.

    Raises:
        RuleViolation: ``WRONG_STATUS`` where the table has no such row; ``NOT_ALLOWED`` for a lead's row;
            ``EMERGENCY_OPEN`` for a routine step while the file waits after an emergency (R74); what a need is refused
            with, beside its field: ``REVIEW_NOT_PASSED``, the notice's own fault, ``FEE_NOTICE_MISSING``,
            ``WARNING_NOT_SHOWN``, ``GUARDIAN_MUST_CONFIRM``, ``INSURED_MUST_CONFIRM``, ``EVIDENCE_MISSING``,
            ``FIELD_REQUIRED``, ``FOLLOW_UP_MISSING``; what the ledger refuses.
    """
    row = request_states.require_transition(request.status, step, request.kind, paused_from=request.paused_from)
    if row.lead_only:
        context.require_lead()
    refuse_routine(context.session, request.assistance_file_id, step)
    for need in Need:
        if need in row.needs:
            _CHECKS[need](context, request, row, given)
    _change_status(context, request, step, given)
    evidence = None
    if Need.EVIDENCE in row.needs and given.evidence is not None:
        evidence = record_evidence(context, request, given.evidence)
    moved = Moved(
        row,
        reason=_reason_of(row, given),
        clause=given.clause.strip() if Need.CLAUSE in row.needs else "",
        hospital_reference=given.hospital_reference.strip() if Need.HOSPITAL_REFERENCE in row.needs else "",
        source=given.source if Need.SOURCE in row.needs else None,
        evidence=evidence,
        entry=_post(context, request, row, given, evidence),
        clocks=_run_clocks(context, request, row, given),
    )
    if request.status in CLOSED_STATUSES and row.target is not None:
        _say_why(request, moved, given)
    _drop(context, request, row, given)
    return moved


# -- what a row needs -------------------------------------------------------------------------------------------------

_Check = Callable[[CommandContext, ServiceRequest, Transition, Given], None]


def _three_passes(context: CommandContext, request: ServiceRequest, row: Transition, _given: Given) -> None:
    if not review_has_passed(context, request):
        raise RuleViolation(ErrorCode.REVIEW_NOT_PASSED, clause=row.clause_of(Need.THREE_PASSES))


def _notice(_context: CommandContext, _request: ServiceRequest, _row: Transition, given: Given) -> None:
    for finding in given.notice_faults:
        raise finding.as_violation()


def _fee_notice(_context: CommandContext, _request: ServiceRequest, row: Transition, given: Given) -> None:
    if not given.fee_notice_shown:
        clause = row.clause_of(Need.FEE_NOTICE)
        raise RuleViolation(ErrorCode.FEE_NOTICE_MISSING, clause=clause, field="fee_notice_shown")


def _warning_shown(_context: CommandContext, _request: ServiceRequest, row: Transition, given: Given) -> None:
    if not given.warning_shown:
        clause = row.clause_of(Need.WARNING_SHOWN)
        raise RuleViolation(ErrorCode.WARNING_NOT_SHOWN, clause=clause, field="warning_acknowledged")


def _right_speaker(context: CommandContext, request: ServiceRequest, row: Transition, given: Given) -> None:
    if given.evidence is not None:
        file = context.writable_file(request.assistance_file_id)
        clause = row.clause_of(Need.RIGHT_SPEAKER)
        require_right_speaker(context, file, given.evidence.said_by, clause=clause, at=given.evidence.happened_at)


def _evidence(_context: CommandContext, _request: ServiceRequest, _row: Transition, given: Given) -> None:
    """What a proof must show is looked at where it is stored."""
    if given.evidence is None:
        raise RuleViolation(ErrorCode.EVIDENCE_MISSING, clause="A38", field="evidence_note")


def _hospital_reference(_context: CommandContext, _request: ServiceRequest, row: Transition, given: Given) -> None:
    if not given.hospital_reference.strip():
        clause = row.clause_of(Need.HOSPITAL_REFERENCE)
        raise RuleViolation(ErrorCode.EVIDENCE_MISSING, clause=clause, field="hospital_reference")


def _source(_context: CommandContext, _request: ServiceRequest, row: Transition, given: Given) -> None:
    if given.source is None:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause=row.clause_of(Need.SOURCE), field="source")


def _clause(context: CommandContext, _request: ServiceRequest, row: Transition, given: Given) -> None:
    if given.clause.strip() not in context.pack.clauses:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause=row.clause_of(Need.CLAUSE), field="rejection_clause")


def _reason(_context: CommandContext, _request: ServiceRequest, row: Transition, given: Given) -> None:
    _reason_of(row, given)


def _outcome(context: CommandContext, request: ServiceRequest, row: Transition, given: Given) -> None:
    _update_of(row, given)
    if given.waiver.strip():
        approve_exception(context, request)
        return
    open_count = context.session.scalar(
        select(func.count()).where(FollowUp.service_request_id == request.id, FollowUp.closed_at.is_(None))
    )
    answered = context.session.scalar(
        select(func.count()).where(FollowUp.service_request_id == request.id, FollowUp.outcome.in_(_ANSWERED))
    )
    if open_count or not answered:
        raise RuleViolation(ErrorCode.FOLLOW_UP_MISSING, clause=row.clause, count=open_count or 0)


_CHECKS: dict[Need, _Check] = {
    Need.THREE_PASSES: _three_passes,
    Need.NOTICE: _notice,
    Need.FEE_NOTICE: _fee_notice,
    Need.WARNING_SHOWN: _warning_shown,
    Need.RIGHT_SPEAKER: _right_speaker,
    Need.EVIDENCE: _evidence,
    Need.HOSPITAL_REFERENCE: _hospital_reference,
    Need.SOURCE: _source,
    Need.CLAUSE: _clause,
    Need.REASON: _reason,
    Need.OUTCOME_FOLLOW_UP_UPDATE: _outcome,
}


def _reason_of(row: Transition, given: Given) -> str:
    """Return why, in the one spelling of free text; empty for a row that does not ask."""
    if Need.REASON not in row.needs:
        return ""
    clause = given.reason_clause or row.clause_of(Need.REASON)
    return input_checks.required(given.reason, field=given.reason_field, clause=clause)


def _update_of(row: Transition, given: Given) -> str:
    if Need.OUTCOME_FOLLOW_UP_UPDATE not in row.needs:
        return ""
    return input_checks.required(given.update, field="update_text", clause=row.clause)


# -- what a row does --------------------------------------------------------------------------------------------------


def _change_status(context: CommandContext, request: ServiceRequest, step: Move, given: Given) -> None:
    before = request.status
    request.status = request_states.apply(
        before, step, request.kind, paused_from=request.paused_from, back_to=given.back_to
    )
    if request.status is before:
        return
    request.status_changed_at = context.now
    if request.status in CLOSED_STATUSES:
        # a lead may take a mistaken end back, so the row remembers where it stood
        request.paused_from = request.paused_from if before is S.PAUSED else before
        request.is_open = False
        request.closed_at = context.now
        request.next_action = NextAction.NONE
        request.next_action_due_at = None
        return
    request.paused_from = before if request.status is S.PAUSED else None
    if before in CLOSED_STATUSES:
        request.is_open, request.closed_at = True, None
        request.closing_reason = request.closing_clause = ""


def _post(
    context: CommandContext, request: ServiceRequest, row: Transition, given: Given, evidence: Evidence | None
) -> EntitlementEntry | None:
    """Post what the row moves in the ledger; None where it moves nothing, or the service has no counted use."""
    if row.ledger < 0:
        return take_use(context, request, evidence.id if evidence is not None else None)
    if row.ledger == 0:
        return None
    start = start_entry(context.session, request.id)
    if start is None:
        raise RuleViolation(ErrorCode.NOT_STARTED, clause=row.clause)
    if is_reversed(context.session, request.id):
        raise RuleViolation(ErrorCode.ALREADY_REVERSED, clause=row.clause)
    return give_back(
        context,
        start,
        _POSTS[row.move],
        reason=_reason_of(row, given),
        evidence_id=evidence.id if evidence is not None else None,
        insurer_reference=given.insurer_reference.strip(),
    )


def _run_clocks(
    context: CommandContext, request: ServiceRequest, row: Transition, given: Given
) -> tuple[ClockRun, ...]:
    at = given.at or context.now
    if request.status in CLOSED_STATUSES:
        end_clocks(context, request, row.stops, context.now)
    else:
        for kind in sorted(row.stops):
            meet_clock(context, request, kind, at)
    if row.releases:
        close_pauses(context, request, at, row.releases)
    started = start_clocks(context, request, ClockStart(at, given.is_renowned), row.starts) if row.starts else []
    if row.holds is not None:
        open_pause(context, request, row.holds, at, given.note.strip())
    return tuple(started)


def _say_why(request: ServiceRequest, moved: Moved, given: Given) -> None:
    update = _update_of(moved.row, given)
    request.closing_reason = "；".join(filter(None, [moved.source_words, moved.reason, update, given.note.strip()]))
    request.closing_clause = moved.clause or moved.row.clause


def _drop(context: CommandContext, request: ServiceRequest, row: Transition, given: Given) -> None:
    if Planned.TASKS in row.drops:
        _close_tasks(context, request, given.for_tasks or phrase(request.status))
    booking = booking_of(context, request) if Planned.BOOKING in row.drops else None
    if booking is None:
        return
    keep_booking(context, request, None)
    booking.fell_through_at = given.at or context.now
    if request.status is not S.BOOKED:
        request.booked_at = None
    for reminder in context.session.scalars(
        select(Reminder).where(Reminder.booking_id == booking.id, Reminder.closed_at.is_(None))
    ):
        reminder.closed_at = context.now
        reminder.closing_reason = given.for_tasks or CANCELLED_BOOKING


def _close_tasks(context: CommandContext, request: ServiceRequest, reason: str) -> None:
    """Cancel what is still planned for a request that ended: its reminders and follow-ups (R7)."""
    bookings = select(Booking.id).where(Booking.service_request_id == request.id)
    for reminder in context.session.scalars(
        select(Reminder).where(Reminder.booking_id.in_(bookings), Reminder.closed_at.is_(None))
    ):
        reminder.closed_at = context.now
        reminder.closing_reason = reason
    for follow_up in open_follow_ups(context, request):
        follow_up.closed_at = context.now
        follow_up.closing_reason = reason
