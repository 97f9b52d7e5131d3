"""A file with days of more than one year is taken in year by year; a row at fault is mended where it stands (A4)."""

from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lian_desk.models.errors import ErrorCode
from lian_desk.models.vocabulary import CalendarStatus, DayKind
from lian_desk.services.desk.desk import Desk
from lian_desk.services.working_calendar.views import preview_year
from lian_desk.services.working_calendar.year_files import read_year_file
from lian_desk.services.working_calendar.years import (
    CalendarDayInput,
    CalendarYearInput,
    ImportCalendarYear,
    day_inputs,
    year_that_holds,
)
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.working_calendar.preview import DAYS, ROWS
from tests.desk_facts import refusal
from tests.desk_world import World
from tests.integration.working_calendar.test_calendar_page import fill, shown_page
from tests.table_files import CASES

OFF, WORK = DayKind.DAY_OFF, DayKind.MAKE_UP_WORKING_DAY
NOTICE = CASES / "calendars" / "13_notice_of_2019_style.json"


def take_in(desk: Desk, content: CalendarYearInput) -> None:
    accepted = preview_year(desk, content).mark
    desk.execute(ImportCalendarYear(command_id=desk.new_id(), content=content, accepted=accepted))


def held(desk: Desk, year: int) -> tuple[CalendarStatus, str, dict[date, DayKind]]:
    with desk.read() as session:
        found = year_that_holds(session, year)
    return found.status, found.source, dict(found.days)


def test_the_edge_of_a_year_is_put_into_the_year_that_holds(world: World) -> None:
    status, source, before = held(world.lead, 2026)
    found = read_year_file(NOTICE)
    days = tuple(
        CalendarDayInput(day.day_on.replace(year=2026), OFF, day.label) for day in day_inputs(found.rows_of(2027))[:2]
    )
    take_in(world.lead, CalendarYearInput(2026, CalendarStatus.PROVISIONAL, "2027 年通知", days, is_whole=False))
    after = held(world.lead, 2026)
    assert after[0] is status, "the certainty of the other days is what it was"
    assert after[1] == f"{source}；并入 2027 年通知"
    assert after[2] == before | {date(2026, 12, 30): OFF, date(2026, 12, 31): OFF}


def test_days_that_stand_there_already_change_nothing(world: World) -> None:
    content = CalendarYearInput(
        2026, CalendarStatus.OFFICIAL, "x", (CalendarDayInput(date(2026, 10, 1), OFF, "国庆节"),), is_whole=False
    )
    assert preview_year(world.lead, content).is_same


def test_a_faulty_day_is_refused_in_an_addition_too(world: World) -> None:
    days = (CalendarDayInput(date(2026, 12, 30), WORK),)
    content = CalendarYearInput(2026, CalendarStatus.OFFICIAL, "x", days, is_whole=False)
    refused = refusal(world, ImportCalendarYear, by=world.lead, content=content, accepted="")
    assert refused.code is ErrorCode.VALUE_NOT_UNDERSTOOD


def test_the_days_of_the_other_year_are_offered_next(context: UiContext, qtbot: QtBot) -> None:
    page = shown_page(context, qtbot)
    dialog = page.offer(NOTICE)
    assert context.runner.wait_idle(60_000)
    assert dialog.year_field.isVisible()
    assert dialog.year_field.raw() == "2028 年（1 天）"
    assert "2027 年的 3 天" in dialog.preview.summary.text
    assert (dialog.primary.text(), dialog.whole_field.raw()) == ("导入这一年", True)
    lines = [(line.number, line.chip.text) for line in dialog.table_field.lines]
    assert lines == [(1, "其他年份"), (2, "其他年份")]
    taken: list[object] = []
    dialog.saved.connect(taken.append)
    dialog.try_submit()
    assert context.runner.wait_idle(60_000)
    assert taken == [2028]
    assert dialog.isVisible(), "nothing is dropped: the other year is offered"
    assert "2028 年已导入。这份文件还有 2027 年 3 天" in dialog.banner.text
    assert (dialog.primary.text(), dialog.whole_field.raw()) == ("并入 2027 年", False)
    assert context.runner.wait_idle(60_000)
    assert dialog.preview.lists[DAYS].model.rowCount() == 3
    dialog.try_submit()
    assert context.runner.wait_idle(60_000)
    assert taken == [2028, 2027]
    status, _source, days = held(context.desk, 2027)
    assert (status, days) == (
        CalendarStatus.PROVISIONAL,
        {date(2027, 12, 25): WORK, date(2027, 12, 30): OFF, date(2027, 12, 31): OFF},
    )
    assert held(context.desk, 2028)[2] == {date(2028, 1, 1): OFF}


