"""Complaints: about this service we answer, about a hospital or doctor the hospital does (R78)."""

from dataclasses import dataclass
from datetime import datetime

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import ComplaintTarget, EntryCategory
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles
from lian_desk.services.words.wording import phrase

CLAUSE = "R78"


@dataclass(frozen=True, kw_only=True)
class RecordComplaint(Command):
    """The insured complains; ``text`` in his own words."""

    assistance_file_id: int
    target: ComplaintTarget
    text: str
    received_at: datetime
    request_id: int | None = None


@handles(RecordComplaint)
def record_complaint(command: RecordComplaint, context: CommandContext) -> int:
    """Write the complaint into the feed, with the way it goes."""
    file = context.writable_file(command.assistance_file_id)
    input_checks.not_in_future(command.received_at, context.now, field="received_at")
    text = input_checks.required(command.text, field="text", clause=CLAUSE)
    if command.request_id is not None:
        request = context.get(ServiceRequest, command.request_id)
        if request.assistance_file_id != file.id:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="service_request")
    if command.target is ComplaintTarget.HOSPITAL:
        way = f"已告知：{context.pack.clause(CLAUSE).text}"
    else:
        way = f"转主管处理；客户服务热线 {context.pack.insurer.hotline}"
    entry = context.feed(
        file,
        EntryCategory.FILE,
        f"客户投诉（{phrase(command.target)}）",
        f"{text}\n{way}",
        request_id=command.request_id,
        happened_at=command.received_at,
    )
    return entry.id
