"""The start of a service (确认开启服务): the use is spent in the same transaction (R45 to R47, R80)."""

from dataclasses import dataclass

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_states import Move
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import CarePhase, EntryCategory, PauseReason, RequestStatus
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.eligibility import (
    Standing,
    hint_words,
    require_eligible,
    require_fresh_status,
    require_lead_where_needed,
    require_right_speaker,
)
from lian_desk.services.entitlements.evidence import EvidenceGiven, record_evidence
from lian_desk.services.entitlements.ledger import balances, take_use
from lian_desk.services.service_requests.clock_runs import close_pauses, current_requirement
from lian_desk.services.service_requests.coordination import ask_for_start
from lian_desk.services.service_requests.deaths import refuse_after_death
from lian_desk.services.service_requests.steps import check_moment, load, move, refresh_next_action
from lian_desk.services.words.wording import phrase


@dataclass(frozen=True, kw_only=True)
class ConfirmStart(Command):
    """The insured, or the guardian of a minor, confirms that the service starts; one use is spent (R46).

    ``warning_acknowledged``: the clauses R46, R48, R49, R50 and R80 were shown in full and read out (R80).
    ``stale_status_reason``: why a status that is too old could not be looked up again, for example offline (R4).
    """

    request_id: int
    evidence: EvidenceGiven
    warning_acknowledged: bool
    stale_status_reason: str = ""


@handles(ConfirmStart)
def confirm_start(command: ConfirmStart, context: CommandContext) -> int:
    """Start the service.

    Raises:
        RuleViolation: ``EVIDENCE_MISSING``, ``GUARDIAN_MISSING``, ``ENTITLEMENT_EXHAUSTED``, ``ALREADY_STARTED``,
            ``WRONG_STATUS``, or whatever makes the insured not eligible at this moment (R3 to R9).
    """
    request, file = load(context, command.request_id)
    if request.started_at is not None and request.status is not RequestStatus.AWAITING_START:
        raise RuleViolation(ErrorCode.ALREADY_STARTED, clause="R46", status=request.status)
    if not command.warning_acknowledged:
        raise RuleViolation(ErrorCode.WARNING_NOT_SHOWN, clause="R80", field="warning_acknowledged")
    refuse_after_death(context.session, file)
    found = require_eligible(context, file, request, gate="start")
    require_fresh_status(found, command.stale_status_reason)
    require_lead_where_needed(context, found, request)
    spoken_at = command.evidence.happened_at
    require_right_speaker(context, file, command.evidence.said_by, clause="R45", at=spoken_at)
    wanted = current_requirement(context.session, request.id)
    # a word about an earlier version is no word about this one
    earliest = wanted.confirmed_at if wanted is not None else request.received_at
    check_moment(context, spoken_at, earliest, field="evidence_at")
    if request.status is RequestStatus.COORDINATING:
        ask_for_start(context, request, command.evidence.happened_at)
    move(context, request, Move.CONFIRM_START)
    evidence = record_evidence(context, request, command.evidence)
    take_use(context, request, evidence.id)
    request.started_at = command.evidence.happened_at
    close_pauses(context, request, command.evidence.happened_at, {PauseReason.AWAITING_CUSTOMER})
    _tell(context, request, file, command, found)
    refresh_next_action(context, request)
    return request.id


def _tell(
    context: CommandContext, request: ServiceRequest, file: AssistanceFile, command: ConfirmStart, found: Standing
) -> None:
    left = balances(context.session, file.policy_id)[request.kind].left
    given = command.evidence
    hints = hint_words(found.answer)
    hints.append(command.stale_status_reason.strip())
    context.feed(
        file,
        EntryCategory.REQUEST,
        f"{phrase(request.kind)}确认开启，扣除权益 1 次",
        " · ".join(filter(None, [f"{phrase(given.said_by)}确认 · {phrase(given.form)} · 余 {left} 次", *hints])),
        request_id=request.id,
        phase=CarePhase.PRE_VISIT_PLANNING,
        happened_at=given.happened_at,
    )
