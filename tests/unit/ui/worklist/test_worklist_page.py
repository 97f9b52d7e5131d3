"""The worklist in the window: counters that run, a list in order, steps that lead somewhere."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton

from lian_desk.models.vocabulary import Channel, NextAction, ServiceKind
from lian_desk.services.listings.worklist import WorklistRow
from lian_desk.services.service_requests.applications import RecordApplication, RespondToApplication
from lian_desk.ui.common.lists.deadlines import deadline_cell
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.commands import carry_out
from lian_desk.ui.worklist.columns import worklist_columns
from lian_desk.ui.worklist.page import WorklistPage
from tests.desk_fixture import MONDAY
from tests.desk_world import World
from tests.window_fixture import Hands


def page_of(hands: Hands) -> WorklistPage:
    hands.settle()
    page = hands.shown.window.current_page
    assert isinstance(page, WorklistPage)
    return page


def message(world: World, **changes: Any) -> RecordApplication:
    values: dict[str, Any] = {
        "channel": Channel.WECOM,
        "received_at": world.clock.moment,
        "contact_name": "刘洋",
        "need_text": "想约号",
    }
    return RecordApplication(command_id=world.desk.new_id(), **(values | changes))


def send(hands: Hands, command: Any) -> int:
    """Carry out a command as a dialog does, so that the window hears of it."""
    keys: list[int | None] = []
    page = page_of(hands)
    carry_out(hands.shown.context, page, command, lambda outcome: keys.append(outcome.key))
    hands.settle()
    assert keys[0] is not None
    return keys[0]


def rows(page: WorklistPage) -> list[WorklistRow]:
    model = page.list.table.model()
    return [model.row_data(place) for place in range(model.rowCount())]


def words(page: Any) -> str:
    return "\n".join(
        widget.text() for widget in page.findChildren(object) if hasattr(widget, "text") and callable(widget.text)
    )


def test_an_empty_day_says_so_and_offers_the_first_step(hands: Hands) -> None:
    page = page_of(hands)
    assert page.list.table.model().rowCount() == 0
    assert "没有待办" in words(page)
    assert "今日没有到期的随访。" in words(page)
    assert "没有等待客户补充的材料。" in words(page)


def test_a_new_message_appears_and_its_time_runs(hands: Hands, world: World) -> None:
    page = page_of(hands)
    key = send(hands, message(world))
    QAbstractItemModelTester(page.list.table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert [row.key for row in rows(page)] == [key]
    assert page.response._figure.text() == "1"
    before = page.response._chip.text
    world.clock.moment += timedelta(minutes=2)
    page._clock.tick()
    assert page.response._chip.text != before
    world.clock.moment += timedelta(minutes=4)
    page._clock.tick()
    assert "超时" in page.response._chip.text
    hands.settle()


def test_the_counters_stand_still_while_nobody_looks(hands: Hands) -> None:
    page = page_of(hands)
    assert page._clock._timer.isActive()
    hands.shown.context.navigator.open_page("hospitals")
    hands.settle()
    assert not page._clock._timer.isActive()
    hands.shown.context.navigator.open_page("worklist")
    hands.settle()
    assert page._clock._timer.isActive()


def test_the_step_of_a_row_asks_for_its_dialog(hands: Hands, world: World) -> None:
    page = page_of(hands)
    key = send(hands, message(world))
    file_id = world.open_file()
    request_id = world.to_requirement(file_id)
    page.list.reload()
    hands.settle()
    asked: list[tuple[str, object]] = []
    navigator = hands.shown.context.navigator
    navigator.action_requested.disconnect()
    navigator.action_requested.connect(lambda action, subject: asked.append((action, subject)))
    by_key = {row.key: row for row in rows(page)}
    page.open_row(by_key[key])
    page.open_row(by_key[request_id])
    world.run(RespondToApplication, application_id=key, responded_at=world.clock.moment)
    page.list.reload()
    hands.settle()
    page.open_row({row.key: row for row in rows(page)}[key])
    assert asked == [
        ("respond_to_application", key),
        ("show_request", (file_id, request_id)),
        ("open_file_for_application", key),
    ]


def test_the_day_at_the_right_shows_what_is_due_and_opens_it(hands: Hands, world: World) -> None:
    page = page_of(hands)
    file_id = world.open_file()
    request_id = world.to_started(file_id)
    world.book(request_id, world.clock.moment + timedelta(hours=3))
    page.reload()
    hands.settle()
    shown = words(page.agenda)
    assert "门诊协调" in shown
    assert "尚未告知注意事项" in shown
    assert "王淑兰" not in words(page)
    opened: list[object] = []
    hands.shown.context.navigator.file_requested.connect(lambda key, _tab: opened.append(key))
    button = next(found for found in page.agenda.findChildren(QPushButton) if found.text() == "打开")
    hands.bot.mouseClick(button, Qt.MouseButton.LeftButton)
    hands.settle()
    assert opened == [file_id]


def test_a_filter_narrows_the_list(hands: Hands, world: World) -> None:
    page = page_of(hands)
    send(hands, message(world, service_kind=ServiceKind.SURGERY_COORDINATION))
    send(hands, message(world, service_kind=ServiceKind.OUTPATIENT_COORDINATION))
    page.list.set_filter("kind", ServiceKind.SURGERY_COORDINATION.value)
    hands.settle()
    assert [row.service_kind for row in rows(page)] == [ServiceKind.SURGERY_COORDINATION]


def test_columns_answer_from_memory_for_every_kind_of_row(world: World) -> None:
    world.run(
        RecordApplication, **{name: value for name, value in vars(message(world)).items() if name != "command_id"}
    )
    world.to_awaiting(world.open_file())
    from lian_desk.services.listings.base import ListQuery
    from lian_desk.services.listings.worklist import WorklistSource

    source = WorklistSource(world.desk)
    for row in source.rows(source.keys(ListQuery())).values():
        for column in worklist_columns(lambda clause, _edition: f"条款 {clause}"):
            for part in (column.text, column.secondary, column.tooltip):
                if part is not None:
                    assert isinstance(part(row), str)
            if column.deadline is not None:
                assert column.deadline(row, world.clock.moment) is not None
        assert row.next_action in NextAction


@pytest.mark.parametrize(
    ("minutes", "notice", "tone", "has_bar"),
    [
        (600, None, Tone.KEPT, True),
        (600, -1, Tone.RISK, True),
        (30, None, Tone.RISK, False),
        (30, -1, Tone.BROKEN, False),
        (-1, None, Tone.BROKEN, False),
    ],
)
def test_a_deadline_looks_as_it_stands(minutes: int, notice: int | None, tone: Tone, has_bar: bool) -> None:
    cell = deadline_cell(
        MONDAY + timedelta(minutes=minutes),
        MONDAY,
        started_at=MONDAY - timedelta(hours=10),
        notice_at=None if notice is None else MONDAY + timedelta(minutes=notice),
        is_provisional=True,
    )
    assert cell is not None
    assert (cell.tone, cell.progress is not None, cell.note) == (tone, has_bar, "暂定")


def test_no_deadline_is_no_cell_and_a_start_to_come_is_an_empty_bar() -> None:
    assert deadline_cell(None, MONDAY) is None
    cell = deadline_cell(MONDAY + timedelta(hours=9), MONDAY, started_at=MONDAY + timedelta(hours=1))
    assert cell is not None
    assert cell.progress == 0.0


def test_an_application_without_a_file_is_found_by_name_pinyin_and_handle(hands: Hands, world: World) -> None:
    page = page_of(hands)
    key = send(hands, message(world, contact_handle="wx_liuy88"))
    send(hands, message(world, contact_name="陈静"))
    for typed in ("刘洋", "ly", "liu", "liuy88", "刘"):
        page.list.search(typed)
        hands.settle()
        assert [row.key for row in rows(page)] == [key], typed
    page.list.search("张")
    hands.settle()
    assert rows(page) == []


def test_a_page_in_front_over_midnight_is_read_anew(hands: Hands, world: World) -> None:
    page = page_of(hands)
    window = hands.shown.window
    read: list[int] = []
    page.reload = lambda: read.append(1)  # type: ignore[method-assign]
    window.clock.tick()
    world.clock.moment += timedelta(minutes=1)
    window.clock.tick()
    assert read == []
    world.clock.moment += timedelta(days=1)
    window.clock.tick()
    assert read == [1]
    hands.settle()
