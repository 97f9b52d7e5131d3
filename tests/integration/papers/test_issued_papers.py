"""Papers of a real file, issued: each kind and reader, corrections, disclosures, the check of a file."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from lian_desk.adapters.paper_forms.drawing import draw
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from lian_desk.models.tables.materials.issued_document import IssuedDocument
from lian_desk.models.tables.materials.material import Material
from lian_desk.models.tables.people.assistance_file import FileEntry
from lian_desk.models.tables.people.disclosure import Disclosure
from lian_desk.models.tables.people.person import InformationAuthorization
from lian_desk.models.tables.requests.booking import Booking
from lian_desk.models.vocabulary import (
    Channel,
    DocumentKind,
    FactSource,
    HistoryKind,
    Knownness,
    MaskingLevel,
    MaterialState,
)
from lian_desk.services.assistance_files.assistance_files import AddHistory, HistoryInput
from lian_desk.services.assistance_files.authorizations import WithdrawAuthorization
from lian_desk.services.follow_ups.care_notes import EducationGiven, RecordEducation
from lian_desk.services.papers.choices import load_paper_choices
from lian_desk.services.papers.issuing import fetch_issued, issue, preview
from lian_desk.services.papers.orders import SERIES, ExportOrder, usual_reader
from lian_desk.services.papers.register import Verdict, check_paper, find_issued
from lian_desk.services.papers.views import load_document
from lian_desk.services.privacy.disclosures import PagesGiven
from lian_desk.services.reference_data.education_texts import load_education_texts
from tests.desk_world import World
from tests.integration.paper_forms.paper_samples import jpeg
from tests.integration.paper_forms.reading import assert_in_order, assert_sound, read_back

K, M = DocumentKind, MaskingLevel
NAME, PHONE = "王淑兰", "13812346620"
HOSPITAL = "复旦大学附属中山医院 心内科"


@pytest.fixture
def booked(world: World) -> World:
    file_id = world.open_file()
    world.run(
        AddHistory,
        assistance_file_id=file_id,
        items=(
            HistoryInput(
                HistoryKind.MEDICATION, Knownness.KNOWN, "氨氯地平片", dosage="5 mg 每日一次", since="2019 年"
            ),
        ),
    )
    world.to_booked(file_id)
    return world


def file_of(world: World) -> int:
    with world.desk.read() as session:
        request_id = session.scalars(select(Booking.service_request_id)).one()
    return world.row(request_id).assistance_file_id


def booking_of(world: World) -> int:
    with world.desk.read() as session:
        return session.scalars(select(Booking.id)).one()


def educate(world: World, file_id: int) -> int:
    text = load_education_texts()[0]
    return world.run(
        RecordEducation,
        assistance_file_id=file_id,
        education=EducationGiven(text.topic, text.body, text.version),
        channel=Channel.WECOM,
        given_at=world.clock.moment,
    )


def order_of(world: World, kind: DocumentKind, **changes: object) -> ExportOrder:
    file_id = file_of(world)
    subject = {K.BOOKING_NOTICE: lambda: booking_of(world), K.EDUCATION_LEAFLET: lambda: educate(world, file_id)}
    order = ExportOrder(
        kind=kind,
        file_id=file_id,
        masking=usual_reader(kind),
        recipient=HOSPITAL,
        subject_id=subject[kind]() if kind in subject else None,
    )
    return replace(order, **changes)  # type: ignore[arg-type]


FILE_KINDS = [kind for kind in SERIES if kind not in {K.TEAM_SUMMARY, K.DISCLOSURE_PACK}]


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_kind_is_issued_frozen_and_recognised(booked: World, tmp_path: Path, kind: DocumentKind) -> None:
    paper = issue(booked.desk, order_of(booked, kind), tmp_path)
    written = tmp_path / paper.file_name
    assert paper.number.startswith(f"{SERIES[kind]}-26-01-")
    assert_sound(written, paper.drawn.page_count)
    assert written.read_bytes() == paper.content == fetch_issued(booked.desk, paper.key)
    check = check_paper(booked.desk, written)
    assert check.verdict is Verdict.UNCHANGED
    assert check.fact is not None
    assert (check.fact.number, check.fact.kind, check.fact.masking) == (paper.number, kind, usual_reader(kind))
    assert check.signature is not None
    assert (check.signature.is_whole, check.signature.is_ours) == (True, True)
    assert any("与签发时一致" in words for words in check.sentences)


def test_the_booking_notice_says_where_when_and_what_to_mind(booked: World, tmp_path: Path) -> None:
    paper = issue(booked.desk, order_of(booked, K.BOOKING_NOTICE), tmp_path)
    run = read_back(tmp_path / paper.file_name).run
    with booked.desk.read() as session:
        booking = session.get_one(Booking, booking_of(booked))
    assert_in_order(
        run,
        [
            "供被保险人本人使用",
            NAME,
            "门诊协调",
            f"{booking.visit_at.astimezone(booked.clock.moment.tzinfo):%Y-%m-%d}",
            "复旦大学附属中山医院",
            "心内科",
            "门诊楼 3 楼",
            "YY-20260928-17",
            "确认开启服务即扣除权益次数",
            "服务预约成功后，不可改约或取消",
            "被保险人签收",
        ],
    )
    assert PHONE not in run


def test_the_statement_follows_the_ledger(booked: World) -> None:
    view = load_document(booked.desk, order_of(booked, K.ENTITLEMENT_STATEMENT))
    spent = [entry for entry in view.entries if entry.amount < 0]  # type: ignore[union-attr]
    assert [(entry.service, entry.amount, entry.left) for entry in spent] == [("门诊协调", -1, 2)]
    assert "R12" not in repr(view)
    assert {entry.left for entry in view.entries if entry.amount > 0} == {3}  # type: ignore[union-attr]


def test_the_proof_carries_the_stored_derivations(booked: World) -> None:
    view = load_document(booked.desk, order_of(booked, K.DEADLINE_PROOF))
    (request,) = view.requests  # type: ignore[union-attr]
    feedback, booking = request.deadlines
    assert (feedback.kept, booking.kept) == (True, True)
    assert "48 小时" in feedback.derivation
    assert "7 个工作日" in booking.derivation
    assert "国庆节 7 天不计" in booking.derivation
    assert booking.place.startswith("手册")
    assert request.pauses[0].reason == "待客户答复"


def test_the_sheet_for_the_doctor_is_a_disclosure(booked: World, tmp_path: Path) -> None:
    paper = issue(booked.desk, order_of(booked, K.MEDICAL_SHEET, purpose="门诊就诊"), tmp_path)
    run = read_back(tmp_path / paper.file_name).run
    assert_in_order(run, ["供本次就诊使用", NAME, PHONE, "氨氯地平片", "5mg每日一次", "2019年", "被保险人自述", "接收"])
    with booked.desk.read() as session:
        given = session.scalars(select(Disclosure)).one()
        assert (given.recipient, given.purpose) == (HOSPITAL, "门诊就诊")
        assert "用药" in given.field_names
        titles = session.scalars(select(FileEntry.title).order_by(FileEntry.id)).all()
    assert titles[-2:] == ["导出病史与用药单", f"向{HOSPITAL}提供信息"]


def test_a_paper_for_a_hospital_needs_a_recipient_and_an_authorization(booked: World, tmp_path: Path) -> None:
    with pytest.raises(RuleViolation) as refused:
        issue(booked.desk, order_of(booked, K.MEDICAL_SHEET, recipient=" "), tmp_path)
    assert (refused.value.code, refused.value.parameters["field"]) == (ErrorCode.FIELD_REQUIRED, "recipient")
    with booked.desk.read() as session:
        authorization = session.scalars(select(InformationAuthorization.id)).one()
    booked.run(WithdrawAuthorization, authorization_id=authorization, reason="客户要求")
    booked.later(minutes=1)
    with pytest.raises(RuleViolation) as refused:
        issue(booked.desk, order_of(booked, K.MEDICAL_SHEET), tmp_path)
    assert refused.value.code is ErrorCode.AUTHORIZATION_MISSING
    assert list(tmp_path.glob("*.pdf")) == []
    # the file's own record may still be printed
    assert issue(booked.desk, order_of(booked, K.FOLLOW_UP_RECORD), tmp_path).number


def test_only_chosen_pages_go_along_and_are_named_in_the_log(booked: World, tmp_path: Path) -> None:
    desk, file_id = booked.desk, file_of(booked)
    kept = desk.materials.keep(jpeg())
    key = booked.material(file_id)
    with desk.database.write_session() as session:
        row = session.get_one(Material, key)
        row.sha256, row.sealed_sha256, row.byte_size = kept.sha256, kept.sealed_sha256, kept.size
        row.media_type = "image/jpeg"
        session.commit()
    paper = issue(desk, order_of(booked, K.MEDICAL_SHEET, pages=(PagesGiven(material_id=key, pages=(1,)),)), tmp_path)
    got = assert_sound(tmp_path / paper.file_name, paper.drawn.page_count)
    assert got.outline[-1].endswith("第 1 页")
    with desk.read() as session:
        assert session.scalars(select(Disclosure.page_list)).one() == f"{key}:1"
    desk.renderer.close()
    with desk.database.write_session() as session:
        session.get_one(Material, key).state = MaterialState.DEFICIENT
        session.commit()
    for pages in ((1,), (2,)):
        with pytest.raises(RuleViolation):
            preview(desk, order_of(booked, K.MEDICAL_SHEET, pages=(PagesGiven(material_id=key, pages=pages),)))


@pytest.mark.parametrize(
    ("level", "seen", "hidden"),
    [
        (M.INTERNAL, ["王*兰", "138****6620"], [NAME, PHONE]),
        (M.INSURED, [NAME, "138****6620"], [PHONE, "JLB202403000001*"]),
        (M.HOSPITAL, [NAME, PHONE], ["JLB202403000001"]),
        (M.REVEALED, [NAME, PHONE, "JLB202403000001"], []),
    ],
)
def test_each_reader_sees_what_that_reader_needs(
    booked: World, tmp_path: Path, level: MaskingLevel, seen: list[str], hidden: list[str]
) -> None:
    order = order_of(booked, K.FILE_SUMMARY, masking=level, purpose="归档")
    paper = issue(booked.desk, order, tmp_path)
    run = read_back(tmp_path / paper.file_name).run
    for words in seen:
        assert words in run
    for words in hidden:
        assert words not in run
    fact = find_issued(booked.desk, paper.number)
    assert fact.masking is level
    with booked.desk.read() as session:
        told = session.scalars(select(FileEntry.detail).where(FileEntry.title == "导出个案摘要")).one()
    assert paper.number in told


def test_a_correction_names_the_old_paper_and_the_old_one_says_so(booked: World, tmp_path: Path) -> None:
    desk = booked.desk
    order = order_of(booked, K.FOLLOW_UP_RECORD)
    first = issue(desk, order, tmp_path)
    with pytest.raises(RuleViolation) as refused:
        issue(desk, replace(order, corrects_id=first.key), tmp_path)
    assert refused.value.parameters["field"] == "correction_reason"
    correction = replace(order, corrects_id=first.key, correction_reason="第二次随访时间有误")
    second = issue(desk, correction, tmp_path)
    run = read_back(tmp_path / second.file_name).run
    assert f"本件更正{first.number}" in run
    assert "第二次随访时间有误" in run
    assert "第2次签发" in run
    old = check_paper(desk, tmp_path / first.file_name)
    assert old.verdict is Verdict.UNCHANGED
    assert f"本件已被 {second.number} 更正，请使用新件。" in old.sentences
    new = check_paper(desk, tmp_path / second.file_name)
    assert any(words.startswith(f"本件更正 {first.number}") for words in new.sentences)
    with pytest.raises(RuleViolation) as refused:
        issue(desk, replace(correction, correction_reason="再改"), tmp_path)
    assert refused.value.code is ErrorCode.PAPER_CORRECTED_ALREADY
    assert refused.value.parameters["number"] == second.number
    other = issue(desk, order_of(booked, K.FILE_SUMMARY), tmp_path)
    with pytest.raises(RuleViolation) as refused:
        issue(desk, replace(correction, corrects_id=other.key), tmp_path)
    assert refused.value.code is ErrorCode.NOT_FOUND
    keys = [choice.key for choice in load_paper_choices(desk, file_of(booked)).corrections]
    assert keys == [other.key, second.key]


def test_what_a_changed_or_foreign_file_is_told(booked: World, tmp_path: Path) -> None:
    import pypdfium2

    paper = issue(booked.desk, order_of(booked, K.FOLLOW_UP_RECORD), tmp_path)
    path = tmp_path / paper.file_name
    resaved = tmp_path / "resaved.pdf"
    document = pypdfium2.PdfDocument(path)
    document.save(resaved)
    document.close()
    for changed in (path.read_bytes()[:-30], path.read_bytes() + b" ", resaved.read_bytes()):
        (tmp_path / "changed.pdf").write_bytes(changed)
        check = check_paper(booked.desk, tmp_path / "changed.pdf")
        assert (check.verdict, check.fact and check.fact.number) == (Verdict.CHANGED, paper.number)
        assert check.signature is None or not check.signature.is_whole
    for foreign in (b"", b"%PDF-1.7 something", os.urandom(5000), draw(_preview_view(booked))[0]):
        (tmp_path / "foreign.pdf").write_bytes(foreign)
        assert check_paper(booked.desk, tmp_path / "foreign.pdf").verdict is Verdict.UNKNOWN


def _preview_view(world: World) -> object:
    return load_document(world.desk, order_of(world, K.FOLLOW_UP_RECORD))


def test_a_full_disk_issues_nothing_and_the_next_paper_is_whole(
    booked: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def full(self: Path, target: Path) -> Path:
        if str(target).endswith(".pdf"):
            raise OSError(errno.ENOSPC, "no space")
        return real(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", full)
        with pytest.raises(EnvironmentProblem) as refused:
            issue(booked.desk, order_of(booked, K.FOLLOW_UP_RECORD), tmp_path)
    assert refused.value.code is ErrorCode.DISK_FULL
    assert list(tmp_path.glob("*.pdf*")) == []
    paper = issue(booked.desk, order_of(booked, K.FOLLOW_UP_RECORD), tmp_path)
    with booked.desk.read() as session:
        sealed = session.scalars(select(IssuedDocument.number).where(IssuedDocument.content_sha256 != "")).all()
    assert sealed == [paper.number]


def test_a_target_open_elsewhere_is_said(booked: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "open.pdf"
    target.write_bytes(b"somebody reads this")
    real = Path.replace

    def in_use(self: Path, other: Path) -> Path:
        if Path(other) == target:
            raise PermissionError(errno.EACCES, "in use")
        return real(self, other)

    monkeypatch.setattr(Path, "replace", in_use)
    with pytest.raises(EnvironmentProblem) as refused:
        issue(booked.desk, order_of(booked, K.FOLLOW_UP_RECORD), target)
    assert refused.value.code is ErrorCode.TARGET_NOT_WRITABLE
    assert target.read_bytes() == b"somebody reads this"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["open.pdf"]


def test_a_leaflet_says_the_words_that_were_given(booked: World, tmp_path: Path) -> None:
    text = load_education_texts()[0]
    paper = issue(booked.desk, order_of(booked, K.EDUCATION_LEAFLET), tmp_path)
    run = read_back(tmp_path / paper.file_name).run
    assert_in_order(run, [text.topic, *text.body.splitlines(), text.version, *text.sources])


def test_a_paper_about_something_of_another_file_is_refused(booked: World) -> None:
    other = booked.open_file(date(1980, 2, 2))
    for kind in (K.BOOKING_NOTICE, K.EDUCATION_LEAFLET):
        with pytest.raises(RuleViolation) as refused:
            preview(booked.desk, replace(order_of(booked, kind), file_id=other))
        assert refused.value.code is ErrorCode.NOT_FOUND


def test_told_sources_are_words(booked: World) -> None:
    view = load_document(booked.desk, order_of(booked, K.MEDICAL_SHEET))
    sources = {line.source for line in view.medications}  # type: ignore[union-attr]
    assert sources
    assert not sources & {source.value for source in FactSource}
