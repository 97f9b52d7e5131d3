"""Putting the pages of a document in order: the menu, its keys, and the plan that comes of it.

The original file is never touched; a plan says which of its pages are shown, in which order and how turned.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from lian_desk.services.materials.page_plans import PagePlan, plain_plan
from lian_desk.ui.common.look.icon_button import IconButton
from lian_desk.ui.materials.viewing.page_sheets import PageSheets
from lian_desk.ui.materials.viewing.page_strip import PageStrip

_QUARTER: Final = 90


class ArrangedPages(Protocol):
    """The viewer, as far as putting pages in order needs it."""

    sheets: PageSheets
    strip: PageStrip

    @property
    def plan(self) -> PagePlan | None:
        """The plan shown."""

    def set_plan(self, plan: PagePlan | None, rotation: int) -> None:
        """Show another plan."""


class PageArranger(QObject):
    """Works on the pages chosen in the strip, else on the page in front.

    Signals:
        arranged(object): the new ``PagePlan``; it is shown already, whoever listens stores it.
        split_requested(object): pages of the original, from 0, that shall be a document of their own.
        join_requested(): the pages shall go back to the document they were split off from.
    """

    arranged = Signal(object)
    split_requested = Signal(object)
    join_requested = Signal()

    def __init__(self, viewer: ArrangedPages, host: QWidget) -> None:
        """``host`` is the viewer's own widget: it gets the keys, the menu and the button."""
        super().__init__(host)
        self._viewer = viewer
        self._host = host
        self._may_join = False
        self.button = IconButton("more-horizontal", "整理页面", self.open_menu, parent=host)
        self.menu = QMenu(host)
        turn, move = self._turn, self._move
        self._actions = {
            "turn_left": self._action("本页向左转", "Shift+L", partial(turn, -_QUARTER)),
            "turn_right": self._action("本页向右转", "Shift+R", partial(turn, _QUARTER)),
            "up": self._action("前移一页", "Alt+Up", partial(move, -1)),
            "down": self._action("后移一页", "Alt+Down", partial(move, 1)),
            "hide": self._action("隐藏此页", "Del", self._hide),
            "show": self._action("显示隐藏的页", "", self._show_hidden),
            "split": self._action("拆成另一份材料", "Ctrl+Shift+X", self._split),
            "join": self._action("并回原扫描件", "", self.join_requested.emit),
            "reset": self._action("恢复原来的顺序", "", self._reset),
        }
        for before in ("up", "hide", "split", "reset"):
            self.menu.insertSeparator(self._actions[before])
        viewer.strip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        viewer.strip.customContextMenuRequested.connect(self._open_at)
        self.set_allowed(allowed=False)

    def action(self, name: str) -> QAction:
        """Return an action by its name: turn_left, turn_right, up, down, hide, show, split, join, reset."""
        return self._actions[name]

    def set_allowed(self, *, allowed: bool, may_join: bool = False) -> None:
        """Say whether pages may be put in order here, and whether they were split off from another document."""
        self._may_join = may_join
        self.button.setVisible(allowed)
        for action in self._actions.values():
            action.setEnabled(allowed)

    def open_menu(self) -> None:
        """Open the menu beneath its button."""
        self._open(self.button.mapToGlobal(QPoint(0, self.button.height())))

    def _open_at(self, point: QPoint) -> None:
        if self.button.isVisibleTo(self._host):
            self._open(self._viewer.strip.viewport().mapToGlobal(point))

    def _open(self, point: QPoint) -> None:
        count = len(self._places())
        many = f"所选 {count} 页" if count > 1 else "本页"
        self._actions["turn_left"].setText(f"{many}向左转")
        self._actions["turn_right"].setText(f"{many}向右转")
        self._actions["hide"].setText(f"隐藏{many}")
        self._actions["split"].setText(f"{many}拆成另一份材料")
        plan = self._plan
        self._actions["show"].setVisible(bool(plan.hidden))
        self._actions["show"].setText(f"显示隐藏的 {len(plan.hidden)} 页")
        self._actions["join"].setVisible(self._may_join)
        self._actions["reset"].setEnabled(not plan.is_plain and plan.pages == plain_plan(len(plan.pages)).pages)
        self.menu.popup(point)

    @property
    def _plan(self) -> PagePlan:
        plan = self._viewer.plan
        return plain_plan(self._viewer.sheets.page_count) if plan is None else plan

    def _places(self) -> list[int]:
        return self._viewer.strip.chosen or [self._viewer.sheets.page]

    def _turn(self, degrees: int) -> None:
        places = self._places()
        self._show(self._plan.turned(places, degrees), places)

    def _move(self, step: int) -> None:
        places = self._places()
        target = places[0] - 1 if step < 0 else places[-1] + 2
        if 0 <= target <= len(self._plan.shown):
            moved = self._plan.moved(places, target)
            first = moved.place_of(self._plan.shown[places[0]].page) or 0
            self._show(moved, list(range(first, first + len(places))))

    def _hide(self) -> None:
        places = self._places()
        if len(places) < len(self._plan.shown):
            self._show(self._plan.without(places), [])

    def _show_hidden(self) -> None:
        self._show(self._plan.restored(), [])

    def _reset(self) -> None:
        self._show(plain_plan(len(self._plan.pages)), [])

    def _split(self) -> None:
        places = self._places()
        if len(places) < len(self._plan.shown):
            self.split_requested.emit(tuple(self._plan.shown[place].page for place in places))

    def _show(self, plan: PagePlan, chosen: list[int]) -> None:
        viewer = self._viewer
        viewer.set_plan(plan, viewer.sheets.rotation)
        if chosen:
            viewer.sheets.go_to(chosen[0])
            viewer.strip.choose(chosen)
        self.arranged.emit(plan)

    def _action(self, words: str, keys: str, act: Callable[[], object]) -> QAction:
        made = QAction(words, self._host)
        if keys:
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.triggered.connect(lambda _checked=False: act())
        self.menu.addAction(made)
        # the keys hold wherever the viewer has the keyboard, not only in the open menu
        self._host.addAction(made)
        return made
