"""The sheets themselves: continuous pages that scroll, zoom and turn; only what is seen is drawn."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from lian_desk.adapters.exchange.page_images import PageSize
from lian_desk.adapters.rendering.renderer import Renderer, RenderSource
from lian_desk.services.materials.page_plans import PlannedPage
from lian_desk.ui.common.look.page_mark import PageMark
from lian_desk.ui.common.look.theme import LIGHT, TypeRole, current_theme
from lian_desk.ui.materials.viewing.page_marks import PageMarks, SheetLayer
from lian_desk.ui.materials.viewing.page_pictures import PagePictures, Shape
from lian_desk.ui.materials.viewing.render_queue import RenderQueue
from lian_desk.ui.materials.viewing.sheet_faults import say_fault
from lian_desk.ui.materials.viewing.sheet_layout import SCALE_AT_FULL, ZOOM_STEPS, Fit, Sheet, SheetLayout, next_zoom

_SETTLE_MS: Final = 90
_LINE: Final = 48
_AHEAD: Final = (1, 2, -1)
"""Pages drawn before somebody scrolls to them, counted from the last and the first one that is seen."""


class PageSheets(QAbstractScrollArea):
    """Read-only pages of one document, in the order of its plan.

    Signals:
        page_changed(int): place of the page in front, from 0.
        zoom_changed(float): 1.0 is 96 dots per inch.
        fit_changed(object): how the zoom follows the window now (``Fit``).
        turn_requested(int): the keyboard wishes the pages turned by so many degrees.
    """

    page_changed = Signal(int)
    zoom_changed = Signal(float)
    fit_changed = Signal(object)
    turn_requested = Signal(int)

    def __init__(self, renderer: Renderer, queue: RenderQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = SheetLayout()
        self._sizes: Sequence[PageSize] = ()
        self._plan: Sequence[PlannedPage] | None = None
        self.marks = PageMarks()
        self.layers: list[SheetLayer] = [self.marks]
        self._scale = SCALE_AT_FULL
        self._fit = Fit.WIDTH
        self._page = 0
        self.pictures = PagePictures(renderer, queue, self, self.viewport().update)
        self._drag_from: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("材料页面")
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        self.viewport().setMouseTracking(True)
        # while the wheel turns, the old picture is stretched; the sharp one is drawn when it rests
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask_for_visible)

    @property
    def page(self) -> int:
        """Place of the page in front, from 0."""
        return self._page

    @property
    def original_page(self) -> int | None:
        """The page of the original that is in front, from 0; None when nothing is shown."""
        return self._layout.entries[self._page].page if self._page < self.page_count else None

    @property
    def entries(self) -> Sequence[PlannedPage]:
        """The pages shown in their order, each with its whole turning."""
        return self._layout.entries

    @property
    def is_filled(self) -> bool:
        """True when every page that is seen is drawn sharply, or said why not."""
        return all(self.pictures.has(self._shape(sheet)) for sheet in self._visible())

    @property
    def page_count(self) -> int:
        """Pages that are shown, 0 when there is no document."""
        return self._layout.page_count

    @property
    def rotation(self) -> int:
        """Degrees the pages are turned clockwise."""
        return self._layout.rotation

    @property
    def zoom(self) -> float:
        """1.0 is 96 dots per inch."""
        return self._scale / SCALE_AT_FULL

    @property
    def fit(self) -> Fit:
        """How the zoom follows the size of the window."""
        return self._fit

    @property
    def kept_bytes(self) -> int:
        """Bytes of drawn pages held in memory."""
        return self.pictures.kept_bytes

    def show_pages(
        self,
        source: RenderSource,
        sizes: Sequence[PageSize],
        rotation: int,
        plan: Sequence[PlannedPage] | None = None,
    ) -> None:
        """Show another document from its first page, fitted to the width; without ``plan`` as the file has it."""
        self.clear()
        self.pictures.begin(source)
        self._sizes = sizes
        self._plan = plan
        self._layout = SheetLayout(sizes, rotation, plan)
        self._set_fit_mode(Fit.WIDTH)
        self._refit()
        self.verticalScrollBar().setValue(0)
        self._set_page(0, force=True)

    def clear(self) -> None:
        """Show nothing and hold nothing."""
        self.pictures.begin(None)
        self._sizes = ()
        self._plan = None
        self._layout = SheetLayout()
        self.marks.show(())
        self._page = 0
        self.viewport().update()

    def turn(self, degrees: int) -> None:
        """Turn all pages; the page in front stays in front."""
        self._arrange((self._layout.rotation + degrees) % 360, self._plan)

    def set_plan(self, plan: Sequence[PlannedPage] | None, rotation: int) -> None:
        """Put the pages of the same document in another order; what is drawn already stays."""
        self._arrange(rotation, plan)

    def _arrange(self, rotation: int, plan: Sequence[PlannedPage] | None) -> None:
        front = self.original_page
        self._plan = plan
        self._layout = SheetLayout(self._sizes, rotation, plan)
        place = None if front is None else self._layout.place_of(front)
        # a page that was hidden leaves its place to the next one
        self._page = min(self._page if place is None else place, max(0, self.page_count - 1))
        page = self._page
        self._refit()
        self.go_to(page)
        self._set_page(page, force=True)
        self._ask_for_visible()
        self.viewport().update()

    def go_to(self, place: int) -> None:
        """Bring the page at a place to the top."""
        if 0 <= place < self.page_count:
            sheet = self._layout.sheet(place, self._scale, self.viewport().width())
            self.verticalScrollBar().setValue(sheet.y - 8)

    def go_to_original(self, page: int) -> None:
        """Bring a page of the original to the top, and the first mark on it into sight."""
        place = self._layout.place_of(page)
        if place is None:
            return
        self.go_to(place)
        sheet = self._layout.sheet(place, self._scale, self.viewport().width())
        box = self.marks.first_box(page, QRect(sheet.x, sheet.y, sheet.width, sheet.height), sheet.rotation)
        if box is not None:
            self._bring_into_sight(box)

    def show_marks(self, marks: Sequence[PageMark]) -> None:
        """Draw marks over the pages; they follow zoom and turning. None takes them away."""
        self.marks.show(marks)
        self.viewport().update()

    def _bring_into_sight(self, box: QRect) -> None:
        view = self.viewport().rect()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        if not vertical.value() + _LINE <= box.top() <= box.bottom() <= vertical.value() + view.height() - _LINE:
            vertical.setValue(box.center().y() - view.height() // 3)
        if not horizontal.value() <= box.left() <= box.right() <= horizontal.value() + view.width():
            horizontal.setValue(box.center().x() - view.width() // 2)

    def set_fit(self, fit: Fit) -> None:
        """Fit pages to the width or wholly into the window."""
        self._set_fit_mode(fit)
        page = self._page
        self._refit()
        self.go_to(page)

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom freely; what lies under ``anchor`` (default: the middle) stays where it is."""
        self._set_fit_mode(Fit.FREE)
        self._rescale(min(max(zoom, ZOOM_STEPS[0]), ZOOM_STEPS[-1]) * SCALE_AT_FULL, anchor)

    def _set_fit_mode(self, fit: Fit) -> None:
        if fit is not self._fit:
            self._fit = fit
            self.fit_changed.emit(fit)

    def step_zoom(self, steps: int) -> None:
        """Zoom in or out by steps."""
        self.set_zoom(next_zoom(self.zoom, steps))

    def _refit(self) -> None:
        room, height = self.viewport().width(), self.viewport().height()
        # what stands at the top of the window stays there
        top = QPointF(room / 2, 0)
        if self._fit is Fit.WIDTH:
            self._rescale(self._layout.fit_width(room), top)
        elif self._fit is Fit.PAGE:
            self._rescale(self._layout.fit_page(room, height, self._page), top)
        else:
            self._rescale(self._scale, top)

    def _rescale(self, scale: float, anchor: QPointF | None = None) -> None:
        view = self.viewport().size()
        held = anchor if anchor is not None else QPointF(view.width() / 2, view.height() / 2)
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        before_height = max(1, self._layout.total_height(self._scale))
        before_width = max(1, self._layout.total_width(self._scale), view.width())
        share_y = (vertical.value() + held.y()) / before_height
        share_x = (horizontal.value() + held.x()) / before_width
        self._scale = scale
        height, width = self._layout.total_height(scale), self._layout.total_width(scale)
        vertical.setRange(0, max(0, height - view.height()))
        vertical.setPageStep(view.height())
        vertical.setSingleStep(_LINE)
        horizontal.setRange(0, max(0, width - view.width()))
        horizontal.setPageStep(view.width())
        vertical.setValue(round(share_y * height - held.y()))
        horizontal.setValue(round(share_x * max(width, view.width()) - held.x()))
        self.zoom_changed.emit(self.zoom)
        # while the zoom still changes, what is there is stretched
        self._settle.start()
        self._moved()

    def _moved(self) -> None:
        if self.page_count:
            middle = self.verticalScrollBar().value() + self.viewport().height() / 3
            self._set_page(self._layout.place_at(middle, self._scale))
        if not self._settle.isActive():
            # pages appear while somebody scrolls on, a few times a second
            self._settle.start()
        self.viewport().update()

    def _set_page(self, page: int, *, force: bool = False) -> None:
        if page != self._page or force:
            self._page = page
            self.page_changed.emit(page)

    def _visible(self) -> list[Sheet]:
        view = self.viewport().size()
        return self._layout.visible(self.verticalScrollBar().value(), view.height(), self._scale, view.width())

    def areas(self) -> list[tuple[Sheet, QRect]]:
        """Return what is seen, each page with where it lies in the viewport."""
        x, y = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return [(one, QRect(one.x - x, one.y - y, one.width, one.height)) for one in self._visible()]

    # ---------------------------------------------------------------------------------------------------- pictures

    def _shape(self, sheet: Sheet) -> Shape:
        return Shape(sheet.page, round(sheet.width * self.devicePixelRatioF()), sheet.rotation)

    def _ask_for_visible(self) -> None:
        """Ask for the sharp pictures of what is seen, then for the next ones; pages scrolled past are forgotten."""
        if not self.isVisible():
            return
        self.pictures.forget_wishes()
        seen = self._visible()
        scale = self._scale * self.devicePixelRatioF()
        # the queue serves the newest wish first: ask from the last to the first
        for place in reversed(self._ahead(seen)):
            sheet = self._layout.sheet(place, self._scale, self.viewport().width())
            self.pictures.ask(self._shape(sheet), scale, urgent=False)
        for sheet in reversed(seen):
            self.pictures.ask(self._shape(sheet), scale, urgent=True)

    def _ahead(self, seen: list[Sheet]) -> list[int]:
        if not seen:
            return []
        places = [seen[-1].place + step if step > 0 else seen[0].place + step for step in _AHEAD]
        return [place for place in places if 0 <= place < self.page_count]

    # --------------------------------------------------------------------------------------------------- Qt's calls

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint what is seen from memory; a page that is not drawn yet is a white sheet with its number."""
        theme = current_theme()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for sheet, area in self.areas():
            image = self.pictures.find(self._shape(sheet))
            if image is None:
                self._placeholder(painter, area, sheet)
            else:
                painter.drawImage(area, image)
                say_fault(painter, area & self.viewport().rect(), self.pictures.faults.get(self._shape(sheet)))
            for layer in self.layers:
                layer.paint(painter, area, sheet.page, sheet.rotation)
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area)
        painter.end()

    def _placeholder(self, painter: QPainter, area: QRect, sheet: Sheet) -> None:
        painter.fillRect(area, QColor(LIGHT.surface))
        painter.setPen(QColor(LIGHT.secondary))
        painter.setFont(current_theme().font(TypeRole.BODY))
        words = self.pictures.faults.get(self._shape(sheet)) or f"第 {sheet.place + 1} 页"
        inside = area.adjusted(16, 16, -16, -16).intersected(self.viewport().rect())
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the fit follows the window, the page in front stays."""
        super().resizeEvent(event)
        page = self._page
        self._refit()
        if self._fit is not Fit.FREE and page != self._page:
            self.go_to(page)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Override: painted anew, not moved."""
        self._moved()

    def showEvent(self, event: object) -> None:
        """Override: ask for pictures only once somebody looks."""
        self._settle.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: Ctrl and the wheel zoom at the pointer."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = 1.0015 ** event.angleDelta().y()
            self.set_zoom(self.zoom * factor, event.position())
            event.accept()
            return
        super().wheelEvent(event)

    def _words_at(self, point: QPoint) -> str:
        said = (self.marks.words_at(point, area, sheet.page, sheet.rotation) for sheet, area in self.areas())
        return next(filter(None, said), "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override: hold the sheet, to draw it along."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Override: draw the sheet along."""
        if self._drag_from is None:
            self.viewport().setToolTip(self._words_at(event.position().toPoint()))
        else:
            here = event.position().toPoint()
            moved, self._drag_from = here - self._drag_from, here
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Override: let the sheet go."""
        self._drag_from = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Home, End, Ctrl+PgUp, Ctrl+PgDn, + and -, 0 fits the width, 9 the page, R turns; the rest scrolls."""
        bar = self.verticalScrollBar()
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        keys = {
            Qt.Key.Key_Home: lambda: bar.setValue(bar.minimum()),
            Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
            Qt.Key.Key_Plus: lambda: self.step_zoom(1),
            Qt.Key.Key_Equal: lambda: self.step_zoom(1),
            Qt.Key.Key_Minus: lambda: self.step_zoom(-1),
            Qt.Key.Key_0: lambda: self.set_fit(Fit.WIDTH),
            Qt.Key.Key_9: lambda: self.set_fit(Fit.PAGE),
            Qt.Key.Key_R: lambda: self.turn_requested.emit(90),
            Qt.Key.Key_PageDown: lambda: self._turn_over(1, whole_page=with_control),
            Qt.Key.Key_PageUp: lambda: self._turn_over(-1, whole_page=with_control),
        }
        act = keys.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
            return
        act()
        event.accept()

    def _turn_over(self, direction: int, *, whole_page: bool) -> None:
        if whole_page:
            self.go_to(self._page + direction)
        else:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + direction * max(_LINE, bar.pageStep() - _LINE))
