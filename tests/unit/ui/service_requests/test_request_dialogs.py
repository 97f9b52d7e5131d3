"""The dialogs of a request: what they suggest, what they refuse beside the field, and that the keyboard is enough."""

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lian_desk.models.vocabulary import CheckResult, MaterialKind, PauseReason, RequestStatus, ServiceKind
from lian_desk.services.request_views.requirement_form import search_hospitals
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.rules.citations import place_of
from lian_desk.services.service_requests import RecordReview
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.service_requests import handlers
from lian_desk.ui.service_requests.feedback_dialog import FeedbackDialog
from lian_desk.ui.service_requests.new_request_dialog import NewRequestDialog
from lian_desk.ui.service_requests.plain_dialogs import PauseDialog, WithdrawDialog
from lian_desk.ui.service_requests.requirement_dialog import RequirementDialog
from lian_desk.ui.service_requests.review_dialog import ReviewDialog
from tests.desk_world import World
from tests.ui_fixture import settle, type_chinese, wait_for

K = ServiceKind


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1200, 900)
    made.show()
    return made


def _opened(ui: UiContext, host: QWidget, handler: Any, subject: int) -> Any:
    handler(ui, host, subject)
    settle(ui)
    found = [dialog for dialog in host.findChildren(FormDialog) if dialog.isVisible()]
    assert len(found) == 1
    return found[0]


def test_a_new_request_is_submitted_with_the_keyboard(ui: UiContext, host: QWidget, world: World, qtbot: QtBot) -> None:
    file_id = world.open_file()
    dialog = _opened(ui, host, handlers.new_request, file_id)
    assert isinstance(dialog, NewRequestDialog)
    assert dialog.kind.buttons["surgery_coordination"].text() == "手术协调 · 余 3 次"
    dialog.kind.buttons["outpatient_coordination"].click()
    type_chinese(dialog.need.input, "希望本周在上海看心内科")
    with qtbot.waitSignal(dialog.saved) as saved:
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle(ui)
    view = load_request_view(world.desk, saved.args[0])
    assert view is not None
    assert (view.status, view.kind) == (RequestStatus.SUBMITTED, K.OUTPATIENT_COORDINATION)


def test_a_service_without_uses_says_why_with_its_clause(ui: UiContext, host: QWidget, world: World) -> None:
    file_id = world.open_file()
    for _ in range(3):
        world.to_started(file_id)
    dialog = _opened(ui, host, handlers.new_request, file_id)
    dialog.kind.buttons["outpatient_coordination"].click()
    assert "已用完" in dialog.reasons.text
    assert place_of("R12") in dialog.reasons.text
    type_chinese(dialog.need.input, "再看一次")
    dialog.try_submit()
    assert place_of("R12") in dialog.kind.error
    assert dialog.need.raw() == "再看一次"


def test_a_request_may_wait_as_a_draft_until_the_rules_allow_it(
    ui: UiContext, host: QWidget, world: World, qtbot: QtBot
) -> None:
    file_id = world.open_file()
    for _ in range(3):
        world.to_started(file_id)
    dialog = _opened(ui, host, handlers.new_request, file_id)
    dialog.kind.buttons["outpatient_coordination"].click()
    type_chinese(dialog.need.input, "再看一次")
    with qtbot.waitSignal(dialog.saved) as saved:
        dialog.draft_button.click()
        settle(ui)
    assert world.status(saved.args[0]) is RequestStatus.DRAFT


def test_a_draft_comes_back_after_the_dialog_was_closed_by_the_lock(ui: UiContext, host: QWidget, world: World) -> None:
    file_id = world.open_file()
    first = _opened(ui, host, handlers.new_request, file_id)
    type_chinese(first.need.input, "客户想约华西")
    first.suspend()
    settle(ui)
    again = _opened(ui, host, handlers.new_request, file_id)
    assert again.need.raw() == "客户想约华西"
    assert "已恢复" in again.banner.text


