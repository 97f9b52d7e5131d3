"""The viewer: any document at once, only what is seen is drawn, never more memory than allowed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from lian_desk.adapters.exchange.page_images import PageSize
from lian_desk.adapters.rendering.renderer import BytesSource, Renderer
from lian_desk.services.imaging.studies import ImagingStudy
from lian_desk.services.imaging.study_stream import StudyStream
from lian_desk.services.materials.intake_sources import items_from
from lian_desk.ui.common.look.theme import Theme
from lian_desk.ui.common.running.task_runner import TaskRunner
from lian_desk.ui.materials.viewing import page_pictures
from lian_desk.ui.materials.viewing.page_viewer import PageViewer
from lian_desk.ui.materials.viewing.sheet_layout import GAP, SCALE_AT_FULL, Fit, SheetLayout, next_zoom
from tests import dicom_files as files
from tests import material_corpus as corpus


def source(content: bytes) -> BytesSource:
    return BytesSource(f"{len(content)}-{hash(content)}", content)


@pytest.fixture
def viewer(qtbot: QtBot, runner: TaskRunner, renderer: Renderer, theme: Theme) -> PageViewer:
    made = PageViewer(runner, renderer, theme)
    qtbot.addWidget(made)
    made.resize(640, 720)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def drawn(qtbot: QtBot, viewer: PageViewer, runner: TaskRunner) -> Callable[[], None]:
    def wait() -> None:
        qtbot.waitUntil(lambda: not viewer.sheets._settle.isActive() and runner.pending_count == 0, timeout=15_000)

    return wait


def open_document(qtbot: QtBot, viewer: PageViewer, content: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=15_000):
        viewer.show_document(source(content))


@pytest.mark.parametrize(
    ("content", "pages"), [(corpus.pdf(3), 3), (corpus.picture("JPEG"), 1), (corpus.heic(), 1), (corpus.tiff(4), 4)]
)
def test_one_viewer_for_every_kind(
    qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None], content: bytes, pages: int
) -> None:
    open_document(qtbot, viewer, content)
    drawn()
    assert viewer.is_showing
    assert viewer.sheets.page_count == pages
    assert viewer.strip.isVisible() is (pages > 1)
    assert viewer.sheets.kept_bytes > 0
    image = viewer.sheets.grab().toImage()
    colours = {image.pixel(x, y) for x in range(20, image.width() - 20, 7) for y in range(20, image.height() - 20, 7)}
    assert len(colours) > 2


def test_five_hundred_pages_open_at_once(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    content = corpus.pdf(500)
    open_document(qtbot, viewer, corpus.pdf())
    started = time.monotonic()
    open_document(qtbot, viewer, content)
    assert time.monotonic() - started < 2
    drawn()
    assert viewer.sheets.page_count == 500
    drawn_pages = {page for page, _width, _rotation in viewer.sheets.pictures.kept}
    assert drawn_pages <= set(range(4))
    qtbot.keyClick(viewer.sheets, Qt.Key.Key_End)
    assert viewer.sheets.page == 499
    drawn()
    assert 499 in {page for page, _width, _rotation in viewer.sheets.pictures.kept}
    qtbot.keyClick(viewer.sheets, Qt.Key.Key_Home)
    assert viewer.sheets.page == 0


def test_a_steady_scroll_meets_no_gap(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    """At the pace of reading every page is there before it comes into sight, if not sharp then stretched."""
    open_document(qtbot, viewer, corpus.pdf(60))
    drawn()
    sheets, gaps, steps = viewer.sheets, 0, 60
    for _step in range(steps):
        sheets.verticalScrollBar().setValue(sheets.verticalScrollBar().value() + sheets.viewport().height() // 6)
        qtbot.wait(40)
        shown = [sheets.pictures.find(sheets._shape(sheet)) for sheet in sheets._visible()]
        gaps += any(image is None for image in shown)
    assert sheets.page > 5
    assert gaps <= steps // 20
    drawn()


def test_a_photo_of_a_hundred_megapixels_is_seen(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    open_document(qtbot, viewer, corpus.picture("JPEG", (12_000, 9_000)))
    drawn()
    assert viewer.sheets.is_filled
    assert viewer.sheets.pictures.faults == {}
    viewer.sheets.set_zoom(1.0)
    drawn()
    assert viewer.sheets.is_filled
    assert viewer.sheets.kept_bytes <= page_pictures.KEPT_BYTES + 4 * 24_000_000


def test_small_pages_give_room_in_a_narrow_window_and_come_on_wish(
    qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]
) -> None:
    open_document(qtbot, viewer, corpus.pdf(3))
    drawn()
    assert viewer.strip.isVisible()
    viewer.resize(340, 600)
    assert not viewer.strip.isVisible()
    viewer.sheets.setFocus()
    qtbot.keyClick(viewer.sheets, Qt.Key.Key_T)
    assert viewer.strip.isVisible()
    qtbot.keyClick(viewer.sheets, Qt.Key.Key_T)
    assert not viewer.strip.isVisible()
    assert viewer._fits[1].isVisible()
    qtbot.keyClick(viewer.sheets, Qt.Key.Key_9)
    assert viewer.sheets.fit is Fit.PAGE
    assert [link.isVisible() for link in viewer._fits] == [True, False]
    drawn()


def test_the_top_of_a_page_stays_when_the_window_grows(
    qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]
) -> None:
    open_document(qtbot, viewer, corpus.pdf(1))
    viewer.resize(400, 300)
    drawn()
    viewer.resize(900, 700)
    drawn()
    assert viewer.sheets.verticalScrollBar().value() == 0


def test_scrolling_past_pages_does_not_draw_them(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    open_document(qtbot, viewer, corpus.pdf(200))
    drawn()
    bar = viewer.sheets.verticalScrollBar()
    longest = 0.0
    for step in range(100):
        started = time.monotonic()
        bar.setValue(step * bar.maximum() // 100)
        QApplication.sendPostedEvents()
        viewer.sheets.viewport().repaint()
        longest = max(longest, time.monotonic() - started)
    assert longest < 0.25
    drawn()
    assert len({page for page, _width, _rotation in viewer.sheets.pictures.kept}) < 20


def test_keys_zoom_and_turn(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    open_document(qtbot, viewer, corpus.pdf(5))
    sheets = viewer.sheets
    fitted = sheets.zoom
    assert sheets.fit is Fit.WIDTH
    qtbot.keyClick(sheets, Qt.Key.Key_Plus)
    assert sheets.zoom > fitted
    qtbot.keyClick(sheets, Qt.Key.Key_Minus)
    qtbot.keyClick(sheets, Qt.Key.Key_Minus)
    assert sheets.zoom < fitted
    qtbot.keyClick(sheets, Qt.Key.Key_0)
    assert sheets.zoom == pytest.approx(fitted)
    sheets.set_fit(Fit.PAGE)
    assert sheets.zoom < fitted
    qtbot.keyClick(sheets, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert sheets.page == 1
    qtbot.keyClick(sheets, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert sheets.page == 0
    with qtbot.waitSignal(viewer.turned) as turned:
        qtbot.keyClick(sheets, Qt.Key.Key_R)
    assert turned.args == [90]
    assert sheets.rotation == 90
    drawn()
    assert {rotation for _page, _width, rotation in sheets.pictures.kept} >= {90}


def test_control_and_wheel_zoom_at_the_pointer(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    open_document(qtbot, viewer, corpus.pdf(3))
    before = viewer.sheets.zoom
    spot = QPointF(200, 300)
    event = QWheelEvent(
        spot,
        viewer.sheets.viewport().mapToGlobal(spot.toPoint()).toPointF(),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    viewer.sheets.wheelEvent(event)
    assert viewer.sheets.zoom > before
    assert viewer.sheets.fit is Fit.FREE
    drawn()


def test_memory_is_bounded(
    qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_pictures, "KEPT_BYTES", 8 * 1024 * 1024)
    open_document(qtbot, viewer, corpus.pdf(12))
    for page in range(12):
        viewer.sheets.go_to(page)
        drawn()
    assert 0 < viewer.sheets.kept_bytes <= 8 * 1024 * 1024
    viewer.clear()
    assert viewer.sheets.kept_bytes == 0
    assert not viewer.is_showing


def test_what_cannot_be_shown_says_why(qtbot: QtBot, viewer: PageViewer) -> None:
    with qtbot.waitSignal(viewer.refused, timeout=15_000) as refused:
        viewer.show_document(source(corpus.locked_pdf()))
    assert "密码" in str(refused.args)
    assert not viewer.is_showing
    with qtbot.waitSignal(viewer.refused, timeout=30_000) as refused:
        viewer.show_document(source(b"%PDF-1.7 nothing %%EOF"))
    assert "损坏" in str(refused.args)
    open_document(qtbot, viewer, corpus.pdf())


def test_the_gui_lives_while_a_hostile_page_is_drawn(
    qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]
) -> None:
    open_document(qtbot, viewer, corpus.inflating_pdf())
    drawn()
    (said,) = viewer.sheets.pictures.faults.values()
    assert "不能安全地显示" in said
    open_document(qtbot, viewer, corpus.pdf(2))
    drawn()
    assert viewer.sheets.pictures.faults == {}


def test_the_strip_follows_and_leads(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    open_document(qtbot, viewer, corpus.pdf(30))
    viewer.sheets.go_to(12)
    assert viewer.strip.currentIndex().row() == 12
    viewer.strip.setCurrentIndex(viewer.strip.pages.index(20))
    assert viewer.sheets.page == 20
    drawn()


def test_the_strip_is_a_sound_model(qtbot: QtBot, qtmodeltester: ModelTester, viewer: PageViewer) -> None:
    qtmodeltester.check(viewer.strip.pages)
    open_document(qtbot, viewer, corpus.pdf(8))
    qtmodeltester.check(viewer.strip.pages)
    viewer.turn(90)
    viewer.clear()


def test_a_study_names_its_series_and_leads_to_them(
    qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None], tmp_path: Path
) -> None:
    files.disc(tmp_path / "CD", side=512)
    study = items_from([tmp_path / "CD"])[0].content
    assert isinstance(study, ImagingStudy)
    open_document(qtbot, viewer, StudyStream(study).read())
    qtbot.waitUntil(lambda: viewer.sections.count() == 4)
    assert viewer.sections.isVisibleTo(viewer)
    assert viewer.sections.currentText() == "检查信息"
    viewer.sections.setFocus()
    qtbot.keyClick(viewer.sections, Qt.Key.Key_Down)
    assert (viewer.sheets.page, viewer.sections.currentText()) == (1, "序列 1 · CT · 平扫 · 3 幅")
    qtbot.keyClick(viewer.sections, Qt.Key.Key_Down)
    drawn()
    assert (viewer.sheets.page, viewer.sections.currentText()) == (4, "序列 2 · CT · 增强 · 2 幅")
    viewer.sheets.go_to(6)
    assert viewer.sections.currentText() == "序列 3 · 结构化报告 · 1 页"
    open_document(qtbot, viewer, corpus.pdf(3))
    assert not viewer.sections.isVisibleTo(viewer)


def test_a_document_that_comes_late_is_dropped(qtbot: QtBot, viewer: PageViewer, drawn: Callable[[], None]) -> None:
    viewer.show_document(source(corpus.pdf(400)))
    open_document(qtbot, viewer, corpus.pdf(2))
    drawn()
    assert viewer.sheets.page_count == 2


class TestSheetLayout:
    layout = SheetLayout([PageSize(600, 800), PageSize(800, 600), PageSize(300, 300)])

    def test_places(self) -> None:
        first, second, third = (self.layout.sheet(page, 0.5, 1000) for page in range(3))
        assert (first.y, second.y, third.y) == (GAP, GAP * 2 + 400, GAP * 3 + 700)
        assert (first.width, second.width) == (300, 400)
        assert first.x == (1000 - 300) // 2
        assert self.layout.total_height(0.5) == 850 + 4 * GAP

    @pytest.mark.parametrize("scale", [0.1, 0.5, 1.0, 3.3])
    def test_place_at_finds_what_lies_there(self, scale: float) -> None:
        for page in range(3):
            sheet = self.layout.sheet(page, scale, 500)
            for y in (sheet.y, sheet.y + sheet.height // 2, sheet.y + sheet.height - 1):
                assert self.layout.place_at(y, scale) == page
        assert self.layout.place_at(10**9, scale) == 2
        assert SheetLayout().place_at(5, scale) == 0

    def test_turning_swaps_sides(self) -> None:
        turned = SheetLayout(self.layout.sizes, 90)
        assert turned.sizes[0] == PageSize(800, 600)
        assert SheetLayout(self.layout.sizes, 180).sizes[0] == PageSize(600, 800)

    def test_fits(self) -> None:
        assert self.layout.fit_width(
            828,
        ) == pytest.approx(1.0)
        assert self.layout.fit_page(10_000, 828, 0) == pytest.approx(1.0)

    def test_zoom_steps(self) -> None:
        assert next_zoom(1.0, 1) == 1.25
        assert next_zoom(1.0, -1) == 0.9
        assert next_zoom(1.1, 1) == 1.25
        assert next_zoom(1.1, -1) == 1.0
        assert next_zoom(8.0, 1) == 8.0
        assert next_zoom(0.1, -1) == 0.1
        assert pytest.approx(4 / 3) == SCALE_AT_FULL
