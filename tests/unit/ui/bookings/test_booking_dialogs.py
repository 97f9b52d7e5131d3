"""From the start to the visit: the warning in full, not yet by default, evidence, and what each exit means."""

from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from lian_desk.models.errors import ErrorCode, RuleViolation
from lian_desk.models.rules.working_time import SHANGHAI
from lian_desk.models.vocabulary import FactSource, RequestStatus, ServiceKind
from lian_desk.services.bookings import RecordNoShow, RecordNotBooked
from lian_desk.services.entitlements.ledger import balances
from lian_desk.services.hospitals.restrictions import RecordRestriction, load_restrictions
from lian_desk.services.request_views.requirement_form import ask_rules
from lian_desk.services.request_views.views import load_request_view
from lian_desk.services.rules.citations import place_of
from lian_desk.ui.bookings import handlers
from lian_desk.ui.bookings.confirm_start_dialog import NOT_YET, ConfirmStartDialog
from lian_desk.ui.bookings.file_panel import FileBookingsPanel
from lian_desk.ui.common.forms.form_dialog import FormDialog
from lian_desk.ui.common.running.context import UiContext
from tests.desk_world import World
from tests.ui_fixture import settle, type_chinese

K = ServiceKind
S = RequestStatus


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


def _save(ui: UiContext, dialog: FormDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.saved):
        dialog.try_submit()
        settle(ui)


def _left(world: World, file_id: int) -> int:
    with world.desk.read() as session:
        return balances(session, world.policy(file_id))[K.OUTPATIENT_COORDINATION].left


@pytest.fixture
def file_id(world: World) -> int:
    return world.open_file()


@pytest.fixture
def started(ui: UiContext, host: QWidget, world: World, file_id: int) -> ConfirmStartDialog:
    dialog: ConfirmStartDialog = _opened(ui, host, handlers.confirm_start, world.to_awaiting(file_id))
    return dialog


def test_the_start_states_every_clause_in_full(started: ConfirmStartDialog) -> None:
    lines = [found.text() for found in started.findChildren(QLabel)]
    words = "\n".join(lines)
    for clause in ("R46", "R48", "R49", "R50", "R80"):
        (said,) = [line for line in lines if line.startswith(f"{place_of(clause)} · ")]
        assert started.context.desk.pack.clause(clause).text.rstrip("。") in said
        assert said.count(started.context.desk.pack.clause(clause).text[:12]) == 1, "each place and its words once"
    assert "现余 3 次" in words


