"""The sheets themselves: continuous pages that scroll, zoom and turn; only what is seen is drawn."""

from collections import OrderedDict
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from lian_desk.models.errors import DeskError
from lian_desk.services.rendering.page_images import PageSize
from lian_desk.services.rendering.renderer import Renderer, RenderSource
from lian_desk.ui.common.sentences import sentence
from lian_desk.ui.common.theme import LIGHT, TypeRole, current_theme
from lian_desk.ui.materials.render_queue import RenderQueue
from lian_desk.ui.materials.sheet_layout import SCALE_AT_FULL, ZOOM_STEPS, Sheet, SheetLayout, next_zoom

KEPT_BYTES: Final = 96 * 1024 * 1024
_SETTLE_MS: Final = 90
_LINE: Final = 48

_Shape = tuple[int, int, int]
"""Page, width and rotation of a drawn picture; the width in device pixels."""


class Fit(StrEnum):
    """How the zoom follows the size of the window."""

    WIDTH = "width"
    PAGE = "page"
    FREE = "free"


class PageSheets(QAbstractScrollArea):
    """Read-only pages of one document.

    Signals:
        page_changed(int): number of the page in front, from 0.
        zoom_changed(float): 1.0 is 96 dots per inch.
        turn_requested(int): the keyboard wishes the pages turned by so many degrees.
    """

    page_changed = Signal(int)
    zoom_changed = Signal(float)
    turn_requested = Signal(int)

    def __init__(self, renderer: Renderer, queue: RenderQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._queue = queue
        self._source: RenderSource | None = None
        self._layout = SheetLayout()
        self._sizes: Sequence[PageSize] = ()
        self._scale = SCALE_AT_FULL
        self._fit = Fit.WIDTH
        self._page = 0
        self._kept: OrderedDict[_Shape, QImage] = OrderedDict()
        self._kept_bytes = 0
        self._faults: dict[int, str] = {}
        self._drag_from: QPoint | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("材料页面")
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        # while the wheel turns, the old picture is stretched; the sharp one is drawn when it rests
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask_for_visible)

    # ------------------------------------------------------------------------------------------------ what is shown

    @property
    def page(self) -> int:
        """The page in front, from 0."""
        return self._page

    @property
    def page_count(self) -> int:
        """Pages of the document, 0 when none is shown."""
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
        return self._kept_bytes

    def show_pages(self, source: RenderSource, sizes: Sequence[PageSize], rotation: int) -> None:
        """Show another document from its first page, fitted to the width."""
        self.clear()
        self._source = source
        self._sizes = sizes
        self._layout = SheetLayout(sizes, rotation)
        self._fit = Fit.WIDTH
        self._refit()
        self.verticalScrollBar().setValue(0)
        self._set_page(0, force=True)

    def clear(self) -> None:
        """Show nothing and hold nothing."""
        self._queue.forget(self)
        self._source = None
        self._sizes = ()
        self._layout = SheetLayout()
        self._kept.clear()
        self._kept_bytes = 0
        self._faults.clear()
        self._page = 0
        self.viewport().update()

    def turn(self, degrees: int) -> None:
        """Turn all pages; the page in front stays in front."""
        page = self._page
        self._layout = SheetLayout(self._sizes, (self._layout.rotation + degrees) % 360)
        self._refit()
        self.go_to(page)
        self._ask_for_visible()
        self.viewport().update()

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        if 0 <= page < self.page_count:
            sheet = self._layout.sheet(page, self._scale, self.viewport().width())
            self.verticalScrollBar().setValue(sheet.y - 8)

    def set_fit(self, fit: Fit) -> None:
        """Fit pages to the width or wholly into the window."""
        self._fit = fit
        page = self._page
        self._refit()
        self.go_to(page)

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Zoom freely; what lies under ``anchor`` (default: the middle) stays where it is."""
        self._fit = Fit.FREE
        self._rescale(min(max(zoom, ZOOM_STEPS[0]), ZOOM_STEPS[-1]) * SCALE_AT_FULL, anchor)

    def step_zoom(self, steps: int) -> None:
        """Zoom in or out by steps."""
        self.set_zoom(next_zoom(self.zoom, steps))

    # -------------------------------------------------------------------------------------------------- arithmetic

    def _refit(self) -> None:
        room, height = self.viewport().width(), self.viewport().height()
        if self._fit is Fit.WIDTH:
            self._rescale(self._layout.fit_width(room))
        elif self._fit is Fit.PAGE:
            self._rescale(self._layout.fit_page(room, height, self._page))
        else:
            self._rescale(self._scale)

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
        self._moved()

    def _moved(self) -> None:
        if self.page_count:
            middle = self.verticalScrollBar().value() + self.viewport().height() / 3
            self._set_page(self._layout.page_at(middle, self._scale))
        self._settle.start()
        self.viewport().update()

    def _set_page(self, page: int, *, force: bool = False) -> None:
        if page != self._page or force:
            self._page = page
            self.page_changed.emit(page)

    def _visible(self) -> list[Sheet]:
        view = self.viewport().size()
        return self._layout.visible(self.verticalScrollBar().value(), view.height(), self._scale, view.width())

    # ---------------------------------------------------------------------------------------------------- pictures

    def _shape(self, sheet: Sheet) -> _Shape:
        return sheet.page, round(sheet.width * self.devicePixelRatioF()), self._layout.rotation

    def _ask_for_visible(self) -> None:
        """Ask for the sharp pictures of what is seen; pages scrolled past meanwhile are forgotten."""
        source = self._source
        if source is None or not self.isVisible():
            return
        self._queue.forget(self)
        # the queue serves the newest wish first: ask from the bottom up
        for sheet in reversed(self._visible()):
            shape = self._shape(sheet)
            if shape in self._kept or sheet.page in self._faults:
                continue
            scale = self._scale * self.devicePixelRatioF()
            draw = partial(self._renderer.render_page, source, sheet.page, scale, self._layout.rotation)
            self._queue.ask(
                (source.id, shape),
                self,
                draw,
                partial(self._keep, source, shape),
                partial(self._miss, source, sheet.page),
            )

    def _keep(self, source: RenderSource, shape: _Shape, image: QImage) -> None:
        if source is not self._source:
            return
        if shape not in self._kept:
            self._kept_bytes += image.sizeInBytes()
        self._kept[shape] = image
        self._kept.move_to_end(shape)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _oldest, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= dropped.sizeInBytes()
        self.viewport().update()

    def _miss(self, source: RenderSource, page: int, error: BaseException) -> None:
        if source is self._source and isinstance(error, DeskError):
            self._faults[page] = sentence(error)
            self.viewport().update()

    def _picture(self, shape: _Shape) -> QImage | None:
        found = self._kept.get(shape)
        if found is not None:
            self._kept.move_to_end(shape)
            return found
        page, _width, rotation = shape
        return next(
            (image for (kept, _w, turned), image in reversed(self._kept.items()) if (kept, turned) == (page, rotation)),
            None,
        )

    # --------------------------------------------------------------------------------------------------- Qt's calls

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: paint what is seen from memory; a page that is not drawn yet is a white sheet with its number."""
        theme = current_theme()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        offset = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        for sheet in self._visible():
            area = QRect(QPoint(sheet.x, sheet.y) - offset, QSize(sheet.width, sheet.height))
            image = self._picture(self._shape(sheet))
            if image is None:
                self._placeholder(painter, area, sheet.page)
            else:
                painter.drawImage(area, image)
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area)
        painter.end()

    def _placeholder(self, painter: QPainter, area: QRect, page: int) -> None:
        painter.fillRect(area, QColor(LIGHT.surface))
        painter.setPen(QColor(LIGHT.secondary))
        painter.setFont(current_theme().font(TypeRole.BODY))
        words = self._faults.get(page) or f"第 {page + 1} 页"
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Override: the sheet is held and drawn along."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._drag_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Override: draw the sheet along."""
        if self._drag_from is not None:
            here = event.position().toPoint()
            moved, self._drag_from = here - self._drag_from, here
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Override: let the sheet go."""
        self._drag_from = None
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: Home, End, Ctrl+PgUp, Ctrl+PgDn, + and -, 0 fits the width, R turns; the rest scrolls."""
        bar = self.verticalScrollBar()
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        keys = {
            Qt.Key.Key_Home: lambda: bar.setValue(bar.minimum()),
            Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
            Qt.Key.Key_Plus: lambda: self.step_zoom(1),
            Qt.Key.Key_Equal: lambda: self.step_zoom(1),
            Qt.Key.Key_Minus: lambda: self.step_zoom(-1),
            Qt.Key.Key_0: lambda: self.set_fit(Fit.WIDTH),
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
