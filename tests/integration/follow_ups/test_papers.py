"""Papers of a real file: gathered in one read, masked, issued with number and seal, found again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.requests.follow_up import FollowUp
from lian_desk.models.tables.workspace.audit import AuditEntry
from lian_desk.models.vocabulary import Channel, DocumentKind, FollowUpKind, FollowUpOutcome, MaskingLevel
from lian_desk.services.follow_ups.care_notes import EducationGiven, RecordEducation, ReminderWanted
from lian_desk.services.follow_ups.follow_ups import PlanFollowUp, RecordFollowUp
from lian_desk.services.papers.issuing import RecordPrint, fetch_issued, issue, preview
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.papers.register import Verdict, check_paper, issued_of_file
from lian_desk.services.papers.views import load_assistance_file_summary, load_follow_up_record
from lian_desk.services.upkeep.stored_files import Fault, check_materials, set_orphans_aside
from tests.integration.follow_ups.conftest import NAME, PHONE, Case, at
from tests.integration.paper_forms.reading import read_back

RECORD = DocumentKind.FOLLOW_UP_RECORD
SUMMARY = DocumentKind.FILE_SUMMARY


@pytest.fixture
def told(case: Case) -> Case:
    desk = case.desk
    planned = desk.execute(
        PlanFollowUp(
            command_id=desk.new_id(),
            assistance_file_id=case.file_id,
            kind=FollowUpKind.AFTER_VISIT,
            due_on=date(2026, 11, 23),
            service_request_id=case.request_id,
        )
    ).key
    assert planned is not None
    desk.execute(
        RecordFollowUp(
            command_id=desk.new_id(),
            follow_up_id=planned,
            done_at=at(23, 9, 30),
            channel=Channel.PHONE,
            outcome=FollowUpOutcome.REACHED,
            condition_text=f"{NAME}自述症状平稳，2026-11-20 09:30 起；11-24 11:34 复查；联系电话 {PHONE}",
            medication_text="继续服用原处方药",
            duration_minutes=8,
            next_on=date(2026, 11, 30),
            education=EducationGiven("胸痛应急处理", "拨打 120"),
            reminder=ReminderWanted("携带病历", at(27, 9)),
        )
    )
    desk.execute(
        RecordEducation(
            command_id=desk.new_id(),
            assistance_file_id=case.file_id,
            education=EducationGiven("低盐饮食", ""),
            channel=Channel.WECOM,
            given_at=at(23, 9, 40),
        )
    )
    return case


def test_the_record_says_what_happened(told: Case) -> None:
    view = load_follow_up_record(told.desk, told.file_id)
    assert view.party.name == "王*兰"
    assert view.policy.status == "保单有效"
    assert view.policy.policy_year == "第 3 保单年度"
    assert view.diseases[0].startswith("疑似 ")
    assert [(item.service, item.uses_left, item.uses_granted) for item in view.entitlements] == [
        ("门诊协调", 3, 3),
        ("住院协调", 3, 3),
        ("手术协调", 3, 3),
        ("检查加急", 3, 3),
        ("专案管家", None, None),
    ]
    assert [(item.service, item.outcome) for item in view.services] == [("门诊协调", "随访中")]
    first, second = view.follow_ups
    assert (first.channel, first.outcome, first.reached, first.duration_minutes) == ("电话", "已完成", True, 8)
    assert first.next_on == date(2026, 11, 30)
    assert first.education == "胸痛应急处理：拨打 120"
    assert first.reminder == "携带病历"
    assert (second.outcome, second.education) == ("宣教", "低盐饮食")
    assert view.open_tasks == ("11-27 提醒：携带病历", "11-30 约定随访")


def test_masking_reaches_into_free_text_and_revealing_shows_it(told: Case) -> None:
    masked = load_follow_up_record(told.desk, told.file_id)
    assert NAME not in repr(masked)
    assert PHONE not in repr(masked)
    assert masked.follow_ups[0].condition.startswith("王*兰自述症状平稳，2026-11-20 09:30 起；11-24 11:34 复查；")
    summary = load_assistance_file_summary(told.desk, told.file_id)
    assert NAME not in repr(summary)
    assert PHONE not in repr(summary)
    revealed = load_follow_up_record(told.desk, told.file_id, masking=MaskingLevel.REVEALED)
    assert revealed.party.name == NAME
    assert PHONE in revealed.follow_ups[0].condition


def test_a_period_leaves_out_what_lies_outside(told: Case) -> None:
    view = load_follow_up_record(told.desk, told.file_id, (date(2026, 11, 1), date(2026, 11, 22)))
    assert view.follow_ups == ()
    assert len(view.services) == 1
    early = load_follow_up_record(told.desk, told.file_id, (date(2026, 10, 1), date(2026, 10, 31)))
    assert early.services == ()


@pytest.mark.parametrize("load", [load_follow_up_record, load_assistance_file_summary])
def test_statements_do_not_grow_with_the_file(
    told: Case, statements: Callable[[], Any], load: Callable[..., object]
) -> None:
    with statements() as few:
        load(told.desk, told.file_id)
    with told.desk.database.write_session() as session:
        for day in range(1, 40):
            session.add(
                FollowUp(
                    id=told.desk.new_id(),
                    assistance_file_id=told.file_id,
                    case_manager_id=told.desk.operator.id,
                    kind=FollowUpKind.AFTER_VISIT,
                    label="随访",
                    due_on=date(2026, 12, 1),
                    planned_at=at(1, 9),
                    done_at=at(20, 9, day),
                    closed_at=at(20, 9, day),
                    outcome=FollowUpOutcome.REACHED,
                    channel=Channel.PHONE,
                )
            )
        session.commit()
    with statements() as many:
        load(told.desk, told.file_id)
    assert len(many) == len(few) <= 22


def test_an_unknown_file_is_refused(case: Case) -> None:
    with pytest.raises(RuleViolation) as refused:
        load_follow_up_record(case.desk, 1)
    assert refused.value.code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(("kind", "series"), [(RECORD, "FR"), (SUMMARY, "CS")])
def test_issuing_numbers_seals_and_audits(told: Case, tmp_path: Path, kind: DocumentKind, series: str) -> None:
    desk = told.desk
    paper = issue(desk, ExportOrder(kind=kind, file_id=told.file_id, purpose="归档"), tmp_path)
    assert paper.number == f"{series}-26-NJ01-00001"
    written = tmp_path / paper.file_name
    assert NAME not in paper.file_name
    assert written.read_bytes() == paper.content == fetch_issued(desk, paper.key)
    got = read_back(written)
    assert paper.number in got.run
    assert NAME not in got.run
    assert "王*兰" in got.run
    with desk.read() as session:
        row = session.get_one(IssuedDocument, paper.key)
        assert (row.content_sha256, row.page_count) == (paper.drawn.sha256, len(got.pages))
        kinds = list(session.scalars(select(AuditEntry.kind).order_by(AuditEntry.sequence.desc()).limit(2)))
        assert kinds == ["SealDocument", "IssueDocument"]
        assert session.scalars(select(FileEntry.title).order_by(FileEntry.id.desc()).limit(1)).one().startswith("导出")
    desk.execute(RecordPrint(command_id=desk.new_id(), issued_document_id=paper.key, copies=2))
    fact = issued_of_file(desk, told.file_id)[0]
    assert (fact.number, fact.kind, fact.is_masked, fact.purpose) == (paper.number, kind, True, "归档")


def test_a_correction_is_a_new_issue_and_the_old_one_stays(told: Case, tmp_path: Path) -> None:
    order = ExportOrder(kind=RECORD, file_id=told.file_id, period=(date(2026, 11, 1), date(2026, 11, 30)))
    first = issue(told.desk, order, tmp_path)
    second = issue(told.desk, order, tmp_path)
    assert first.number != second.number
    assert "第2次签发" in read_back(tmp_path / second.file_name).run
    assert (tmp_path / first.file_name).read_bytes() == fetch_issued(told.desk, first.key)


def test_an_unmasked_paper_needs_a_purpose(told: Case, tmp_path: Path) -> None:
    with pytest.raises(RuleViolation) as refused:
        issue(told.desk, ExportOrder(kind=RECORD, file_id=told.file_id, masking=MaskingLevel.REVEALED), tmp_path)
    assert (refused.value.code, refused.value.parameters["field"]) == (ErrorCode.REASON_MISSING, "purpose")
    assert list(tmp_path.glob("*.pdf")) == []
    paper = issue(
        told.desk,
        ExportOrder(kind=RECORD, file_id=told.file_id, masking=MaskingLevel.REVEALED, purpose="就诊医院"),
        tmp_path,
    )
    assert NAME in read_back(tmp_path / paper.file_name).run


def test_a_paper_that_could_not_be_written_stays_unsealed(told: Case, tmp_path: Path) -> None:
    order = ExportOrder(kind=RECORD, file_id=told.file_id)
    with pytest.raises(EnvironmentProblem):
        issue(told.desk, order, tmp_path / "gone" / "r.pdf")
    assert issued_of_file(told.desk, told.file_id) == ()
    assert issue(told.desk, order, tmp_path).number.endswith("00002")


def test_a_changed_file_is_named_as_changed(told: Case, tmp_path: Path) -> None:
    paper = issue(told.desk, ExportOrder(kind=RECORD, file_id=told.file_id), tmp_path)
    path = tmp_path / paper.file_name
    check = check_paper(told.desk, path)
    assert check.verdict is Verdict.UNCHANGED
    assert check.fact is not None
    assert check.fact.number == paper.number
    path.write_bytes(path.read_bytes() + b"\n")
    changed = check_paper(told.desk, path)
    assert (changed.verdict, changed.fact and changed.fact.number) == (Verdict.CHANGED, paper.number)
    with pytest.raises(EnvironmentProblem):
        check_paper(told.desk, tmp_path / "gone.pdf")


def test_a_preview_leaves_no_trace(told: Case, tmp_path: Path) -> None:
    content, drawn = preview(told.desk, ExportOrder(kind=SUMMARY, file_id=told.file_id))
    (tmp_path / "p.pdf").write_bytes(content)
    assert drawn.page_count == len(read_back(tmp_path / "p.pdf").pages)
    assert "预览，未签发" in read_back(tmp_path / "p.pdf").run
    with told.desk.read() as session:
        assert session.scalars(select(IssuedDocument)).all() == []


def test_the_frozen_copy_is_no_orphan_and_its_loss_is_noticed(told: Case, tmp_path: Path) -> None:
    paper = issue(told.desk, ExportOrder(kind=RECORD, file_id=told.file_id), tmp_path)
    assert check_materials(told.desk).is_sound
    later = told.clock.now() + timedelta(days=400)
    assert set_orphans_aside(told.desk, later, tmp_path / "aside") == 0
    told.desk.materials.path_of(paper.drawn.sha256).unlink()
    (finding,) = check_materials(told.desk).findings
    assert (finding.fault, finding.sha256) == (Fault.MISSING, paper.drawn.sha256)
