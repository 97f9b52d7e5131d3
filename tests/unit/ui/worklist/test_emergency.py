"""急救提示 from every page: by key and by button; on a file it holds the routine until it is lifted."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lian_desk.bootstrap import DeskWindow
from lian_desk.services.service_requests.emergencies import load_open_emergency
from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.common.forms.command_dialog import CommandDialog
from lian_desk.ui.common.look.icon_button import IconButton
from lian_desk.ui.common.shell.emergency_band import EmergencyBand
from lian_desk.ui.follow_ups.emergency_dialog import EmergencyDialog
from tests.desk_world import World
from tests.ui_fixture import type_chinese


def settle(shown: DeskWindow) -> None:
    for _ in range(5):
        assert shown.context.runner.wait_idle()
        QApplication.processEvents()


def read_out(said: str) -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EmergencyDialog)
    assert "120" in dialog.script.text
    type_chinese(dialog.said, said)
    dialog.done_button.click()


def test_on_a_file_it_holds_the_routine_until_it_is_lifted(shown: DeskWindow, world: World, qtbot: QtBot) -> None:
    file_id = world.open_file()
    window = shown.window
    window.show_subject(file_id)
    settle(shown)
    band = window.findChild(EmergencyBand)
    assert band is not None
    assert band.text == ""
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    read_out("已拨打 120")
    settle(shown)
    assert "对方回答：已拨打 120" in band.text
    assert window.toast.text == "已记入档案，常规步骤暂停，记录照常。"
    band.basis.click()
    popover = band.findChild(ExplainPopover)
    assert popover is not None
    assert world.desk.pack.clause("R74").text in popover.words
    popover.close()
    band.lift.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CommandDialog)
    type_chinese(dialog.form.fields["outcome"].input, "已送医")
    dialog.primary.click()
    settle(shown)
    assert band.text == ""
    assert load_open_emergency(world.desk, file_id) is None


def test_elsewhere_it_is_written_into_the_log(shown: DeskWindow, world: World) -> None:
    button = next(
        found for found in shown.window.top_bar.findChildren(IconButton) if "急救提示" in found.accessibleName()
    )
    button.click()
    read_out("对方挂断")
    settle(shown)
    assert shown.window.toast.text == "已记入日志。"
    assert world.to_requirement(world.open_file())


def test_closing_the_script_records_nothing(shown: DeskWindow, world: World) -> None:
    file_id = world.open_file()
    shown.window.show_subject(file_id)
    settle(shown)
    before = world.desk.audit_head()
    shown.window.run_action("emergency")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EmergencyDialog)
    dialog.reject()
    settle(shown)
    assert world.desk.audit_head() == before