def test_the_other_year_may_be_left(context: UiContext, qtbot: QtBot) -> None:
    page = shown_page(context, qtbot)
    dialog = page.offer(NOTICE)
    assert context.runner.wait_idle(60_000)
    dialog.try_submit()
    assert context.runner.wait_idle(60_000)
    dialog._leave()
    assert held(context.desk, 2027)[2] == {}
    assert held(context.desk, 2028)[2] == {date(2028, 1, 1): OFF}


def test_a_row_at_fault_is_mended_and_the_year_taken_in(context: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,类型,名称\n2027-01-01,放假,元旦\n2027-02-30,放假,春节\n", encoding="utf-8")
    page = shown_page(context, qtbot)
    dialog = page.offer(path)
    assert context.runner.wait_idle(60_000)
    assert dialog.plan is None
    assert "直接在表中改正" in dialog.preview.summary.text
    field = dialog.table_field
    assert dialog.preview._stack.currentWidget() is dialog.preview._parts[ROWS]
    index = field.table.currentIndex()
    line = field.model.line(index.row())
    assert line is not None
    assert (line.number, line.at, index.data()) == (3, "date", "2027-02-30")
    field.model.setData(index, "2027年2月8日")
    assert context.runner.wait_idle(60_000)
    assert dialog.plan is not None
    fill(dialog, source="通知")
    dialog.try_submit()
    assert context.runner.wait_idle(60_000)
    assert held(context.desk, 2027)[2] == {date(2027, 1, 1): OFF, date(2027, 2, 8): OFF}


@pytest.mark.parametrize("name", sorted(path.name for path in (CASES / "calendars").iterdir()))
def test_every_file_comes_to_a_preview(context: UiContext, qtbot: QtBot, name: str) -> None:
    dialog = shown_page(context, qtbot).offer(CASES / "calendars" / name)
    assert context.runner.wait_idle(60_000)
    assert dialog.plan is not None, dialog.preview.summary.text
    assert dialog.primary.isEnabled()


def test_unknown_columns_are_told_in_the_rows_and_nothing_else_is_in_front(
    context: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "无表头.csv"
    path.write_text("甲,乙,丙\n2027-01-01,休,元旦\n", encoding="utf-8")
    dialog = shown_page(context, qtbot).offer(path)
    assert context.runner.wait_idle(60_000)
    preview, field = dialog.preview, dialog.table_field
    assert (field.isVisible(), preview.lists[DAYS].isVisible()) == (True, False)
    assert preview.summary.text == ""
    assert field.mapper.boxes[0].hasFocus()
    for place, name in enumerate(("date", "kind")):
        box = field.mapper.boxes[place]
        box.setCurrentIndex(box.findData(name))
        box.activated.emit(box.currentIndex())
        assert context.runner.wait_idle(60_000)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert (field.isVisible(), preview.lists[DAYS].isVisible()) == (False, True)
    assert preview.lists[DAYS].model.rowCount() == 1
    preview.chips._buttons[ROWS].click()
    box = field.mapper.boxes[2]
    box.setFocus()
    box.setCurrentIndex(box.findData("name"))
    box.activated.emit(box.currentIndex())
    assert context.runner.wait_idle(60_000)
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert field.isVisible(), "what a person chose to look at stays in front"
    assert field.mapper.boxes[2].hasFocus(), "the keyboard stays at the column"


def test_the_keyboard_goes_from_the_mended_row_to_what_it_changes(
    context: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,类型,名称\n2027-02-30,放假,春节\n", encoding="utf-8")
    dialog = shown_page(context, qtbot).offer(path)
    assert context.runner.wait_idle(60_000)
    field = dialog.table_field
    assert field.table.hasFocus()
    field.model.setData(field.table.currentIndex(), "2027-02-08")
    assert context.runner.wait_idle(60_000)
    assert not field.isVisible(), "the table does not lie behind the list, where Tab would go astray"
    assert dialog.preview.lists[DAYS].table.hasFocus()


def test_a_file_without_days_says_so(context: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,类型,名称\n", encoding="utf-8")
    dialog = shown_page(context, qtbot).offer(path)
    assert context.runner.wait_idle(60_000)
    assert "没有任何日子" in dialog.preview.summary.text
    assert dialog.table_field.isVisible()
    assert not dialog.primary.isEnabled()
