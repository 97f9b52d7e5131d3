"""手工遮盖 in the viewer: boxes by pointer and by keyboard, taken back, stored as a plan of the page, also on turned pages."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from lian_desk.models.tables.materials.recognition import PageCover
from lian_desk.models.vocabulary import MaterialSource
from lian_desk.services.covering.page_covers import CoverBox, boxes_of
from lian_desk.services.materials.intake import IntakeItem, MaterialIntake
from lian_desk.ui.common.look.page_mark import turned_fractions
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.materials.reading_card import ReadingCard
from lian_desk.ui.materials.viewing.cover_editor import CoverEditor
from lian_desk.ui.materials.viewing.cover_plan import SMALLEST, CoverPlan, box_between, stored_point
from tests.material_corpus import pdf

Open = Callable[[], ReadingCard]


@pytest.fixture
def card(context: UiContext, file_id: int, qtbot: QtBot) -> Iterator[ReadingCard]:
    intake = MaterialIntake(context.desk, file_id, MaterialSource.DROP)
    key = intake.take_in(IntakeItem("门诊.pdf", pdf(2))).material_id
    intake.close()
    made = ReadingCard(context, shows_file=False)
    qtbot.addWidget(made)
    made.resize(1000, 760)
    made.show()
    made.open(key)
    qtbot.waitUntil(lambda: made.viewer.sheets.page_count == 2, timeout=20_000)
    context.runner.wait_idle()
    yield made
    context.runner.wait_idle()


def _covers(context: UiContext) -> list[PageCover]:
    context.runner.wait_idle()
    with context.desk.read() as session:
        return list(session.scalars(select(PageCover).order_by(PageCover.id)))


def _begin(card: ReadingCard, qtbot: QtBot) -> CoverEditor:
    qtbot.mouseClick(card.viewer.cover_button, Qt.MouseButton.LeftButton)
    editor = card.viewer.covers
    assert editor.is_on
    assert card.viewer.cover_bar.isVisibleTo(card)
    return editor


def _drag(card: ReadingCard, qtbot: QtBot, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag over the first page seen, in fractions of the page as it is shown."""
    viewport = card.viewer.sheets.viewport()
    (_sheet, area) = card.viewer.sheets.areas()[0]
    one, other = (
        QPoint(round(area.left() + x * area.width()), round(area.top() + y * area.height())) for x, y in (start, end)
    )
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=one)
    qtbot.mouseMove(viewport, (one + other) / 2)
    qtbot.mouseMove(viewport, other)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=other)


def test_a_box_is_drawn_moved_made_larger_taken_back_and_stored(
    card: ReadingCard, context: UiContext, qtbot: QtBot
) -> None:
    editor = _begin(card, qtbot)
    bar = card.viewer.cover_bar
    assert "还没有识别文字" in bar.state.text()
    _drag(card, qtbot, (0.2, 0.1), (0.5, 0.2))
    (box,) = editor.plan.boxes(0)
    assert box == pytest.approx((0.2, 0.1, 0.3, 0.1), abs=0.01)
    _drag(card, qtbot, (0.3, 0.15), (0.4, 0.18))
    (moved,) = editor.plan.boxes(0)
    assert moved == pytest.approx((0.3, 0.13, 0.3, 0.1), abs=0.012)
    _drag(card, qtbot, (0.6, 0.23), (0.7, 0.27))
    (larger,) = editor.plan.boxes(0)
    assert larger == pytest.approx((0.3, 0.13, 0.4, 0.14), abs=0.015)
    assert "有改动没有保存" in bar.state.text()
    qtbot.mouseClick(bar.undo, Qt.MouseButton.LeftButton)
    assert editor.plan.boxes(0) == (moved,)
    qtbot.mouseClick(bar.save, Qt.MouseButton.LeftButton)
    (cover,) = _covers(context)
    assert boxes_of(cover) == (moved,)
    assert not cover.is_complete
    qtbot.mouseClick(bar.complete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "确认遮盖完成" in bar.state.text())
    assert [cover.is_complete for cover in _covers(context)] == [False, True]
    assert context.desk.operator.name in bar.state.text()


