"""手册与规则 in the window: editions, their preview and record, the notification list, force majeure (R81 to R87)."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lian_desk.adapters.machine.resources import resource_path
from lian_desk.adapters.tables.book import read_book
from lian_desk.models.vocabulary import ForceMajeureCause, RequestStatus, ServiceKind
from lian_desk.services.force_majeure.force_majeure import DeclareForceMajeure
from lian_desk.services.listings.base import ListQuery
from lian_desk.services.request_views.state_pages import state_lines
from lian_desk.ui.common.explain.explain import ExplainPopover
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.handbook.force_majeure_dialogs import DeclareDialog, end_dialog, terminate_dialog
from lian_desk.ui.handbook.handlers import declare_force_majeure
from lian_desk.ui.handbook.notices_view import ExportNoticesDialog, delivery_dialog
from lian_desk.ui.handbook.page import EDITIONS, STEPS, HandbookPage
from tests.desk_world import World
from tests.ui_fixture import settle

TEXT = resource_path("rules", "2024-11.toml").read_text(encoding="utf-8")
S = RequestStatus
_ALL = ListQuery()


@pytest.fixture
def led(ui: UiContext, world: World) -> UiContext:
    """Return the window of the lead."""
    return dataclasses.replace(ui, desk=world.lead)


@pytest.fixture
def page(led: UiContext, qtbot: QtBot) -> Iterator[HandbookPage]:
    """Show the page to the lead."""
    made = HandbookPage(led)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.activate()
    settle(led)
    yield made
    made.hide()


def edition_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the file of a later edition."""
    text = TEXT.replace('edition = "2024-11"', 'edition = "2026-10"').replace("2024年11月版", "2026年10月版")
    for old, new in (("effective_on = 2024-11-01", "effective_on = 2026-10-08"), *changes):
        assert old in text
        text = text.replace(old, new)
    path = folder / "手册.toml"
    path.write_text(text, encoding="utf-8")
    return path


def record(page: HandbookPage, led: UiContext, source: Path | str) -> None:
    """Put an edition on record through its dialog."""
    dialog = page.offer(source)
    settle(led)
    dialog.form.set_values(
        {
            "published_on": date(2024, 11, 1),
            "reason": "首次发布",
            "decision_process": "委员会评审",
            "result": "五项服务",
        }
    )
    assert dialog.primary.isEnabled()
    dialog.try_submit()
    settle(led, 5)


def test_the_edition_in_force_is_shown_with_its_clauses_and_examples(page: HandbookPage, led: UiContext) -> None:
    assert page.editions.current is not None
    assert page.editions.card.title.text() == "2024年11月版 · 现行"
    assert "还没有登记" in page.editions.notice.text
    lists = page.editions.parts.lists
    assert lists["clauses"].model.row_count == len(led.desk.pack.clauses)
    assert lists["changes"].model.row_count == 0
    assert lists["examples"].model.row_count == len(led.desk.pack.vectors)
    lists["clauses"].table.selectRow(0)
    lists["clauses"].row_activated.emit(lists["clauses"].current_row())
    popover = QApplication.activePopupWidget()
    assert isinstance(popover, ExplainPopover)
    assert "不可转让给他人" in popover.words
    popover.close()


def test_a_later_edition_is_previewed_recorded_and_comes_into_force_by_itself(
    page: HandbookPage, led: UiContext, world: World, tmp_path: Path
) -> None:
    world.open_file()
    changed = ("call_attempts = { value = 2", "call_attempts = { value = 4")
    dialog = page.offer(edition_file(tmp_path, changed))
    settle(led)
    assert dialog.preview is not None
    assert dialog.preview.failed == 0
    assert "联系尝试次数" in " ".join(change.what for change in dialog.preview.changes)
    assert "全部通过" in dialog.summary.text
    assert dialog.primary.text() == "登记并列出 1 位投保人"
    dialog.try_submit()
    assert dialog.form.fields["reason"].error, "R84 asks for three things"
    dialog.form.set_values(
        {"published_on": date(2026, 9, 1), "reason": "延长联系", "decision_process": "委员会评审", "result": "四次"}
    )
    dialog.try_submit()
    settle(led, 5)
    assert [row.line.label for row in page.editions._source.rows(range(9)).values()] == ["2026年10月版", "2024年11月版"]
    assert led.desk.pack.thresholds.call_attempts == 2
    world.clock.moment = world.clock.moment.replace(month=10, day=9)
    assert led.desk.pack.thresholds.call_attempts == 4


def test_a_file_whose_examples_do_not_come_out_cannot_be_recorded(
    page: HandbookPage, led: UiContext, tmp_path: Path
) -> None:
    dialog = page.offer(edition_file(tmp_path, ("response_minutes = { value = 5", "response_minutes = { value = 9")))
    settle(led)
    assert not dialog.primary.isEnabled()
    assert "不符" in dialog.summary.text
    first = dialog.parts.lists["examples"].model
    assert first.row_count > 0