def test_the_review_suggests_what_the_rules_found(ui: UiContext, host: QWidget, world: World, qtbot: QtBot) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id, K.INPATIENT_COORDINATION)
    dialog = _opened(ui, host, handlers.review, request_id)
    assert isinstance(dialog, ReviewDialog)
    assert dialog.results["identity"].raw() == CheckResult.PASSED.value
    assert dialog.results["material"].raw() == CheckResult.NEEDS_MORE.value
    assert "待补件" in dialog.consequence.text
    world.material(file_id)
    with qtbot.waitSignal(dialog.saved):
        dialog.try_submit()
        settle(ui)
    assert world.status(request_id) is RequestStatus.AWAITING_MATERIAL


def test_a_review_without_a_paper_is_refused_beside_its_field(ui: UiContext, host: QWidget, world: World) -> None:
    request_id = world.open_request(world.open_file())
    dialog = _opened(ui, host, handlers.review, request_id)
    dialog.results["material"].set_raw(CheckResult.PASSED.value)
    dialog.try_submit()
    settle(ui)
    assert "还没有任何病情材料" in dialog.results["material"].error
    assert world.status(request_id) is RequestStatus.SUBMITTED


@pytest.fixture
def reviewed(world: World) -> int:
    file_id = world.open_file()
    world.material(file_id)
    request_id = world.open_request(file_id)
    world.run(RecordReview, request_id=request_id, **world.passed())
    return request_id


def _fill(dialog: RequirementDialog, world: World) -> None:
    dialog.hospital.choose(search_hospitals(world.desk, "复旦大学附属中山医院")[0])
    dialog.department.set_raw("心内科")
    dialog.title_field.set_raw("chief_physician")
    dialog.from_on.set_raw("2026-10-08")
    type_chinese(dialog.evidence.note.input, "电话确认，录音编号 17")
    dialog.fees.box.setChecked(True)


def test_a_requirement_is_confirmed_and_starts_the_clocks(
    ui: UiContext, host: QWidget, world: World, reviewed: int, qtbot: QtBot
) -> None:
    dialog = _opened(ui, host, handlers.confirm_requirement, reviewed)
    assert isinstance(dialog, RequirementDialog)
    _fill(dialog, world)
    with qtbot.waitSignal(dialog.saved):
        dialog.try_submit()
        settle(ui)
    view = load_request_view(world.desk, reviewed)
    assert view is not None
    assert [clock.clause for clock in view.clocks] == ["R57", "R58"]


def test_an_excluded_department_is_refused_while_it_is_typed(
    ui: UiContext, host: QWidget, world: World, reviewed: int
) -> None:
    dialog = _opened(ui, host, handlers.confirm_requirement, reviewed)
    _fill(dialog, world)
    dialog.department.set_raw("")
    type_chinese(dialog.department.combo.lineEdit(), "口腔颌面外科")
    wait_for(ui, lambda: dialog.department.error)
    assert place_of("R34") in dialog.department.error
    dialog.department.set_raw("")
    type_chinese(dialog.department.combo.lineEdit(), "肿瘤内科")
    wait_for(ui, lambda: not dialog.department.error)


def test_a_doctoral_supervisor_is_renowned_at_once(ui: UiContext, host: QWidget, world: World, reviewed: int) -> None:
    dialog = _opened(ui, host, handlers.confirm_requirement, reviewed)
    _fill(dialog, world)
    assert not dialog.honours.renowned.isVisible()
    dialog.honours.buttons["doctoral_supervisor"].click()
    wait_for(ui, dialog.honours.renowned.isVisible)
    assert f"15 个工作日（{place_of('R59')}）" in dialog.promise.text
    dialog.honours.buttons["doctoral_supervisor"].click()
    dialog.honours.buttons["associate_professor"].click()
    wait_for(ui, lambda: not dialog.honours.renowned.isVisible())
    assert f"7 个工作日（{place_of('R58')}）" in dialog.promise.text


def test_a_hospital_is_found_as_it_is_typed_with_an_input_method(
    ui: UiContext, host: QWidget, world: World, reviewed: int
) -> None:
    dialog = _opened(ui, host, handlers.confirm_requirement, reviewed)
    dialog.activateWindow()
    dialog.hospital.focus()
    type_chinese(dialog.hospital.line, "中山医院")
    wait_for(ui, lambda: dialog.hospital._offered)
    words = next(word for word in dialog.hospital._offered if word.startswith("复旦大学附属中山医院 ·"))
    assert "上海市 · 三甲 · 名录内" in words
    dialog.hospital._take(words)
    assert dialog.hospital.value() == world.hospital()
    type_chinese(dialog.hospital.line, "x")
    assert dialog.hospital.chosen is None