def test_everything_is_done_by_the_keyboard_alone(card: ReadingCard, context: UiContext, qtbot: QtBot) -> None:
    sheets = card.viewer.sheets
    sheets.setFocus()
    qtbot.keyClick(sheets, Qt.Key.Key_C)
    editor = card.viewer.covers
    assert editor.is_on
    qtbot.keyClick(sheets, Qt.Key.Key_N)
    (first,) = editor.plan.boxes(0)
    qtbot.keyClick(sheets, Qt.Key.Key_Left)
    qtbot.keyClick(sheets, Qt.Key.Key_Up)
    (moved,) = editor.plan.boxes(0)
    assert moved.left < first.left
    assert moved.top < first.top
    assert moved[2:] == pytest.approx(first[2:])
    qtbot.keyClick(sheets, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(sheets, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    (grown,) = editor.plan.boxes(0)
    assert grown.width > moved.width
    assert grown.height > moved.height
    qtbot.keyClick(sheets, Qt.Key.Key_N)
    assert len(editor.plan.boxes(0)) == 2
    qtbot.keyClick(sheets, Qt.Key.Key_Tab)
    assert editor.plan.chosen == (0, 0)
    qtbot.keyClick(sheets, Qt.Key.Key_Delete)
    assert len(editor.plan.boxes(0)) == 1
    assert card.viewer.sheets.page_count == 2, "the key that hides a page belongs to the boxes here"
    qtbot.keyClick(sheets, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(editor.plan.boxes(0)) == 2
    qtbot.keyClick(sheets, Qt.Key.Key_Escape)
    assert not editor.is_on
    (cover,) = _covers(context)
    assert len(boxes_of(cover)) == 2, "what was drawn is stored on leaving"
    assert not cover.is_complete
    qtbot.keyClick(sheets, Qt.Key.Key_Delete)
    context.runner.wait_idle()
    assert card.viewer.sheets.page_count == 1, "outside of the mode the key hides the page again"


def test_the_keyboard_alone_says_that_a_page_is_wholly_covered(
    card: ReadingCard, context: UiContext, qtbot: QtBot
) -> None:
    sheets = card.viewer.sheets
    _begin(card, qtbot)
    qtbot.keyClick(sheets, Qt.Key.Key_N)
    qtbot.keyClick(sheets, Qt.Key.Key_Return)
    assert _covers(context) == []
    qtbot.keyClick(sheets, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (cover,) = _covers(context)
    assert cover.is_complete


def test_nothing_of_bar_and_details_is_cut_off_in_a_narrow_card(card: ReadingCard, qtbot: QtBot) -> None:
    card.resize(502, 640)
    _begin(card, qtbot)
    bar = card.viewer.cover_bar
    assert card.rect().contains(card._right.geometry())
    for button in (bar.undo, bar.save, bar.complete, bar.close_button):
        assert button.width() >= button.minimumSizeHint().width()
    assert bar.state.width() > 150


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_box_on_a_turned_page_lies_where_it_was_drawn(card: ReadingCard, qtbot: QtBot, rotation: int) -> None:
    card.viewer.turn(rotation)
    editor = _begin(card, qtbot)
    card.viewer.sheets.set_fit(card.viewer.sheets.fit)
    card.viewer.sheets.go_to(0)
    _drag(card, qtbot, (0.1, 0.05), (0.3, 0.15))
    (box,) = editor.plan.boxes(0)
    shown = turned_fractions(*box, rotation)
    assert (shown.left(), shown.top(), shown.width(), shown.height()) == pytest.approx((0.1, 0.05, 0.2, 0.1), abs=0.012)
    before = turned_fractions(*box, rotation)
    qtbot.keyClick(card.viewer.sheets, Qt.Key.Key_Right)
    after = turned_fractions(*editor.plan.boxes(0)[0], rotation)
    assert after.left() > before.left()
    assert after.top() == pytest.approx(before.top())


def test_a_click_without_a_drag_makes_no_box_and_other_material_forgets_them(
    card: ReadingCard, context: UiContext, qtbot: QtBot
) -> None:
    editor = _begin(card, qtbot)
    _drag(card, qtbot, (0.2, 0.2), (0.2, 0.2))
    assert editor.plan.boxes(0) == ()
    _drag(card, qtbot, (0.2, 0.2), (0.4, 0.3))
    card.open(None)
    assert not editor.is_on
    assert editor.plan.boxes(0) == ()
    assert len(_covers(context)) == 1, "what was drawn is not lost"
    assert not card.viewer.cover_button.isVisibleTo(card.viewer)


FRACTIONS = st.floats(0, 1)


@given(FRACTIONS, FRACTIONS, st.sampled_from([0, 90, 180, 270]))
def test_points_of_a_turned_page_are_found_on_the_stored_one(x: float, y: float, turn: int) -> None:
    shown = turned_fractions(x, y, 0, 0, turn)
    assert stored_point(shown.left(), shown.top(), turn) == pytest.approx((x, y))


@given(st.tuples(FRACTIONS, FRACTIONS), st.tuples(st.floats(-1, 2), st.floats(-1, 2)), st.floats(-2, 2))
def test_boxes_never_leave_the_page(one: tuple[float, float], other: tuple[float, float], step: float) -> None:
    plan = CoverPlan()
    if not plan.add(0, box_between(one, other)):
        return
    for act in (plan.moved, plan.resized):
        act(step, -step, 90)
        (box,) = plan.boxes(0)
        assert min(box[:2]) >= 0
        assert box.left + box.width <= 1 + 1e-9
        assert box.top + box.height <= 1 + 1e-9
        assert min(box[2:]) >= SMALLEST - 1e-9
    plan.undo()
    plan.undo()
    plan.undo()
    assert plan.boxes(0) == ()
    assert CoverPlan({0: (CoverBox(0.1, 0.1, 0.1, 0.1),)}).place_at(0, 0.15, 0.15) == 0