@pytest.mark.parametrize(
    ("content", "words"),
    [("这不是规则", "没有采用"), ("", "空的"), (TEXT, "已经在册"), ("a = " + "[" * 5000, "没有采用")],
    ids=["words", "empty", "known", "deep"],
)
def test_a_file_that_is_no_edition_is_refused_in_one_sentence(
    page: HandbookPage, led: UiContext, tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(content, encoding="utf-8")
    dialog = page.offer(path)
    settle(led)
    assert words in dialog.banner.text
    assert not dialog.primary.isEnabled()


def test_a_policyholder_is_told_and_the_list_goes_to_the_sender(
    page: HandbookPage, led: UiContext, world: World, tmp_path: Path
) -> None:
    world.open_file()
    world.open_file()
    record(page, led, "2024-11")
    page.show_part("notices")
    settle(led)
    notices = page.notices
    assert notices.list.model.row_count == 2
    assert notices.progress_words.text() == "已送达 0 / 2，待送达 2"
    notices.list.table.selectRow(0)
    dialog = delivery_dialog(led, tuple(notices.list.selected_keys()), page)
    dialog.try_submit()
    settle(led, 5)
    assert notices.progress_words.text() == "已送达 1 / 2，待送达 1"
    assert notices.line is not None
    export = ExportNoticesDialog(led, notices.line, page)
    path = tmp_path / "名单.xlsx"
    export.write(path, {"purpose": "短信平台", "only_open": True})
    settle(led)
    rows = [[cell.text for cell in row.cells] for row in read_book(path).sheets[0].rows]
    assert rows[0][0] == "投保人"
    assert [row[0] for row in rows[1:]] == ["王淑兰"], "the policyholder in clear, the told one left out"
    assert "王淑兰" not in str(notices.list.current_row())


def test_an_event_is_seen_before_it_is_declared_and_ends_in_two_ways(
    page: HandbookPage, led: UiContext, world: World
) -> None:
    file_id = world.open_file()
    outpatient = world.to_requirement(file_id)
    stay = world.to_requirement(file_id, ServiceKind.INPATIENT_COORDINATION)
    dialog = DeclareDialog(led, page)
    settle(led)
    assert "将暂停 2 项" in dialog.summary.text
    dialog.form.set_values({"places": "北京市"})
    dialog.look()
    settle(led)
    assert "没有会被暂停" in dialog.summary.text
    dialog.form.set_values({"places": "", "note": "台风停诊", "service_outpatient_coordination": True})
    dialog.look()
    settle(led)
    assert "将暂停 1 项" in dialog.summary.text
    dialog.try_submit()
    settle(led, 5)
    assert (world.status(outpatient), world.status(stay)) == (S.PAUSED, S.REQUIREMENT_CONFIRMED)
    page.show_part("force_majeure")
    settle(led)
    event = page.events.current
    assert event is not None
    assert (event.services, event.held, page.events.affected.model.row_count) == ("门诊协调", 1, 1)
    end_dialog(led, event, page).try_submit()
    settle(led, 5)
    assert world.status(outpatient) is S.REQUIREMENT_CONFIRMED
    world.run(
        DeclareForceMajeure,
        by=world.lead,
        cause=ForceMajeureCause.EPIDEMIC,
        from_at=world.clock.moment,
        note="封控",
    )
    page.reload()
    settle(led, 5)
    ending = next(row.line for row in page.events._events.rows(page.events._events.keys(_ALL)).values())
    asked = terminate_dialog(led, ending, page)
    assert asked.cancel.isDefault(), "what cannot be undone: Enter means not yet"
    asked.form.set_values({"reason": "长期停诊"})
    asked.try_submit()
    settle(led, 5)
    assert {world.status(outpatient), world.status(stay)} == {S.NOT_BOOKED}


def test_the_steps_say_what_the_state_table_asks_for(page: HandbookPage, led: UiContext, qtbot: QtBot) -> None:
    page.show_part(STEPS)
    settle(led)
    steps = page.steps.list
    assert steps.model.row_count == len(state_lines())
    assert not page.act_button.isVisible()
    steps.search_box.setText("冲正")
    qtbot.waitUntil(lambda: steps.model.row_count == 1)
    settle(led)
    steps.table.selectRow(0)
    row = steps.current_row()
    assert (row.move, row.needs, row.effects) == ("冲正权益（主管）", "凭证、原因", "权益 +1")
    page.show_part(EDITIONS)
    assert page.act_button.isVisible()


def test_a_case_manager_looks_and_does_not_change(ui: UiContext, qtbot: QtBot, world: World) -> None:
    world.run(DeclareForceMajeure, by=world.lead, cause=ForceMajeureCause.WAR, from_at=world.clock.moment, note="停运")
    page = HandbookPage(ui)
    qtbot.addWidget(page)
    page.show()
    page.activate()
    settle(ui, 5)
    assert not page.act_button.isEnabled()
    assert page.editions.record_button.isHidden()
    page.show_part("force_majeure")
    settle(ui)
    assert page.events.end_button.isHidden()
    assert page.events.terminate_button.isHidden()
    declare_force_majeure(ui, page, None)
    assert QApplication.activeModalWidget() is None
