"""The lead's page in the window: figures, periods, the closed door for others, the workbook."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lian_desk.adapters.paper_forms.paper_views import WeekLine
from lian_desk.ui import actions
from lian_desk.ui.common.look.states import EmptyState
from lian_desk.ui.common.look.tokens import Tone
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.team.cards import tone_of
from lian_desk.ui.team.course_chart import CourseChart
from lian_desk.ui.team.page import TeamPage
from tests.desk_world import World
from tests.ui_fixture import settle, wait_for


@pytest.fixture
def page(ui: UiContext, world: World, qtbot: QtBot) -> TeamPage:
    world.to_booked(world.open_file())
    made = TeamPage(dataclasses.replace(ui, desk=world.lead))
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show()
    made.activate()
    settle(ui)
    return made


def test_the_month_is_shown_first_then_the_quarter_then_any_days(ui: UiContext, page: TeamPage, world: World) -> None:
    today = world.lead.today
    assert page.view is not None
    assert (page.view.from_on, page.view.to_on) == (today.replace(day=1), today)
    assert "1 次" in page.stats[-1].accessibleName()
    assert "门诊 1" in page.stats[-1].accessibleName()
    page.periods._click("quarter")
    wait_for(ui, lambda: page.view is not None and page.view.from_on.month == 7)
    page.periods._click("chosen")
    settle(ui)
    assert page.view.from_on == today - timedelta(weeks=4)
    page.first.set_value(today + timedelta(days=3))
    page.first.edited.emit()
    assert page.last.error
    page.first.set_value(today)
    page.first.edited.emit()
    wait_for(ui, lambda: page.view is not None and page.view.from_on == today)
    assert not page.last.error


def test_others_are_told_whose_page_it_is(ui: UiContext, qtbot: QtBot) -> None:
    page = TeamPage(ui)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    settle(ui)
    assert page.view is None
    assert "主管" in page.findChildren(EmptyState)[0].title


def test_export_and_print_mean_the_workbook_and_the_summary(ui: UiContext, page: TeamPage, tmp_path: Path) -> None:
    asked: list[str] = []
    page.context.navigator.action_requested.connect(lambda action, _subject: asked.append(action))
    assert page.handle_action(actions.PRINT)
    assert asked == ["team_summary"]
    page.export_to(tmp_path / "team.xlsx")
    wait_for(ui, (tmp_path / "team.xlsx").exists)
    settle(ui)
    assert "已导出 team.xlsx" in page.done_words.text()
    page.export_to(tmp_path / "gone" / "team.xlsx")
    settle(ui)
    assert not page.message_bar.isHidden()


def test_the_chart_says_its_figures_and_survives_gaps(qtbot: QtBot, ui: UiContext, world: World) -> None:
    chart = CourseChart()
    qtbot.addWidget(chart)
    start = world.desk.today
    days = [None, 3.0, 4.0, None, 2.0, None]
    weeks = [
        WeekLine(
            from_on=start + timedelta(weeks=place),
            count=0 if value is None else 3,
            median_days=value,
            ninetieth_days=None if value is None else value + 4,
        )
        for place, value in enumerate(days)
    ]
    chart.resize(500, 250)
    chart.show()
    empty = chart.grab().toImage()
    chart.show_weeks(weeks, (3, 7, 15))
    assert chart.grab().toImage() != empty
    assert "中位数 3 天，90 分位 7 天" in chart.accessibleDescription()
    assert chart.words(weeks[0]).endswith("没有完成预约")
    chart.show_weeks([], ())
    assert chart.accessibleDescription() == "期间内没有完成预约"


def test_a_share_has_a_meaning() -> None:
    assert [tone_of(share) for share in (1.0, 0.95, 0.9, 0.85, 0.5)] == [
        Tone.KEPT,
        Tone.KEPT,
        Tone.RISK,
        Tone.RISK,
        Tone.BROKEN,
    ]
