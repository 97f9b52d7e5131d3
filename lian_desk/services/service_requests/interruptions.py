"""What the contract does to its requests: suspension freezes them, reinstatement thaws, termination ends them.

Called by the policy commands inside their transaction (R5 to R7, R88).
"""

from datetime import datetime

from sqlalchemy import select

from lian_desk.models.rules.request_moves import Move
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile, FileEntry
from lian_desk.models.tables.people.policy import Policy, PolicyStatusPeriod
from lian_desk.models.tables.requests.follow_up import FollowUp, Reminder
from lian_desk.models.tables.requests.force_majeure import ForceMajeure, ForceMajeureRequest
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, PauseReason, PolicyStatus, RequestStatus, TerminationReason
from lian_desk.services.commands.commands import CommandContext
from lian_desk.services.service_requests.clock_runs import close_pauses, open_pause
from lian_desk.services.service_requests.moves import Given, move
from lian_desk.services.service_requests.pauses import go_on, lasting_reasons
from lian_desk.services.service_requests.steps import refresh_next_action
from lian_desk.services.words.wording import phrase

_MOST_NAMED = 5
"""So many steps are named in the line for the lead; more are counted."""


def suspend_requests(context: CommandContext, policy: Policy, from_at: datetime) -> int:
    """Freeze the open requests of ``policy`` from ``from_at`` on and return how many (R5).

    Learned late, the clocks stand still from the earlier date; what was done in between is named for the lead.
    """
    open_requests = _open_requests(context, policy)
    for file, request in open_requests:
        freeze(context, file, request, from_at)
    return len(open_requests)


def freeze(context: CommandContext, file: AssistanceFile, request: ServiceRequest, from_at: datetime) -> None:
    """Let one request stand still because its policy is suspended since ``from_at``."""
    paused_at = max(from_at, request.received_at)
    if request.status is not RequestStatus.PAUSED:
        move(context, request, Move.PAUSE, Given(reason=phrase(PauseReason.POLICY_SUSPENDED)))
    open_pause(context, request, PauseReason.POLICY_SUSPENDED, paused_at, "")
    detail = f"自 {in_shanghai(paused_at):%Y-%m-%d} 起暂停，时限不计"
    done = _done_since(context, request, paused_at)
    if done:
        detail += f"；中止后已办理 {done}，待主管核对"
    if request.paused_from is RequestStatus.BOOKED:
        detail += "；预约成功在先，是否照常就诊由主管决定（A26）"
    context.feed(file, EntryCategory.REQUEST, f"{phrase(request.kind)}因保单中止暂停", detail, request_id=request.id)
    refresh_next_action(context, request)


def hold_again(context: CommandContext, file: AssistanceFile, request: ServiceRequest, since: datetime) -> None:
    """Let a request that was just reopened stand still for what holds it now (A8, R5, R86).

    That is the customer's word on the start, a suspension or a lasting event. ``since``: when it was closed; it stood
    still from then on, or from the later beginning of the reason.
    """
    if request.status is RequestStatus.AWAITING_START:
        open_pause(context, request, PauseReason.AWAITING_CUSTOMER, since, "")
    period = context.session.scalars(
        select(PolicyStatusPeriod)
        .where(
            PolicyStatusPeriod.policy_id == file.policy_id,
            PolicyStatusPeriod.superseded_at.is_(None),
            PolicyStatusPeriod.status == PolicyStatus.SUSPENDED,
            PolicyStatusPeriod.true_to.is_(None),
        )
        .limit(1)
    ).first()
    if period is not None:
        freeze(context, file, request, max(period.true_from, since))
    event = context.session.scalars(
        select(ForceMajeure)
        .join(ForceMajeureRequest, ForceMajeureRequest.force_majeure_id == ForceMajeure.id)
        .where(ForceMajeureRequest.service_request_id == request.id, ForceMajeure.to_at.is_(None))
        .order_by(ForceMajeure.from_at)
        .limit(1)
    ).first()
    if event is not None:
        if request.status is not RequestStatus.PAUSED:
            move(context, request, Move.PAUSE, Given(reason=event.note))
        open_pause(context, request, PauseReason.FORCE_MAJEURE, max(event.from_at, since), event.note)
        refresh_next_action(context, request)


