"""Marks over the pages: they lie where the page has them, at any zoom and turning, and say what they mean."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.services.materials.page_plans import PagePlan, PlannedPage
from lian_desk.ui.common.look.page_mark import PageMark, turned_box
from lian_desk.ui.common.look.theme import LIGHT, Theme
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.materials.viewing.page_viewer import PageViewer
from tests import material_corpus as corpus

NAME = PageMark(0, 0.1, 0.2, 0.3, 0.05, "risk", "姓名")


@pytest.fixture
def viewer(qtbot: QtBot, runner: TaskRunner, renderer: Renderer, theme: Theme) -> PageViewer:
    made = PageViewer(runner, renderer, theme)
    qtbot.addWidget(made)
    made.resize(640, 720)
    made.show()
    qtbot.waitExposed(made)
    return made


def open_pages(qtbot: QtBot, viewer: PageViewer, count: int, plan: PagePlan | None = None) -> None:
    content = corpus.pdf(count)
    with qtbot.waitSignal(viewer.shown, timeout=15_000):
        viewer.show_document(BytesSource(f"marks-{count}", content), plan=plan)


@pytest.mark.parametrize(
    ("rotation", "box"),
    [
        (0, QRectF(0.1, 0.2, 0.3, 0.05)),
        (90, QRectF(0.75, 0.1, 0.05, 0.3)),
        (180, QRectF(0.6, 0.75, 0.3, 0.05)),
        (270, QRectF(0.2, 0.6, 0.05, 0.3)),
    ],
)
def test_a_box_turns_with_its_page(rotation: int, box: QRectF) -> None:
    found = turned_box(NAME, rotation)
    assert [found.x(), found.y(), found.width(), found.height()] == pytest.approx(
        [box.x(), box.y(), box.width(), box.height()]
    )


def middle_of(viewer: PageViewer, mark: PageMark) -> QPoint:
    """Where the middle of a mark is seen; None of it needs to be known to the sheets."""
    sheets = viewer.sheets
    sheet = next(sheet for sheet in sheets._visible() if sheet.page == mark.page)
    box = turned_box(mark, sheet.rotation)
    return QPoint(
        round(sheet.x + box.center().x() * sheet.width) - sheets.horizontalScrollBar().value(),
        round(sheet.y + box.center().y() * sheet.height) - sheets.verticalScrollBar().value(),
    )


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("zoom", [0.5, 1.0, 2.0])
def test_a_mark_is_drawn_where_the_page_has_it(qtbot: QtBot, viewer: PageViewer, rotation: int, zoom: float) -> None:
    open_pages(qtbot, viewer, 1)
    viewer.turn(rotation)
    viewer.sheets.set_zoom(zoom)
    viewer.show_marks([NAME])
    viewer.go_to(0)
    point = middle_of(viewer, NAME)
    assert viewer.sheets.viewport().rect().contains(point)
    assert viewer.sheets._words_at(point) == "姓名"
    image = viewer.sheets.viewport().grab().toImage()
    seen, risk = QColor(image.pixel(point)), QColor(LIGHT.risk)
    assert seen != QColor("white")
    # tinted, not covered: between the paper and the colour of the mark
    assert abs(seen.hue() - risk.hue()) < 20
    viewer.show_marks([])
    assert viewer.sheets._words_at(point) == ""


def test_go_to_waits_for_the_pages_and_brings_the_mark_into_sight(qtbot: QtBot, viewer: PageViewer) -> None:
    low = PageMark(40, 0.5, 0.9, 0.2, 0.04, "accent", "诊断")
    content = corpus.pdf(60)
    with qtbot.waitSignal(viewer.shown, timeout=15_000):
        viewer.show_document(BytesSource("late", content))
        viewer.show_marks([low])
        viewer.go_to(40)
    assert viewer.sheets.viewport().rect().contains(middle_of(viewer, low))
    viewer.show_document(BytesSource("late", content))
    assert viewer.sheets.marks.all == []


def test_marks_name_the_page_of_the_original(qtbot: QtBot, viewer: PageViewer) -> None:
    mark = PageMark(4, 0.1, 0.1, 0.2, 0.05, "info", "日期")
    open_pages(qtbot, viewer, 6, PagePlan((PlannedPage(4, 180), PlannedPage(2), PlannedPage(0))))
    assert viewer.sheets.page_count == 3
    viewer.show_marks([mark])
    viewer.go_to(4)
    assert viewer.sheets.page == 0
    assert viewer.sheets._words_at(middle_of(viewer, mark)) == "日期"
    assert viewer.sheets.marks.first_box(4, QRect(0, 0, 100, 200), 180) == QRect(68, 168, 24, 14)
    viewer.go_to(5)
    assert viewer.sheets.page == 0


def test_pages_are_drawn_before_somebody_scrolls_to_them(
    qtbot: QtBot, viewer: PageViewer, runner: TaskRunner, drawn: Callable[[], None]
) -> None:
    open_pages(qtbot, viewer, 9)
    drawn()
    seen = {sheet.page for sheet in viewer.sheets._visible()}
    held = {shape.page for shape in viewer.sheets.pictures.kept}
    assert viewer.sheets.is_filled
    assert {max(seen) + 1, max(seen) + 2} <= held


@pytest.fixture
def drawn(qtbot: QtBot, viewer: PageViewer, runner: TaskRunner) -> Callable[[], None]:
    def wait() -> None:
        qtbot.waitUntil(lambda: not viewer.sheets._settle.isActive() and runner.pending_count == 0, timeout=15_000)

    return wait