def test_enter_means_not_yet_and_ctrl_enter_does_nothing(
    started: ConfirmStartDialog, ui: UiContext, world: World, file_id: int, qtbot: QtBot
) -> None:
    request_id = started.view.request_id
    assert started.cancel.text() == NOT_YET
    assert started.cancel.isDefault()
    type_chinese(started.evidence.note.input, "客户电话确认")
    started.acknowledged.box.setChecked(True)
    QTest.keyClick(started, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(ui)
    assert _left(world, file_id) == 3
    started._dirty = False
    with qtbot.waitSignal(started.rejected):
        QTest.keyClick(started, Qt.Key.Key_Return)
    assert world.status(request_id) is S.AWAITING_START


def test_the_start_needs_the_tick_and_the_evidence_then_spends_one_use(
    started: ConfirmStartDialog, ui: UiContext, world: World, file_id: int, qtbot: QtBot
) -> None:
    started.primary.click()
    assert started.acknowledged.error
    assert started.evidence.note.error
    started.acknowledged.box.setChecked(True)
    type_chinese(started.evidence.note.input, "客户电话确认，录音 17")
    with qtbot.waitSignal(started.saved):
        started.primary.click()
        settle(ui)
    assert _left(world, file_id) == 2
    assert world.status(started.view.request_id) is S.STARTED


def test_one_opened_dialog_is_one_order_however_often_it_is_sent(
    started: ConfirmStartDialog, ui: UiContext, world: World, file_id: int, qtbot: QtBot
) -> None:
    """The answer of the first sending never came: the person presses again, and the start stands as it was."""
    started.acknowledged.box.setChecked(True)
    type_chinese(started.evidence.note.input, "客户电话确认，录音 17")
    values = started.form.values()
    assert values is not None
    first = ui.desk.execute(started.command(values))
    before = world.row(started.view.request_id)
    started.submit(values)
    with qtbot.waitSignal(started.saved) as saved:
        started.submit(values)
        settle(ui)
    assert saved.args == [first.key]
    assert _left(world, file_id) == 2
    after = world.row(started.view.request_id)
    assert (after.status, after.status_changed_at) == (before.status, before.status_changed_at)


def test_another_dialog_is_another_order(
    started: ConfirmStartDialog, ui: UiContext, host: QWidget, world: World, file_id: int
) -> None:
    started.acknowledged.box.setChecked(True)
    type_chinese(started.evidence.note.input, "客户电话确认，录音 17")
    values = started.form.values()
    assert values is not None
    ui.desk.execute(started.command(values))
    again = ConfirmStartDialog(ui, started.start, host)
    assert again.command_id != started.command_id
    with pytest.raises(RuleViolation) as refused:
        ui.desk.execute(again.command(values))
    assert refused.value.code is ErrorCode.ALREADY_STARTED
    assert _left(world, file_id) == 2


def test_a_start_is_confirmed_by_the_keyboard_alone(
    started: ConfirmStartDialog, ui: UiContext, world: World, file_id: int, qtbot: QtBot
) -> None:
    """Tab, space and an input method reach every part, the start button too; nothing is clicked."""
    started.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    assert QApplication.focusWidget() is started.cancel, "the keyboard stands on not yet"

    def tab_to(target: QWidget) -> QWidget:
        for _press in range(60):
            focused = QApplication.focusWidget()
            assert focused is not None
            if focused is target or target.isAncestorOf(focused):
                return focused
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
        message = "Tab does not reach it"
        raise AssertionError(message)

    qtbot.keyClick(tab_to(started.acknowledged), Qt.Key.Key_Space)
    assert started.acknowledged.box.isChecked()
    type_chinese(tab_to(started.evidence.note), "客户电话确认，录音 21")
    qtbot.keyClick(tab_to(started.primary), Qt.Key.Key_Space)
    settle(ui)
    assert world.status(started.view.request_id) is S.STARTED
    assert _left(world, file_id) == 2


def test_a_restriction_stands_on_the_file_and_is_lifted_with_a_reason(
    ui: UiContext, host: QWidget, world: World, file_id: int
) -> None:
    world.run(
        RecordRestriction,
        assistance_file_id=file_id,
        hospital_id=world.hospital(),
        from_on=world.desk.today,
        source=FactSource.HOSPITAL,
        note="爽约一次",
    )
    panel = FileBookingsPanel(ui, file_id, host)
    panel.show()
    settle(ui)
    said = "\n".join(found.text() for found in panel.findChildren(QLabel))
    assert "截止日期未告知" in said
    assert "爽约一次" in said
    (button,) = [found for found in panel.findChildren(QPushButton) if found.text() == "解除…"]
    button.click()
    settle(ui)
    (dialog,) = [found for found in host.findChildren(FormDialog) if found.isVisible()]
    dialog.try_submit()
    assert dialog.form.fields["reason"].error
    dialog.form.set_values({"reason": "医院来电恢复"})
    dialog.try_submit()
    settle(ui, 5)
    assert load_restrictions(world.desk, file_id) == ()
    assert not [found for found in panel.findChildren(QPushButton) if found.text() == "解除…" and found.isVisible()]


def test_an_image_as_evidence_needs_its_material(started: ConfirmStartDialog) -> None:
    started.acknowledged.box.setChecked(True)
    started.evidence.form_of.set_raw("message_image")
    started.evidence.show_parts()
    started.primary.click()
    assert started.evidence.material.error
    assert started.evidence.note.isHidden()


def test_without_a_use_the_start_says_why_and_stays_shut(
    ui: UiContext, host: QWidget, world: World, file_id: int
) -> None:
    waiting = world.to_awaiting(file_id)
    for _ in range(3):
        world.to_started(file_id)
    dialog = _opened(ui, host, handlers.confirm_start, waiting)
    words = "\n".join(found.text() for found in dialog.findChildren(QLabel))
    assert "门诊协调的权益次数已用完" in words
    assert not dialog.primary.isEnabled()


def test_a_booking_is_recorded_and_told(ui: UiContext, host: QWidget, world: World, file_id: int, qtbot: QtBot) -> None:
    request_id = world.to_started(file_id)
    dialog = _opened(ui, host, handlers.record_booking, request_id)
    assert dialog.hospital.value() == world.hospital()
    dialog.form.fields["visit_at"].set_raw("2026-10-08 08:30")
    dialog.try_submit()
    assert dialog.form.fields["hospital_reference"].error
    type_chinese(dialog.form.fields["hospital_reference"].input, "电话确认 YY-17")
    _save(ui, dialog, qtbot)
    assert world.status(request_id) is S.BOOKED
    told = _opened(ui, host, handlers.send_instructions, request_id)
    assert "2026年10月8日 周四 08:30" in told.content.raw()
    _save(ui, told, qtbot)
    view = load_request_view(world.desk, request_id)
    assert view is not None
    assert view.booking is not None
    assert view.booking.instructions_sent_at is not None


def test_a_visit_before_the_hospital_confirmed_is_refused_beside_its_field(
    ui: UiContext, host: QWidget, world: World, file_id: int
) -> None:
    dialog = _opened(ui, host, handlers.record_booking, world.to_started(file_id))
    dialog.form.fields["visit_at"].set_raw("2026-09-01 08:30")
    type_chinese(dialog.form.fields["hospital_reference"].input, "YY-17")
    dialog.try_submit()
    settle(ui)
    assert "时间先后不对" in dialog.form.fields["visit_at"].error
    assert dialog.form.fields["hospital_reference"].raw() == "YY-17"


def test_arrival_and_completion_open_the_follow_up_plan(
    ui: UiContext, host: QWidget, world: World, file_id: int, qtbot: QtBot
) -> None:
    request_id = world.to_booked(file_id)
    world.clock.moment = datetime(2026, 10, 9, 12, 0, tzinfo=SHANGHAI)
    _save(ui, _opened(ui, host, handlers.record_attendance, request_id), qtbot)
    assert world.status(request_id) is S.ARRIVED
    _save(ui, _opened(ui, host, handlers.complete_service, request_id), qtbot)
    assert world.status(request_id) is S.FOLLOWING_UP


def test_a_cancellation_says_that_the_use_is_spent(
    ui: UiContext, host: QWidget, world: World, file_id: int, qtbot: QtBot
) -> None:
    request_id = world.to_booked(file_id)
    dialog = _opened(ui, host, handlers.cancel_by_insured, request_id)
    assert dialog.cancel.isDefault()
    type_chinese(dialog.form.fields["reason"].input, "出差")
    type_chinese(dialog.evidence.note.input, "电话告知")
    dialog.try_submit()
    assert dialog.form.fields["warning_acknowledged"].error
    dialog.form.fields["warning_acknowledged"].box.setChecked(True)
    _save(ui, dialog, qtbot)
    assert world.status(request_id) is S.CANCELLED_BY_INSURED
    assert _left(world, file_id) == 2


def test_a_hospital_stop_goes_back_for_another_date(
    ui: UiContext, host: QWidget, world: World, file_id: int, qtbot: QtBot
) -> None:
    request_id = world.to_booked(file_id)
    dialog = _opened(ui, host, handlers.reschedule_by_hospital, request_id)
    type_chinese(dialog.form.fields["note"].input, "专家临时停诊")
    type_chinese(dialog.evidence.note.input, "已电话告知客户")
    _save(ui, dialog, qtbot)
    assert world.status(request_id) is S.STARTED
    assert _left(world, file_id) == 2


def test_a_no_show_and_a_try_are_recorded(
    ui: UiContext, host: QWidget, world: World, file_id: int, qtbot: QtBot
) -> None:
    other = world.to_started(file_id)
    attempt = _opened(ui, host, handlers.record_attempt, other)
    _save(ui, attempt, qtbot)
    request_id = world.to_booked(file_id)
    world.later(days=11)
    _save(ui, _opened(ui, host, handlers.record_no_show, request_id), qtbot)
    assert world.status(request_id) is S.NO_SHOW


def test_a_lead_gives_the_use_back(world: World, host: QWidget, ui: UiContext, file_id: int, qtbot: QtBot) -> None:
    request_id = world.to_started(file_id)
    world.run(RecordNotBooked, request_id=request_id, reason="医院无号源")
    by_lead = UiContext(world.lead, ui.runner, ui.bus, ui.navigator, ui.theme)
    dialog = _opened(by_lead, host, handlers.reverse_start, request_id)
    type_chinese(dialog.form.fields["reason"].input, "多次协调无号")
    type_chinese(dialog.evidence.note.input, "电话告知客户")
    _save(ui, dialog, qtbot)
    assert _left(world, file_id) == 3


def test_a_lead_takes_a_mistaken_end_back_and_notes_a_restriction(
    world: World, host: QWidget, ui: UiContext, file_id: int, qtbot: QtBot
) -> None:
    request_id = world.to_booked(file_id)
    world.later(days=11)
    world.run(RecordNoShow, request_id=request_id, source=FactSource.HOSPITAL, noticed_at=world.clock.moment)
    dialog = _opened(ui, host, handlers.record_restriction, request_id)
    _save(ui, dialog, qtbot)
    by_lead = UiContext(world.lead, ui.runner, ui.bus, ui.navigator, ui.theme)
    given = world.requirement(file_id, K.OUTPATIENT_COORDINATION)
    found = ask_rules(world.desk, K.OUTPATIENT_COORDINATION, given, file_id=file_id).warnings
    assert [line.code for line in found] == ["hospital_restricted"]
    dialog = _opened(by_lead, host, handlers.reopen, request_id)
    type_chinese(dialog.form.fields["reason"].input, "医院已接诊")
    type_chinese(dialog.evidence.note.input, "医院来电说明")
    _save(ui, dialog, qtbot)
    assert world.status(request_id) is S.BOOKED


def test_a_lead_corrects_a_booking_and_a_start(
    world: World, host: QWidget, ui: UiContext, file_id: int, qtbot: QtBot
) -> None:
    by_lead = UiContext(world.lead, ui.runner, ui.bus, ui.navigator, ui.theme)
    booked, started = world.to_booked(file_id), world.to_started(file_id)
    dialog = _opened(by_lead, host, handlers.correct_booking, booked)
    dialog.form.set_values({"visit_at": datetime(2026, 10, 14, 9, 30, tzinfo=SHANGHAI)})
    type_chinese(dialog.form.fields["reason"].input, "时间录错")
    type_chinese(dialog.evidence.note.input, "医院短信")
    _save(ui, dialog, qtbot)
    view = load_request_view(world.desk, booked)
    assert view is not None
    assert view.booking is not None
    assert view.booking.visit_at == datetime(2026, 10, 14, 9, 30, tzinfo=SHANGHAI)
    dialog = _opened(by_lead, host, handlers.correct_start, started)
    type_chinese(dialog.form.fields["reason"].input, "误点开启")
    type_chinese(dialog.evidence.note.input, "客户尚未确认")
    _save(ui, dialog, qtbot)
    assert (world.status(started), _left(world, file_id)) == (S.WITHDRAWN, 2)
