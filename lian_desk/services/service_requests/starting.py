"""The start of a service (确认开启服务): the use is spent in the same transaction (R45 to R47, R80)."""

from dataclasses import dataclass

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.request_moves import Move
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import CarePhase, EntryCategory, RequestStatus
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.entitlements.eligibility import (
    Standing,
    hint_words,
    require_eligible,
    require_fresh_status,
    require_lead_where_needed,
)
from lian_desk.services.entitlements.evidence import EvidenceGiven
from lian_desk.services.service_requests.clock_runs import requirement_of
from lian_desk.services.service_requests.deaths import refuse_after_death
from lian_desk.services.service_requests.moves import Given, Moved, move
from lian_desk.services.service_requests.steps import check_moment, load, refresh_next_action
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
    refuse_after_death(context.session, file)
    found = require_eligible(context, file, request, gate="start")
    require_fresh_status(found, command.stale_status_reason)
    require_lead_where_needed(context, found, request)
    spoken_at = command.evidence.happened_at
    wanted = requirement_of(context, request)
    # a word about an earlier version is no word about this one
    earliest = wanted.confirmed_at if wanted is not None else request.received_at
    check_moment(context, spoken_at, earliest, field="evidence_at")
    if request.status is RequestStatus.COORDINATING:
        move(context, request, Move.ASK_FOR_START, Given(at=spoken_at))
    given = Given(at=spoken_at, evidence=command.evidence, warning_shown=command.warning_acknowledged)
    moved = move(context, request, Move.CONFIRM_START, given)
    request.started_at = spoken_at
    _tell(context, file, command, found, moved)
    refresh_next_action(context, request)
    return request.id


def _tell(context: CommandContext, file: AssistanceFile, command: ConfirmStart, found: Standing, moved: Moved) -> None:
    request = context.get(ServiceRequest, command.request_id)
    # the standing was asked before the use was spent; an entry of an earlier word was counted in it already
    spent = int(moved.posted.evidence_id == moved.proof.id)
    left = found.balance.left - spent if found.balance is not None else 0
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
