"""预约: the board's lanes, the list and the calendar show the same requests and follow every change."""

from datetime import timedelta

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.bookings import RecordBooking
from lian_desk.services.listings.service_requests import STAGES
from lian_desk.ui.bookings.columns import card_chip
from lian_desk.ui.bookings.page import BookingsPage
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.common.running.context import UiContext
from tests.desk_world import World
from tests.ui_fixture import settle

K = ServiceKind


@pytest.fixture
def page(ui: UiContext, qtbot: QtBot) -> BookingsPage:
    made = BookingsPage(ui)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    return made


def _counts(page: BookingsPage) -> dict[str, int]:
    return {column.stage: column.model.row_count for column in page.board.columns}


def test_every_stage_has_its_lane_and_its_cards(page: BookingsPage, ui: UiContext, world: World) -> None:
    file_id = world.open_file()
    world.to_booked(file_id)
    world.to_started(file_id)
    world.open_request(file_id, K.CASE_MANAGEMENT)
    page.activate()
    settle(ui)
    assert _counts(page) == dict.fromkeys(STAGES, 0) | {"booked": 1, "coordinating": 1, "review": 1}
    testers = [
        QAbstractItemModelTester(column.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        for column in page.board.columns
    ]
    page.reload()
    settle(ui)
    assert len(testers) == len(STAGES)


def test_a_committed_step_moves_the_card(page: BookingsPage, ui: UiContext, world: World) -> None:
    request_id = world.to_started(world.open_file())
    page.activate()
    settle(ui)
    assert _counts(page)["coordinating"] == 1
    command = RecordBooking(
        command_id=world.desk.new_id(),
        request_id=request_id,
        hospital_id=world.hospital(),
        visit_at=world.clock.moment + timedelta(days=10),
        confirmed_by_hospital_at=world.clock.moment,
        hospital_reference="YY-1",
    )
    carry_out(ui, page, command, lambda _outcome: None)
    settle(ui, 8)
    assert (_counts(page)["coordinating"], _counts(page)["booked"]) == (0, 1)
    row = page.board.columns[list(STAGES).index("booked")].model.row_data(0)
    assert card_chip(row, world.clock.moment).text == "10月8日"


def test_a_card_opens_its_request(page: BookingsPage, ui: UiContext, world: World, qtbot: QtBot) -> None:
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    page.activate()
    settle(ui)
    lane = page.board.columns[list(STAGES).index("coordinating")]
    with qtbot.waitSignal(ui.navigator.action_requested) as asked:
        lane.view.clicked.emit(lane.model.index(0, 0))
    assert asked.args == ["show_request", (file_id, request_id)]


@pytest.mark.parametrize("view", ["list", "calendar"])
def test_list_and_calendar_show_the_same_requests(page: BookingsPage, ui: UiContext, world: World, view: str) -> None:
    world.to_booked(world.open_file())
    page.activate()
    settle(ui)
    page.views.set_value(view)
    page.views.chosen.emit(view)
    settle(ui, 6)
    if view == "list":
        assert page.list.model.row_count == 1
    else:
        page.calendar.anchor = page.calendar.anchor.replace(month=10)
        page.calendar.reload()
        settle(ui)
        words = " ".join(found.text() for found in page.calendar.findChildren(QWidget) if hasattr(found, "text"))
        assert "王*兰" in words
        assert "国庆节" in words
