"""保管 on the page of a file, and its dialogs, in the window of a lead (A46, R68, R90)."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from lian_desk.bootstrap import build_window
from lian_desk.models.tables.people.assistance_file import AssistanceFile
from lian_desk.models.vocabulary import FactSource, RequestStatus, ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.bookings import RecordAttendance
from lian_desk.services.privacy.keeping_views import load_keeping
from lian_desk.ui.application import dress
from lian_desk.ui.assistance_files.page import FilePage
from lian_desk.ui.common.forms.form_dialog import FormDialog
from tests.desk_world import World
from tests.window_fixture import Hands


@pytest.fixture
def leads_hands(world: World, qapp: QApplication, qtbot: QtBot) -> Iterator[Hands]:
    """The real window, signed in as the lead."""
    dress(qapp)
    running = build_window(world.lead)
    running.window.show()
    running.window.activateWindow()
    assert running.context.runner.wait_idle()
    yield Hands(qtbot, running)
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, FormDialog) and widget.isVisible():
            widget.suspend()
    assert running.context.runner.wait_idle()
    running.window.close()
    running.context.runner.shut_down()
    running.window.deleteLater()
    QApplication.processEvents()
    world.lead.renderer.close()


def card(hands: Hands, file_id: int):
    hands.shown.context.navigator.open_file(file_id, "trail")
    hands.settle()
    page = hands.shown.window.current_page
    assert isinstance(page, FilePage)
    return page.trail.keeping


def words(widget: QWidget) -> str:
    return " ".join(part.text() for part in widget.findChildren(QLabel))


def offered(keeping) -> set[str]:
    return {action_id for action_id, button in keeping.buttons.items() if button.isVisible()}


def test_a_case_manager_sees_whose_the_file_is_and_may_tell_of_a_death(hands: Hands, world: World) -> None:
    file_id = world.open_file()
    keeping = card(hands, file_id)
    assert "归属工位" in words(keeping)
    assert "01" in words(keeping)
    assert offered(keeping) == {"sensitive_event"}


def test_a_lead_holds_and_releases_a_file(leads_hands: Hands, world: World) -> None:
    file_id = world.open_file()
    keeping = card(leads_hands, file_id)
    assert offered(keeping) == {"sensitive_event", "hand_over_file", "place_legal_hold", "erase_file"}
    dialog = leads_hands.start("place_legal_hold", file_id)
    leads_hands.write(dialog.form.fields["reason"], "医疗纠纷诉讼")
    leads_hands.save(dialog)
    leads_hands.no_dialog()
    assert keeping.view.hold_reason == "医疗纠纷诉讼"
    assert "医疗纠纷诉讼" in words(keeping)
    assert "erase_file" not in offered(keeping)
    dialog = leads_hands.start("lift_legal_hold", file_id)
    leads_hands.write(dialog.form.fields["reason"], "判决生效")
    leads_hands.save(dialog)
    leads_hands.no_dialog()
    assert "erase_file" in offered(keeping)


def test_a_file_is_handed_over_and_taken_back(leads_hands: Hands, world: World) -> None:
    file_id = world.open_file()
    keeping = card(leads_hands, file_id)
    dialog = leads_hands.start("hand_over_file", file_id)
    leads_hands.write(dialog.form.fields["to_workstation"], "01")
    leads_hands.write(dialog.form.fields["reason"], "迁移")
    leads_hands.save(dialog)
    assert "另一个工位" in dialog.form.fields["to_workstation"].error
    leads_hands.write(dialog.form.fields["to_workstation"], "NJ02")
    leads_hands.save(dialog)
    leads_hands.no_dialog()
    assert (keeping.view.owner, keeping.view.is_owned_here) == ("NJ02", False)
    assert offered(keeping) == {"sensitive_event", "take_back_file", "place_legal_hold"}
    dialog = leads_hands.start("take_back_file", file_id)
    dialog.form.fields["asked"].set_raw(True)
    leads_hands.write(dialog.form.fields["reason"], "对方没有收到")
    leads_hands.save(dialog)
    leads_hands.no_dialog()
    view = load_keeping(world.lead, file_id)
    assert view is not None
    assert view.is_owned_here


def test_erasing_asks_for_the_number_and_enter_does_not_erase(leads_hands: Hands, world: World) -> None:
    file_id = world.open_file()
    with world.desk.read() as session:
        number = session.get_one(AssistanceFile, file_id).number
    keeping = card(leads_hands, file_id)
    dialog = leads_hands.start("erase_file", file_id)
    leads_hands.choose(dialog.form.fields["ground"], "被保险人要求删除")
    leads_hands.write(dialog.form.fields["reason"], "本人书面要求")
    leads_hands.write(dialog.form.fields["file_number"], "A-26-01-99999")
    leads_hands.save(dialog)
    assert "编号" in dialog.form.fields["file_number"].error
    leads_hands.bot.keyClick(dialog, Qt.Key.Key_Return)
    leads_hands.settle()
    assert load_file_view(world.lead, file_id, revealed=True).insured_name == "王淑兰"  # type: ignore[union-attr]
    leads_hands.write(dialog.form.fields["file_number"], number)
    leads_hands.save(dialog)
    leads_hands.no_dialog()
    assert "已删除：被保险人要求删除" in words(keeping)
    assert offered(keeping) == set()
    page = leads_hands.shown.window.current_page
    assert isinstance(page, FilePage)
    assert page.view is not None
    assert page.view.insured_name == "已删除"
    assert "个人信息已" in page.band.text


def test_a_transfer_is_told_from_the_stay(hands: Hands, world: World) -> None:
    file_id = world.open_file()
    request_id = world.to_booked(file_id, ServiceKind.INPATIENT_COORDINATION)
    world.later(days=10)
    world.run(RecordAttendance, request_id=request_id, happened_at=world.clock.moment, source=FactSource.HOSPITAL)
    dialog = hands.start("request_record_sensitive_event", request_id)
    assert dialog.form.fields["request_id"].value() == request_id
    hands.choose(dialog.form.fields["kind"], "转院")
    hands.choose(dialog.form.fields["source"], "医院")
    hands.save(dialog)
    hands.no_dialog()
    assert world.status(request_id) is RequestStatus.FOLLOWING_UP
