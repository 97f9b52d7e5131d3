"""What the contract does to its requests: suspension freezes them, reinstatement thaws, termination ends them.

Called by the policy commands inside their transaction (R5 to R7, R88).
"""

from datetime import datetime

from sqlalchemy import func, select

from lian_desk.models.assistance_file import AssistanceFile, FileEntry
from lian_desk.models.follow_up import FollowUp, Reminder
from lian_desk.models.policy import Policy
from lian_desk.models.request_states import Move
from lian_desk.models.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, PauseReason, RequestStatus, TerminationReason
from lian_desk.models.working_time import in_shanghai
from lian_desk.services.commands import CommandContext
from lian_desk.services.service_requests.clock_runs import close_pauses, open_pause
from lian_desk.services.service_requests.pauses import go_on, lasting_reasons
from lian_desk.services.service_requests.steps import close_tasks, move, refresh_next_action
from lian_desk.services.wording import phrase


def suspend_requests(context: CommandContext, policy: Policy, from_at: datetime) -> int:
    """Freeze the open requests of ``policy`` from ``from_at`` on and return how many (R5).

    Learned late, the clocks stand still from the earlier date; what was done in between is named for the lead.
    """
    open_requests = _open_requests(context, policy)
    for file, request in open_requests:
        paused_at = max(from_at, request.received_at)
        if request.status is not RequestStatus.PAUSED:
            move(context, request, Move.PAUSE)
        open_pause(context, request, PauseReason.POLICY_SUSPENDED, paused_at, "")
        since = context.session.scalar(
            select(func.count()).where(FileEntry.service_request_id == request.id, FileEntry.happened_at >= paused_at)
        )
        detail = f"自 {in_shanghai(paused_at):%Y-%m-%d} 起暂停，时限不计"
        if since:
            detail += f"；中止后已办理 {since} 项，待主管核对"
        if request.paused_from is RequestStatus.BOOKED:
            detail += "；预约成功在先，是否照常就诊由主管决定（A26）"
        context.feed(
            file, EntryCategory.REQUEST, f"{phrase(request.kind)}因保单中止暂停", detail, request_id=request.id
        )
        refresh_next_action(context, request)
    return len(open_requests)


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


def terminate_requests(context: CommandContext, policy: Policy, reason: TerminationReason) -> int:
    """End the open requests of ``policy`` and cancel every task of its files; used stays used (R7)."""
    open_requests = _open_requests(context, policy)
    words = f"保险合同终止：{phrase(reason)}"
    for file, request in open_requests:
        was_booked = RequestStatus.BOOKED in {request.status, request.paused_from}
        move(context, request, Move.TERMINATE)
        close_pauses(context, request, context.now)
        request.closing_reason = words
        request.closing_clause = "R7"
        close_tasks(context, request, words)
        detail = f"{words}；已约号源归客户自行处理，请告知客户，随访不再承担（A26）" if was_booked else words
        context.feed(file, EntryCategory.REQUEST, f"{phrase(request.kind)}随合同终止", detail, request_id=request.id)
    _close_file_tasks(context, policy, words)
    context.session.flush()
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
