"""手工遮盖: rectangles drawn on the pages of the viewer, by pointer and by keyboard."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen

from lian_desk.services.covering.page_covers import CoverBox, PageCoverView
from lian_desk.ui.common.look.page_mark import turned_fractions
from lian_desk.ui.common.look.theme import LIGHT
from lian_desk.ui.materials.viewing.cover_plan import CoverPlan, box_between, stored_point
from lian_desk.ui.materials.viewing.page_sheets import PageSheets

_STEP: Final = 6
_FINE: Final = 1
"""Pixels that an arrow key moves a box by; with Ctrl the fine step."""
_HANDLE: Final = 9
"""Pixels of the corner by which a box is made larger."""
_GROUND_ALPHA: Final = 190
_NEW_BOX: Final = (0.35, 0.45, 0.3, 0.05)
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class CoverEditor(QObject):
    """Lies over the sheets while it is at work; otherwise nothing of it is seen or felt.

    Signals:
        changed(): boxes, the choice or what can be undone changed.
        completed(): the keyboard says that nothing else of the page in front must be covered.
        left(): the keyboard wishes to leave the mode.
    """

    changed = Signal()
    completed = Signal()
    left = Signal()

    def __init__(self, sheets: PageSheets, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheets = sheets
        self._views: Mapping[int, PageCoverView] = {}
        self._is_on = False
        self._drag: _Drag | None = None
        self.plan = CoverPlan()
        sheets.layers.append(self)
        sheets.installEventFilter(self)
        sheets.viewport().installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """True while boxes are drawn."""
        return self._is_on

    @property
    def page(self) -> int | None:
        """The page of the original in front."""
        return self._sheets.original_page

    def view_of(self, page: int) -> PageCoverView:
        """Return how a page is stored."""
        return self._views.get(page) or PageCoverView(page)

    def show_plan(self, views: Mapping[int, PageCoverView]) -> None:
        """Show what is stored; boxes that are drawn and not stored yet stay."""
        self._views = views
        is_same = all(self.plan.boxes(page) == view.boxes for page, view in views.items())
        if not self.plan.changed and not is_same:
            self.plan = CoverPlan({page: view.boxes for page, view in views.items()})
        self._tell()

    def forget(self) -> None:
        """Another document is shown."""
        self._views, self.plan, self._drag = {}, CoverPlan(), None
        self._tell()

    def set_on(self, *, is_on: bool) -> None:
        """Begin or end drawing."""
        self._is_on, self._drag = is_on, None
        self.plan.chosen = None
        shape = Qt.CursorShape.CrossCursor if is_on else Qt.CursorShape.OpenHandCursor
        self._sheets.viewport().setCursor(shape)
        if is_on:
            self._sheets.setFocus()
        self._tell()

    def undo(self) -> None:
        """Take the last change back."""
        self.plan.undo()
        self._tell()

    def paint(self, painter: QPainter, area: QRect, page: int, rotation: int) -> None:
        """Draw the boxes of a page, and around them the places that nobody could read."""
        if not self._is_on:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(LIGHT.risk), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place in self.view_of(page).places:
            painter.drawRect(_on_screen(CoverBox(*place), area, rotation).adjusted(-2, -2, 2, 2))
        ground = QColor("black")
        ground.setAlpha(_GROUND_ALPHA)
        for number, box in enumerate(self._boxes_shown(page)):
            is_chosen = self.plan.chosen == (page, number)
            shown = _on_screen(box, area, rotation)
            painter.setPen(QPen(QColor(LIGHT.accent), 2) if is_chosen else QPen(QColor("black"), 1))
            painter.setBrush(ground)
            painter.drawRect(shown)
            if is_chosen:
                painter.setBrush(QColor(LIGHT.accent))
                corner = shown.bottomRight()
                painter.drawRect(QRectF(corner.x() - _HANDLE / 2, corner.y() - _HANDLE / 2, _HANDLE, _HANDLE))
        painter.restore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: while at work the pointer draws and the keys move; the wheel and the rest still turn the pages."""
        if not self._is_on:
            return False
        if isinstance(event, QKeyEvent) and watched is self._sheets:
            return self._key(event)
        if isinstance(event, QMouseEvent) and watched is self._sheets.viewport():
            return self._pointer(event)
        return False

    # --------------------------------------------------------------------------------------------------- pointer

    def _pointer(self, event: QMouseEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self._press(event.position())
        elif event.type() == QEvent.Type.MouseMove:
            self._pull(event.position())
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._release()
        else:
            return False
        return True

    def _press(self, point: QPointF) -> None:
        found = self._sheet_at(point)
        if found is None:
            return
        page, rotation, area = found
        chosen, box = self.plan.chosen, self.plan.box
        if chosen is not None and chosen[0] == page and box is not None and _is_corner(box, area, rotation, point):
            shown = _on_screen(box, area, rotation)
            self._drag = _Drag(page, rotation, area, shown.topLeft(), None)
        else:
            u, v = _fractions(point, area)
            place = self.plan.place_at(page, *stored_point(u, v, rotation))
            self.plan.chosen = None if place is None else (page, place)
            self._drag = _Drag(page, rotation, area, point, self.plan.box)
            self._drag.is_new = place is None
        self._sheets.setFocus()
        self._tell()

    def _pull(self, point: QPointF) -> None:
        drag = self._drag
        if drag is None:
            return
        if drag.is_new:
            drag.drawn = drag.box_to(point)
        elif drag.held is None:
            self.plan.change(drag.box_to(point), is_start=not drag.has_moved)
        else:
            begin, end = _fractions(drag.start, drag.area), _fractions(point, drag.area)
            one, other = stored_point(*begin, drag.rotation), stored_point(*end, drag.rotation)
            held = drag.held
            left = min(max(held.left + other[0] - one[0], 0.0), 1 - held.width)
            top = min(max(held.top + other[1] - one[1], 0.0), 1 - held.height)
            self.plan.change(held._replace(left=left, top=top), is_start=not drag.has_moved)
        drag.has_moved = True
        self._tell()

    def _release(self) -> None:
        drag, self._drag = self._drag, None
        if drag is not None and drag.drawn is not None:
            self.plan.add(drag.page, drag.drawn)
        self._tell()

    # ------------------------------------------------------------------------------------------------------ keys

    def _key(self, event: QKeyEvent) -> bool:
        act = self._act_of(event)
        if act is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            act()
            self._tell()
        # the menu of the pages knows some of these keys too: here they belong to the boxes
        return event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, page = Qt.Key(event.key()), self.page
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.plan.undo
        if page is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        if key in _ARROWS and self.plan.box is not None:
            return lambda: self._step(event, *_ARROWS[key])
        if key in _ENTER:
            return self.completed.emit if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        acts: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_N: lambda: self.plan.add(page, self._new_box()),
            Qt.Key.Key_Tab: lambda: self.plan.choose_next(page),
            Qt.Key.Key_Backtab: lambda: self.plan.choose_next(page, -1),
            Qt.Key.Key_Delete: self.plan.remove,
            Qt.Key.Key_Backspace: self.plan.remove,
            Qt.Key.Key_Escape: self._back,
        }
        # a page without boxes lets the focus go on
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab} and not self.plan.boxes(page):
            return None
        return acts.get(key)

    def _step(self, event: QKeyEvent, across: int, down: int) -> None:
        chosen = self.plan.chosen
        found = None if chosen is None else self._area_of(chosen[0])
        if found is None:
            return
        rotation, area = found
        length = _FINE if event.modifiers() & Qt.KeyboardModifier.ControlModifier else _STEP
        step = (across * length / area.width(), down * length / area.height())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.plan.resized(*step, rotation)
        else:
            self.plan.moved(*step, rotation)

    def _back(self) -> None:
        if self.plan.chosen is not None:
            self.plan.chosen = None
        else:
            self.left.emit()

    def _new_box(self) -> CoverBox:
        """Return a box in the middle of what is seen of the page in front; the arrows bring it where it belongs."""
        page = self.page
        found = None if page is None else self._area_of(page)
        if found is None:
            return CoverBox(*_NEW_BOX)
        rotation, area = found
        seen = area.intersected(self._sheets.viewport().rect())
        middle = QPointF(seen.center())
        half = QPointF(seen.width() * 0.15, max(12.0, seen.height() * 0.02))
        one, other = _fractions(middle - half, area), _fractions(middle + half, area)
        return box_between(stored_point(*one, rotation), stored_point(*other, rotation))

    # ---------------------------------------------------------------------------------------------------- inside

    def _boxes_shown(self, page: int) -> Iterator[CoverBox]:
        yield from self.plan.boxes(page)
        if self._drag is not None and self._drag.page == page and self._drag.drawn is not None:
            yield self._drag.drawn

    def _sheet_at(self, point: QPointF) -> "tuple[int, int, QRect] | None":
        for sheet, area in self._sheets.areas():
            if area.contains(point.toPoint()):
                return sheet.page, sheet.rotation, area
        return None

    def _area_of(self, page: int) -> tuple[int, QRect] | None:
        return next(((sheet.rotation, area) for sheet, area in self._sheets.areas() if sheet.page == page), None)

    def _tell(self) -> None:
        self._sheets.viewport().update()
        self.changed.emit()


