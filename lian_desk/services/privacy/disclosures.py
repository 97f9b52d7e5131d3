"""The disclosure log: to whom which fields and pages went, why, and on which authorization (R21)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.tables.requests.service_request import ServiceRequest
from lian_desk.models.vocabulary import EntryCategory, MaterialState
from lian_desk.services.commands import input_checks
from lian_desk.services.commands.commands import Command, CommandContext, handles

CLAUSE = "R21"
#: Stands in the list of pages for every page of a paper.
ALL_PAGES = "all"


@dataclass(frozen=True, kw_only=True)
class PagesGiven:
    """The pages of one paper that were disclosed, counted from 1; empty: all of them."""

    material_id: int
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecordDisclosure(Command):
    """Information of the file was given to ``recipient``: a service company, a hospital or another party."""

    assistance_file_id: int
    recipient: str
    purpose: str
    disclosed_at: datetime
    field_names: tuple[str, ...] = ()
    papers: tuple[PagesGiven, ...] = ()
    request_id: int | None = None


@handles(RecordDisclosure)
def record_disclosure(command: RecordDisclosure, context: CommandContext) -> int:
    """Write the disclosure down; without an authorization that held at that moment there is none.

    Raises:
        RuleViolation: ``AUTHORIZATION_MISSING`` (R19); ``FIELD_REQUIRED`` without recipient, purpose or content;
            ``NOT_FOUND`` for a paper or request of another file, ``DATE_IMPOSSIBLE`` for a page that is not there.
    """
    file = context.writable_file(command.assistance_file_id)
    input_checks.not_in_future(command.disclosed_at, context.now, field="disclosed_at")
    authorization = _authorization(context, file.id, command.disclosed_at)
    if command.request_id is not None:
        request = context.get(ServiceRequest, command.request_id)
        if request.assistance_file_id != file.id:
            raise RuleViolation(ErrorCode.NOT_FOUND, kind="service_request")
    fields = "、".join(dict.fromkeys(name.strip() for name in command.field_names if name.strip()))
    papers = [_line(context, file.id, given) for given in command.papers]
    if not fields and not papers:
        raise RuleViolation(ErrorCode.FIELD_REQUIRED, clause=CLAUSE, field="field_names")
    row = Disclosure(
        id=context.new_id(),
        assistance_file_id=file.id,
        service_request_id=command.request_id,
        recipient=input_checks.required(command.recipient, field="recipient", clause=CLAUSE, limit=200),
        purpose=input_checks.required(command.purpose, field="purpose", clause=CLAUSE),
        field_names=fields,
        page_list="\n".join(papers),
        authorization_id=authorization.id,
        disclosed_at=command.disclosed_at,
        recorded_at=context.now,
        recorded_by=context.operator.id,
    )
    context.session.add(row)
    content = "；".join(filter(None, [fields, f"材料 {len(papers)} 份" if papers else ""]))
    context.feed(
        file,
        EntryCategory.FILE,
        f"向{row.recipient}提供信息",
        f"{content} · 用途：{row.purpose}",
        request_id=command.request_id,
        happened_at=command.disclosed_at,
    )
    return row.id


def require_authorization(context: CommandContext, file_id: int) -> None:
    """Refuse a paper for others while no authorization holds, before anything is drawn.

    Raises:
        RuleViolation: ``AUTHORIZATION_MISSING`` (R19).
    """
    _authorization(context, file_id, context.now)


def _authorization(context: CommandContext, file_id: int, at: datetime) -> InformationAuthorization:
    rows = context.session.scalars(
        select(InformationAuthorization)
        .where(
            InformationAuthorization.assistance_file_id == file_id,
            InformationAuthorization.verified_at.is_not(None),
            InformationAuthorization.signed_at <= at,
        )
        .order_by(InformationAuthorization.id.desc())
    )
    held = next((row for row in rows if row.withdrawn_at is None or at < row.withdrawn_at), None)
    if held is None:
        raise RuleViolation(ErrorCode.AUTHORIZATION_MISSING, clause="R19")
    return held


def _line(context: CommandContext, file_id: int, given: PagesGiven) -> str:
    material = context.get(Material, given.material_id)
    if material.assistance_file_id != file_id or material.trashed_at is not None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="material")
    if material.state is MaterialState.QUARANTINED:
        raise RuleViolation(ErrorCode.NOT_THE_INSURED, clause="R1", field="papers")
    last = material.page_count or 1
    wrong = next((page for page in given.pages if not 1 <= page <= last), None)
    if wrong is not None:
        raise RuleViolation(
            ErrorCode.VALUE_NOT_UNDERSTOOD, clause=CLAUSE, field="papers", value=wrong, expected=f"页码为 1 至 {last}"
        )
    return f"{material.id}:{','.join(map(str, given.pages)) if given.pages else ALL_PAGES}"
