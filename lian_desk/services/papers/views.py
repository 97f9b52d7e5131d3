"""Gathers the frozen view of a paper in one read session, so that everything on it is true at the same moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from lian_desk.adapters.drawing.imprint import imprint_of
from lian_desk.adapters.drawing.views import AssistanceFileSummaryView, FollowUpRecordView
from lian_desk.adapters.paper_forms.drawing import DocumentView
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import in_shanghai
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import DocumentKind, MaskingLevel
from lian_desk.services.desk.desk import Desk
from lian_desk.services.papers import (
    contents as paper_contents,
)
from lian_desk.services.papers import (
    deadline_proof as deadline_papers,
)
from lian_desk.services.papers import (
    disclosure_pack,
)
from lian_desk.services.papers import (
    facts as document_facts,
)
from lian_desk.services.papers import (
    history as document_history,
)
from lian_desk.services.papers import (
    team_summary as team_papers,
)
from lian_desk.services.papers.attached_pages import attached_pages
from lian_desk.services.papers.contents import PaperPlan
from lian_desk.services.papers.facts import Paper
from lian_desk.services.papers.orders import ExportOrder, Numbering

_UNNUMBERED: Final = Numbering()


def load_document(desk: Desk, order: ExportOrder, numbering: Numbering = _UNNUMBERED) -> DocumentView:
    """Read the view of the paper that ``order`` asks for.

    Raises:
        RuleViolation: ``NOT_FOUND`` for a file, booking or note that is not there; what a material's page refuses.
    """
    if order.kind is DocumentKind.TEAM_SUMMARY:
        return team_papers.load_team_summary(desk, order, numbering)
    # pages take their time to render; the snapshot of the database is not held open for them
    if order.kind is DocumentKind.DISCLOSURE_PACK:
        pages = disclosure_pack.pack_pages(desk, order)
    else:
        pages = attached_pages(desk, order.file_id, order.pages)
    with desk.read() as session:
        return _LOADERS[order.kind](replace(_plan(desk, session, order, numbering), pages=pages))


def load_follow_up_record(
    desk: Desk,
    file_id: int,
    period: tuple[date, date] | None = None,
    *,
    masking: MaskingLevel = MaskingLevel.INTERNAL,
) -> FollowUpRecordView:
    """Read the 随访记录 of a file; ``period`` (both days included) defaults to the whole life of the file.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    order = ExportOrder(kind=DocumentKind.FOLLOW_UP_RECORD, file_id=file_id, period=period, masking=masking)
    with desk.read() as session:
        return _follow_up_record(_plan(desk, session, order, _UNNUMBERED))


def load_assistance_file_summary(
    desk: Desk, file_id: int, *, masking: MaskingLevel = MaskingLevel.INTERNAL
) -> AssistanceFileSummaryView:
    """Read the 个案摘要 of a file.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    order = ExportOrder(kind=DocumentKind.FILE_SUMMARY, file_id=file_id, masking=masking)
    with desk.read() as session:
        return _file_summary(_plan(desk, session, order, _UNNUMBERED))


def file_id_of(desk: Desk, number: str) -> int:
    """Return the key of the assistance file with a readable number.

    Raises:
        RuleViolation: `NOT_FOUND`.
    """
    with desk.read() as session:
        key = session.scalar(select(AssistanceFile.id).where(AssistanceFile.number == number.strip().upper()))
    if key is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="assistance_file")
    return key


def _plan(desk: Desk, session: Session, order: ExportOrder, numbering: Numbering) -> PaperPlan:
    if order.file_id is None:
        raise RuleViolation(ErrorCode.NOT_FOUND, kind="assistance_file")
    subject = document_facts.find_subject(session, order.file_id)
    paper = Paper(session, subject, desk.pack, desk.clock.now(), level=order.masking)
    return PaperPlan(desk, paper, order, numbering)


def _follow_up_record(plan: PaperPlan) -> FollowUpRecordView:
    paper = plan.paper
    days = plan.order.period or (in_shanghai(paper.subject.file.opened_at).date(), paper.today)
    facts = document_history.read_requests(paper)
    care = document_history.read_care(paper)
    return FollowUpRecordView(
        stamp=paper_contents.stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        period_from=days[0],
        period_to=days[1],
        party=document_facts.party(paper),
        policy=document_facts.policy_state(paper),
        diseases=document_facts.diseases(paper),
        authorization=document_facts.authorization(paper),
        entitlements=document_facts.entitlements(paper),
        services=document_history.service_lines(paper, facts, plan.desk.calendar, days),
        follow_ups=document_history.follow_up_lines(paper, care, days),
        open_tasks=document_history.open_tasks(paper, facts, care),
    )


def _file_summary(plan: PaperPlan) -> AssistanceFileSummaryView:
    paper = plan.paper
    facts = document_history.read_requests(paper)
    care = document_history.read_care(paper)
    return AssistanceFileSummaryView(
        stamp=paper_contents.stamp(plan),
        imprint=imprint_of(plan.desk.pack),
        opened_on=in_shanghai(paper.subject.file.opened_at).date(),
        party=document_facts.party(paper),
        policy=document_facts.policy_state(paper),
        diseases=document_facts.diseases(paper),
        health=document_facts.health(paper),
        authorization=document_facts.authorization(paper),
        entitlements=document_facts.entitlements(paper),
        services=document_history.service_lines(paper, facts, plan.desk.calendar),
        bookings=document_history.booking_lines(paper, facts),
        materials=document_history.material_lines(paper, facts),
        follow_ups=document_history.follow_up_lines(paper, care),
        open_tasks=document_history.open_tasks(paper, facts, care),
    )


_LOADERS: Final[dict[DocumentKind, Callable[[PaperPlan], DocumentView]]] = {
    DocumentKind.FOLLOW_UP_RECORD: _follow_up_record,
    DocumentKind.FILE_SUMMARY: _file_summary,
    DocumentKind.MEDICAL_SHEET: paper_contents.medical_sheet,
    DocumentKind.BOOKING_NOTICE: paper_contents.booking_notice,
    DocumentKind.ENTITLEMENT_STATEMENT: paper_contents.entitlement_statement,
    DocumentKind.DEADLINE_PROOF: deadline_papers.deadline_proof,
    DocumentKind.EDUCATION_LEAFLET: paper_contents.education_leaflet,
    DocumentKind.DISCLOSURE_PACK: disclosure_pack.disclosure_pack,
}
