"""请客户补材料 from the card of a request: ticked, previewed, copied, written down."""

from typing import Any

from PySide6.QtWidgets import QApplication, QPushButton

from lian_desk.models.vocabulary import Channel, MaterialKind, ServiceKind
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.completeness.material_requests import Address
from tests.desk_world import World
from tests.window_fixture import Hands


def test_the_message_is_copied_in_clear_and_logged(hands: Hands, world: World) -> None:
    file_id = world.open_file()
    request_id = world.open_request(file_id, ServiceKind.INPATIENT_COORDINATION)
    dialog = hands.start("ask_for_material", request_id)
    assert {line.kind for line in dialog.asked} >= {MaterialKind.ADMISSION_NOTICE, MaterialKind.OUTPATIENT_RECORD}
    for box, line in dialog.boxes.items():
        box.setChecked(line.kind is MaterialKind.ADMISSION_NOTICE)
    dialog.address.set_raw(Address.FULL_NAME.value)
    dialog.show_message()
    shown = dialog.message.toPlainText()
    assert shown.startswith("王*兰先生")
    assert "门诊病历" not in shown
    dialog.channel.set_raw(Channel.SMS.value)
    hands.save(dialog)
    hands.no_dialog()
    copied = QApplication.clipboard().text()
    assert copied == shown.replace("王*兰", "王淑兰")
    view = load_file_view(world.desk, file_id)
    assert view is not None
    assert view.feed[0].title == "请客户补充材料"
    assert view.feed[0].detail == "入院通知单 · 短信"
    QApplication.clipboard().clear()


def test_nothing_ticked_nothing_to_copy(hands: Hands, world: World) -> None:
    request_id = world.open_request(world.open_file())
    dialog = hands.start("ask_for_material", request_id)
    for box in dialog.boxes:
        box.setChecked(False)
    assert not dialog.primary.isEnabled()
    assert dialog.message.toPlainText() == ""
    dialog.reject()


def test_the_card_of_the_request_shows_the_list_and_the_way_to_ask(hands: Hands, world: World) -> None:
    file_id = world.open_file()
    world.open_request(file_id, ServiceKind.SURGERY_COORDINATION)
    window = hands.shown.window
    window.show_subject(file_id, "journey")
    hands.settle()
    page: Any = window.page("assistance_file")
    links = [button for button in page.findChildren(QPushButton) if button.text() == "请客户补材料…"]
    assert len(links) == 1
    links[0].click()
    dialog = hands.dialog()
    assert dialog.windowTitle().startswith("请客户补材料 · 手术协调")
    dialog.reject()


def test_the_new_request_shows_what_the_chosen_service_asks_for(hands: Hands, world: World) -> None:
    dialog = hands.start("new_request", world.open_file())
    dialog.kind.buttons[ServiceKind.SURGERY_COORDINATION.value].click()
    words = dialog.papers.title.text()
    assert "还缺 2 种" in words
    dialog.reject()