class _Drag:
    """A drag: ``held`` is the box that is moved, None when its corner is pulled or a new one is drawn."""

    def __init__(self, page: int, rotation: int, area: QRect, start: QPointF, held: CoverBox | None) -> None:
        self.page, self.rotation, self.area, self.start, self.held = page, rotation, area, start, held
        self.is_new = False
        self.has_moved = False
        self.drawn: CoverBox | None = None

    def box_to(self, point: QPointF) -> CoverBox:
        """Return the box from where the drag began."""
        one, other = _fractions(self.start, self.area), _fractions(point, self.area)
        return box_between(stored_point(*one, self.rotation), stored_point(*other, self.rotation))


def _fractions(point: QPointF, area: QRect) -> tuple[float, float]:
    return (point.x() - area.left()) / max(area.width(), 1), (point.y() - area.top()) / max(area.height(), 1)


def _on_screen(box: CoverBox, area: QRect, rotation: int) -> QRectF:
    share = turned_fractions(*box, rotation)
    return QRectF(
        area.left() + share.left() * area.width(),
        area.top() + share.top() * area.height(),
        share.width() * area.width(),
        share.height() * area.height(),
    )


def _is_corner(box: CoverBox, area: QRect, rotation: int, point: QPointF) -> bool:
    corner = _on_screen(box, area, rotation).bottomRight()
    return abs(point.x() - corner.x()) <= _HANDLE and abs(point.y() - corner.y()) <= _HANDLE
