"""While the hospital list is only the sample every answer says so, and real people are not helped by it without a reason."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from lian_desk.adapters.drawing.views import FollowUpRecordView
from lian_desk.adapters.machine.resources import resource_path
from lian_desk.models.errors import ErrorCode
from lian_desk.models.tables.requests.service_request import Requirement
from lian_desk.models.tables.workspace.workspace_identity import WorkspaceIdentity
from lian_desk.models.vocabulary import DocumentKind, ServiceKind
from lian_desk.services.hospitals.hospital_lists import SAMPLE_NOTICE, load_sample_notice
from lian_desk.services.hospitals.list_files import read_hospital_file
from lian_desk.services.hospitals.list_import import ImportHospitalList, ListInput, load_hospital, preview_list
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.listings.hospitals import HospitalSource
from lian_desk.services.papers.orders import ExportOrder
from lian_desk.services.papers.views import load_document
from lian_desk.services.request_views.requirement_form import load_requirement_form, search_hospitals
from lian_desk.services.service_requests import ConfirmRequirement, RecordReview
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.hospitals.sample_band import SampleBand
from lian_desk.ui.service_requests.requirement_dialog import RequirementDialog
from tests.desk_facts import carry_out, last_sealed, refusal, titles
from tests.desk_world import World

REASON = "正式清单下周才到，已与总部电话核对该院在清单内"


@pytest.fixture
def real(world: World) -> Iterator[World]:
    """Make the workspace one of real people; nothing else tells the two apart."""
    with world.desk.database.write_session() as session:
        session.execute(update(WorkspaceIdentity).values(is_demo=False))
        session.commit()
    return world


def take_in_real_list(world: World, tmp_path: Path, *lines: str, whole: bool = False) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(("医院名称,城市,等级", *(lines or ("南京新院,南京市,三甲",)))), encoding="utf-8")
    content = ListInput(read_hospital_file(path), date(2026, 9, 1), whole)
    accepted = preview_list(world.lead, content).mark
    carry_out(world, ImportHospitalList, by=world.lead, content=content, source="正式清单", accepted=accepted)


def to_review(world: World) -> tuple[int, dict[str, object]]:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, request_id=request_id, **world.passed())
    order = {
        "request_id": request_id,
        "requirement": world.requirement(file_id, ServiceKind.OUTPATIENT_COORDINATION),
        "evidence": world.evidence(),
        "fee_notice_shown": True,
    }
    return file_id, order


def test_the_sample_holds_until_a_real_list_is_taken_in(world: World, tmp_path: Path) -> None:
    assert load_sample_notice(world.desk) == SAMPLE_NOTICE
    take_in_real_list(world, tmp_path)
    assert load_sample_notice(world.desk) == ""


def test_a_real_list_that_only_confirms_the_sample_ends_it(world: World) -> None:
    content = ListInput(read_hospital_file(resource_path("hospitals", "hospitals-2024-11.csv")), date(2026, 9, 1), True)
    plan = preview_list(world.lead, content)
    assert plan.confirms
    order = {"content": content, "source": "正式清单 2026-09", "accepted": plan.mark}
    carry_out(world, ImportHospitalList, by=world.lead, **order)
    assert load_sample_notice(world.desk) == ""
    again = preview_list(world.lead, content)
    assert not again.confirms
    order["accepted"] = again.mark
    assert refusal(world, ImportHospitalList, by=world.lead, **order).code is ErrorCode.IMPORT_NOTHING_TO_TAKE


def test_a_real_requirement_on_the_sample_needs_a_reason_that_is_kept(real: World) -> None:
    file_id, order = to_review(real)
    for given in ({}, {"sample_list_reason": "   "}):
        refused = refusal(real, ConfirmRequirement, **order, **given)
        assert refused.code is ErrorCode.SAMPLE_LIST_NEEDS_REASON
        assert refused.parameters["field"] == "sample_list_reason"
    assert refusal(real, ConfirmRequirement, **order, sample_list_reason="长" * 501).code is ErrorCode.FIELD_TOO_LONG
    key = carry_out(real, ConfirmRequirement, **order, sample_list_reason=f" {REASON} ").key
    with real.desk.read() as session:
        assert session.get_one(Requirement, key).sample_list_reason == REASON
    assert "sample_list_reason" in last_sealed(real.desk).body
    assert any("需求确认" in title for title in titles(real.desk, file_id))
    view = load_document(real.desk, ExportOrder(kind=DocumentKind.FOLLOW_UP_RECORD, file_id=file_id))
    assert isinstance(view, FollowUpRecordView)
    assert view.stamp.sample_list == SAMPLE_NOTICE
    assert [remark for line in view.services for remark in line.remarks] == [f"需求确认时医院名录为样例：{REASON}"]


def test_no_reason_is_asked_with_a_real_list_or_in_a_demo(real: World, tmp_path: Path) -> None:
    take_in_real_list(real, tmp_path)
    _file, order = to_review(real)
    key = carry_out(real, ConfirmRequirement, **order, sample_list_reason="不需要").key
    with real.desk.read() as session:
        assert session.get_one(Requirement, key).sample_list_reason is None
    form = load_requirement_form(real.desk, int(str(order["request_id"])))
    assert form is not None
    assert (form.sample_notice, form.asks_sample_reason) == ("", False)


def test_a_plan_without_a_hospital_leans_on_no_list(real: World) -> None:
    file_id = real.open_file()
    real.material(file_id)
    request_id = real.open_request(file_id, ServiceKind.CASE_MANAGEMENT)
    real.run(RecordReview, request_id=request_id, **real.passed())
    real.run(
        ConfirmRequirement,
        request_id=request_id,
        requirement=real.requirement(file_id, ServiceKind.CASE_MANAGEMENT),
        evidence=real.evidence(),
        fee_notice_shown=True,
    )


def test_a_demo_says_it_and_asks_nothing(world: World) -> None:
    file_id, order = to_review(world)
    form = load_requirement_form(world.desk, int(str(order["request_id"])))
    assert form is not None
    assert (form.sample_notice, form.asks_sample_reason) == (SAMPLE_NOTICE, False)
    carry_out(world, ConfirmRequirement, **order)
    view = load_document(world.desk, ExportOrder(kind=DocumentKind.FILE_SUMMARY, file_id=file_id))
    assert view.stamp.sample_list == SAMPLE_NOTICE
    plain = load_document(world.desk, ExportOrder(kind=DocumentKind.MEDICAL_SHEET, file_id=file_id))
    assert plain.stamp.sample_list == "", "a sheet of illness and medication names no list"


def test_every_answer_about_a_campus_says_it(world: World, tmp_path: Path) -> None:
    source = HospitalSource(world.desk)

    def answers() -> tuple[str, bool, str]:
        keys = source.keys(ListQuery(text="中山医院"))
        line = search_hospitals(world.desk, "复旦大学附属中山医院")[0]
        return line.standing, source.rows(keys)[keys[0]].is_sample, load_hospital(world.desk, keys[0]).list_notice

    assert answers() == ("名录内（样例）", True, SAMPLE_NOTICE)
    take_in_real_list(world, tmp_path)
    assert answers() == ("名录内", False, "")


def test_the_band_stands_above_every_page_until_a_real_list_holds(
    context: UiContext, world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    band = SampleBand(context, host)
    assert context.runner.wait_idle()
    assert (band.isHidden(), band.words.text()) == (False, SAMPLE_NOTICE)
    path = tmp_path / "list.csv"
    path.write_text("医院名称,城市,等级\n南京新院,南京市,三甲\n", encoding="utf-8")
    content = ListInput(read_hospital_file(path), date(2026, 9, 1), False)
    accepted = preview_list(context.desk, content).mark
    order = ImportHospitalList(command_id=context.desk.new_id(), content=content, source="正式", accepted=accepted)
    context.bus.committed.emit(context.desk.execute(order).changes)
    assert context.runner.wait_idle()
    assert band.isHidden()


def test_the_dialog_asks_for_the_reason(context: UiContext, real: World, qtbot: QtBot) -> None:
    _file, order = to_review(real)
    form = load_requirement_form(real.desk, int(str(order["request_id"])))
    assert form is not None
    dialog = RequirementDialog(context, form)
    qtbot.addWidget(dialog)
    assert context.runner.wait_idle()
    assert not dialog.sample_reason.isHidden()
    dialog.try_submit()
    assert dialog.sample_reason.error
    dialog._leave()