def _done_since(context: CommandContext, request: ServiceRequest, from_at: datetime) -> str:
    """Return what the feed says was done for a request since ``from_at``, counted and named; empty for nothing."""
    titles = context.session.scalars(
        select(FileEntry.title)
        .where(FileEntry.service_request_id == request.id, FileEntry.happened_at >= from_at)
        .order_by(FileEntry.happened_at, FileEntry.id)
    ).all()
    if not titles:
        return ""
    shown = "、".join(titles[:_MOST_NAMED])
    return f"{len(titles)} 项（{shown}{'等' if len(titles) > _MOST_NAMED else ''}）"


def resume_requests(context: CommandContext, policy: Policy, at: datetime) -> int:
    """Thaw the requests that the suspension froze and return how many went on; uses and the term stay (R6)."""
    count = 0
    for file, request in _open_requests(context, policy):
        if not thaw(context, request, PauseReason.POLICY_SUSPENDED, at):
            continue
        count += request.status is not RequestStatus.PAUSED
        context.feed(
            file,
            EntryCategory.REQUEST,
            f"{phrase(request.kind)}随保单效力恢复",
            f"回到{phrase(request.status)}",
            request_id=request.id,
        )
        refresh_next_action(context, request)
    return count


def thaw(context: CommandContext, request: ServiceRequest, reason: PauseReason, at: datetime) -> bool:
    """End the pause for ``reason`` at ``at``; the request goes on unless another reason holds it.

    False when it did not stand still for that reason.
    """
    if reason not in lasting_reasons(context, request):
        return False
    close_pauses(context, request, at, {reason})
    waiting = {PauseReason.AWAITING_CUSTOMER} if request.paused_from is RequestStatus.AWAITING_START else set()
    if request.status is RequestStatus.PAUSED and not lasting_reasons(context, request) - waiting:
        go_on(context, request, at)
    return True


def terminate_requests(context: CommandContext, policy: Policy, reason: TerminationReason, from_at: datetime) -> int:
    """End the open requests of ``policy`` and cancel every task of its files; used stays used (R7).

    Learned late, what was done since ``from_at`` is named for the lead (R88).
    """
    open_requests = _open_requests(context, policy)
    words = f"保险合同终止：{phrase(reason)}"
    for file, request in open_requests:
        was_booked = RequestStatus.BOOKED in {request.status, request.paused_from}
        move(context, request, Move.TERMINATE, Given(reason=words, for_tasks=words))
        done = _done_since(context, request, max(from_at, request.received_at))
        since = f"；终止日后已办理 {done}，待主管核对" if done else ""
        detail = f"{words}；已约号源归客户自行处理，请告知客户，随访不再承担（A26）" if was_booked else words
        detail += since
        context.feed(file, EntryCategory.REQUEST, f"{phrase(request.kind)}随合同终止", detail, request_id=request.id)
    _close_file_tasks(context, policy, words)
    return len(open_requests)


def _close_file_tasks(context: CommandContext, policy: Policy, words: str) -> None:
    files = select(AssistanceFile.id).where(AssistanceFile.policy_id == policy.id)
    for reminder in context.session.scalars(
        select(Reminder).where(Reminder.assistance_file_id.in_(files), Reminder.closed_at.is_(None))
    ):
        reminder.closed_at = context.now
        reminder.closing_reason = words
    for follow_up in context.session.scalars(
        select(FollowUp).where(FollowUp.assistance_file_id.in_(files), FollowUp.closed_at.is_(None))
    ):
        follow_up.closed_at = context.now
        follow_up.closing_reason = words


def _open_requests(context: CommandContext, policy: Policy) -> list[tuple[AssistanceFile, ServiceRequest]]:
    rows = context.session.execute(
        select(AssistanceFile, ServiceRequest)
        .join(ServiceRequest, ServiceRequest.assistance_file_id == AssistanceFile.id)
        .where(AssistanceFile.policy_id == policy.id, ServiceRequest.is_open)
        .order_by(ServiceRequest.id)
    )
    return [(file, request) for file, request in rows]