def test_a_notice_is_asked_for_only_where_the_handbook_does(
    ui: UiContext, host: QWidget, world: World, reviewed: int
) -> None:
    dialog = _opened(ui, host, handlers.confirm_requirement, reviewed)
    assert dialog.notice.isHidden()
    dialog.suspend()
    settle(ui)
    file_id = world.open_file()
    world.material(file_id)
    world.material(file_id, MaterialKind.ADMISSION_NOTICE)
    inpatient = world.open_request(file_id, K.INPATIENT_COORDINATION)
    world.run(RecordReview, request_id=inpatient, **world.passed())
    asks = _opened(ui, host, handlers.confirm_requirement, inpatient)
    assert asks.notice.isVisible()
    assert asks.notice.combo.itemText(0).startswith("入院通知单")


def test_the_feedback_stops_the_clock(ui: UiContext, host: QWidget, world: World, qtbot: QtBot) -> None:
    request_id = world.to_requirement(world.open_file())
    dialog = _opened(ui, host, handlers.give_feedback, request_id)
    assert isinstance(dialog, FeedbackDialog)
    dialog.try_submit()
    assert dialog.content.error
    type_chinese(dialog.content.input, "周四上午可约，等待确认")
    with qtbot.waitSignal(dialog.saved):
        dialog.try_submit()
        settle(ui)
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert view.clocks[0].stopped_at is not None


def test_a_pause_says_which_clocks_it_stops(ui: UiContext, host: QWidget, world: World, qtbot: QtBot) -> None:
    request_id = world.to_requirement(world.open_file())
    dialog = _opened(ui, host, handlers.pause, request_id)
    assert isinstance(dialog, PauseDialog)
    assert dialog.effect.text == "暂停期间不计：预约时限（释义 A8）；恢复后时限顺延。"
    type_chinese(dialog.form.fields["note"].input, "客户出差")
    with qtbot.waitSignal(dialog.saved):
        dialog.try_submit()
        settle(ui)
    assert world.status(request_id) is RequestStatus.PAUSED


def test_a_lead_goes_from_a_pause_to_the_event_that_meets_many(
    ui: UiContext, host: QWidget, world: World, qtbot: QtBot
) -> None:
    """R86: whoever pauses one request for force majeure may declare it for a region instead; leads only."""
    request_id = world.to_requirement(world.open_file())
    dialog = _opened(ui, host, handlers.pause, request_id)
    dialog.reason.set_raw(PauseReason.FORCE_MAJEURE.value)
    dialog.reason.edited.emit()
    assert dialog.region.isHidden(), "a case manager pauses the one request"
    dialog.suspend()
    led = dataclasses.replace(ui, desk=world.lead)
    dialog = _opened(led, host, handlers.pause, request_id)
    assert dialog.region.isHidden()
    dialog.reason.set_raw(PauseReason.FORCE_MAJEURE.value)
    dialog.reason.edited.emit()
    assert not dialog.region.isHidden()
    with qtbot.waitSignal(led.navigator.action_requested) as asked:
        dialog.region.click()
    assert asked.args[0] == "declare_force_majeure"
    assert world.status(request_id) is RequestStatus.REQUIREMENT_CONFIRMED


def test_a_withdrawal_needs_evidence(ui: UiContext, host: QWidget, world: World, qtbot: QtBot) -> None:
    request_id = world.to_requirement(world.open_file())
    dialog = _opened(ui, host, handlers.withdraw, request_id)
    assert isinstance(dialog, WithdrawDialog)
    type_chinese(dialog.form.fields["reason"].input, "自行就医")
    dialog.try_submit()
    assert dialog.evidence.note.error
    type_chinese(dialog.evidence.note.input, "电话告知不再需要")
    with qtbot.waitSignal(dialog.saved):
        dialog.try_submit()
        settle(ui)
    assert world.status(request_id) is RequestStatus.WITHDRAWN
