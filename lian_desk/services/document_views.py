"""Gathers the frozen view of a paper in one read session, so that everything on it is true at the same moment."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from lian_desk.models.assistance_file import AssistanceFile
from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.vocabulary import DocumentKind
from lian_desk.models.working_time import in_shanghai
from lian_desk.services import audit_trail, document_facts, document_history
from lian_desk.services.desk import Desk
from lian_desk.services.document_facts import Paper
from lian_desk.services.documents.imprint import imprint_of
from lian_desk.services.documents.views import AssistanceFileSummaryView, FollowUpRecordView, Stamp

#: What stands in place of a number on a paper that was not issued.
PREVIEW_NUMBER = "（预览，未签发）"


class Numbering(NamedTuple):
    """Number of a paper and which issue of the same content it is (R92)."""

    number: str = PREVIEW_NUMBER
    issue: int = 1


_UNNUMBERED = Numbering()

DocumentView = FollowUpRecordView | AssistanceFileSummaryView


def load_follow_up_record(
    desk: Desk,
    file_id: int,
    period: tuple[date, date] | None = None,
    *,
    masked: bool = True,
    numbering: Numbering = _UNNUMBERED,
) -> FollowUpRecordView:
    """Read the 随访记录 of a file; ``period`` (both days included) defaults to the whole life of the file.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        subject = document_facts.find_subject(session, file_id)
        paper = Paper(session, subject, desk.pack, desk.clock.now(), masked)
        days = period or (in_shanghai(subject.file.opened_at).date(), paper.today)
        facts = document_history.read_requests(paper)
        care = document_history.read_care(paper)
        return FollowUpRecordView(
            stamp=_stamp(paper, numbering),
            imprint=imprint_of(desk.pack),
            period_from=days[0],
            period_to=days[1],
            party=document_facts.party(paper),
            policy=document_facts.policy_state(paper),
            diseases=document_facts.diseases(paper),
            authorization=document_facts.authorization(paper),
            entitlements=document_facts.entitlements(paper),
            services=document_history.service_lines(paper, facts, desk.calendar, days),
            follow_ups=document_history.follow_up_lines(paper, care, days),
            open_tasks=document_history.open_tasks(paper, facts, care),
        )


def load_assistance_file_summary(
    desk: Desk, file_id: int, *, masked: bool = True, numbering: Numbering = _UNNUMBERED
) -> AssistanceFileSummaryView:
    """Read the 个案摘要 of a file.

    Raises:
        RuleViolation: ``NOT_FOUND``.
    """
    with desk.read() as session:
        subject = document_facts.find_subject(session, file_id)
        paper = Paper(session, subject, desk.pack, desk.clock.now(), masked)
        facts = document_history.read_requests(paper)
        care = document_history.read_care(paper)
        return AssistanceFileSummaryView(
            stamp=_stamp(paper, numbering),
            imprint=imprint_of(desk.pack),
            opened_on=in_shanghai(subject.file.opened_at).date(),
            party=document_facts.party(paper),
            policy=document_facts.policy_state(paper),
            diseases=document_facts.diseases(paper),
            health=document_facts.health(paper),
            authorization=document_facts.authorization(paper),
            entitlements=document_facts.entitlements(paper),
            services=document_history.service_lines(paper, facts, desk.calendar),
            bookings=document_history.booking_lines(paper, facts),
            materials=document_history.material_lines(paper, facts),
            follow_ups=document_history.follow_up_lines(paper, care),
            open_tasks=document_history.open_tasks(paper, facts, care),
        )


def load_document(
    desk: Desk,
    kind: DocumentKind,
    file_id: int,
    period: tuple[date, date] | None = None,
    *,
    masked: bool = True,
    numbering: Numbering = _UNNUMBERED,
) -> DocumentView:
    """Read the view of either paper; ``period`` matters to the follow-up record alone."""
    if kind is DocumentKind.FOLLOW_UP_RECORD:
        return load_follow_up_record(desk, file_id, period, masked=masked, numbering=numbering)
    return load_assistance_file_summary(desk, file_id, masked=masked, numbering=numbering)


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


def _stamp(paper: Paper, numbering: Numbering) -> Stamp:
    return Stamp(
        file_number=paper.subject.file.number,
        record_number=numbering.number,
        issue=numbering.issue,
        issued_at=paper.now,
        case_manager=paper.subject.case_manager,
        masked=paper.masked,
        audit_head=audit_trail.head(paper.session).mac,
    )
