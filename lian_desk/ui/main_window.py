"""The window: navigation, upper edge, and a stack of pages built when they are first shown. No word of the domain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QChildEvent, QEvent, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from lian_desk.services.words import formats
from lian_desk.ui import actions
from lian_desk.ui.common.look.states import Toast
from lian_desk.ui.common.look.text import label
from lian_desk.ui.common.look.theme import DRESSES_ITS_PARTS
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.common.shell.command_palette import CommandPalette, SearchHit, SearchProvider
from lian_desk.ui.common.shell.keys_help import KeysHelp
from lian_desk.ui.common.shell.live_clock import LiveClock
from lian_desk.ui.common.shell.navigation import NavigationBar, PageSpec
from lian_desk.ui.common.shell.page import Page
from lian_desk.ui.common.shell.top_bar import DayWords, TopBar

__all__ = ["MainWindow", "PageSpec", "WindowFacts"]


@dataclass(frozen=True)
class WindowFacts:
    """What the composition root tells the window.

    Attributes:
        program: name beside the logo.
        operator: role and name at the foot of the navigation.
        placeholder: words in the search box.
        banner: a band above everything, for example for demo data; empty for none.
        day_words: what the upper edge says at a moment.
        top_actions: ids of the buttons at the upper edge; the last is the accent button.
        search: finds records; runs on a reading thread.
    """

    program: str
    operator: str
    placeholder: str
    banner: str
    day_words: Callable[[datetime], DayWords]
    top_actions: tuple[str, ...] = (actions.NEW_APPLICATION, actions.NEW_FILE)
    search: SearchProvider | None = None


class MainWindow(QMainWindow):
    """Signals: ``lock_requested()``; ``closing()`` just before the window goes."""

    lock_requested = Signal()
    closing = Signal()

    def __init__(self, context: UiContext, pages: Sequence[PageSpec], facts: WindowFacts) -> None:
        super().__init__()
        self.context = context
        self._facts = facts
        self._specs = {spec.page_id: spec for spec in pages}
        self._pages: dict[str, Page] = {}
        self._told_on: date | None = None
        self.actions_by_id: dict[str, QAction] = {}
        self.navigation = NavigationBar(facts.program, pages, facts.operator)
        tops = [(action_id, actions.action_spec(action_id).text) for action_id in facts.top_actions]
        self.top_bar = TopBar(facts.placeholder, tops)
        self.stack = QStackedWidget()
        self.clock = LiveClock(context.desk.clock.now, self)
        self._lay_out()
        self._bind_keys()
        self.palette_overlay = CommandPalette(self, context.runner, facts.search, self._commands())
        self.toast = Toast(self)
        self._wire()
        self._tell_day(context.desk.clock.now())
        self.setProperty(DRESSES_ITS_PARTS, True)
        for part in (self.navigation, self.top_bar):
            context.theme.keep_dressed(part)
        self.clock.start()
        self.resize(1440, 900)
        self.setMinimumSize(1080, 680)

    # ---------------------------------------------------------------------------------------------------- pages

    @property
    def current_page(self) -> Page | None:
        """The page in front."""
        page = self.stack.currentWidget()
        return page if isinstance(page, Page) else None

    def page(self, page_id: str) -> Page:
        """Return a page, building it when it is asked for the first time."""
        built = self._pages.get(page_id)
        if built is None:
            built = self._pages[page_id] = self._specs[page_id].factory(self.context)
            self.context.theme.keep_dressed(built)
            self.stack.addWidget(built)
        return built

    def show_page(self, page_id: str) -> Page:
        """Bring a page to the front and let it catch up."""
        page = self.page(page_id)
        spec = self._specs[page_id]
        self.navigation.mark(spec.under or page_id)
        self.stack.setCurrentWidget(page)
        self.setWindowTitle(spec.title)
        self.top_bar.set_quiet(page.has_accent)
        page.activate()
        (page.primary_focus() or page).setFocus()
        return page

    def show_subject(self, subject: object, part: object = None) -> None:
        """Bring the page of one record to the front, on one of its parts."""
        page_id = next(spec.page_id for spec in self._specs.values() if spec.takes_subject)
        self.page(page_id).open_subject(subject, part if isinstance(part, str) else None)
        self.show_page(page_id)

    def run_action(self, action_id: str) -> None:
        """Do an action: the window's own, else the page's in front, else whoever listens to the navigator."""
        own = self._own_actions().get(action_id)
        if own is not None:
            own()
        elif self.current_page is not None and self.current_page.handle_action(action_id):
            return
        elif action_id in actions.OF_A_PAGE:
            self.toast.say(f"这一页没有可以{actions.action_spec(action_id).text}的内容；先打开一份档案。")
        else:
            self.context.navigator.start(action_id)

    # ---------------------------------------------------------------------------------------------------- inside

    def _own_actions(self) -> dict[str, Callable[[], object]]:
        page = self.current_page
        return {
            actions.SEARCH: self.palette_overlay.open_at_top,
            actions.LOCK: self.lock_requested.emit,
            actions.SWITCH_THEME: self.context.theme.toggle,
            actions.SHOW_KEYS: self.show_keys,
            actions.QUIT: self.close,
            actions.RELOAD: page.reload if page is not None else _nothing,
        }

    def show_keys(self) -> None:
        """Show every key that is valid here."""
        keys = [(spec.group, spec.text, spec.shortcut) for spec in actions.ACTIONS if spec.shortcut]
        keys += [("页面", spec.title, spec.shortcut) for spec in self._specs.values() if spec.shortcut]
        KeysHelp([*keys, *actions.WIDGET_KEYS], self).open()

    def _commands(self) -> list[SearchHit]:
        pages = [
            SearchHit(page.title, "页面", page.icon, partial(self.show_page, page.page_id), page.shortcut)
            for page in self._specs.values()
            if not page.under
        ]
        return pages + [
            SearchHit(spec.text, "命令", spec.icon, partial(self.run_action, spec.action_id), spec.shortcut)
            for spec in actions.ACTIONS
            if spec.action_id != actions.SEARCH
        ]

    def _bind_keys(self) -> None:
        for spec in actions.ACTIONS:
            self.actions_by_id[spec.action_id] = actions.bind_action(self, spec.action_id, self.run_action)
        for page in self._specs.values():
            actions.bind_keys(self, page.shortcut, partial(self.show_page, page.page_id))

    def _wire(self) -> None:
        navigator = self.context.navigator
        navigator.page_requested.connect(self.show_page)
        navigator.file_requested.connect(self.show_subject)
        navigator.counter_changed.connect(self.navigation.set_counter)
        self.navigation.page_chosen.connect(self.show_page)
        self.navigation.lock_chosen.connect(self.lock_requested)
        self.top_bar.search_requested.connect(self.palette_overlay.open_at_top)
        self.top_bar.action_chosen.connect(self.run_action)
        self.clock.minute_passed.connect(self._tell_day)

    def _tell_day(self, moment: datetime) -> None:
        self.top_bar.set_day(self._facts.day_words(moment))
        today = formats.local(moment).date()
        if self._told_on is not None and today != self._told_on:
            # what is due today, late or coming is another question after midnight
            for page in self._pages.values():
                page.new_day()
        self._told_on = today

    def add_band(self, band: QWidget) -> None:
        """Put a band above everything, for what concerns every page, for example a clock that is wrong."""
        self.context.theme.keep_dressed(band)
        self._right.insertWidget(0, band)

    def _lay_out(self) -> None:
        self._right = right = QVBoxLayout()
        right.setSpacing(0)
        if self._facts.banner:
            band = QFrame()
            band.setProperty("role", "demo")
            row = QHBoxLayout(band)
            row.setContentsMargins(20, 4, 20, 4)
            row.addWidget(label(self._facts.banner, "secondary"))
            self.context.theme.keep_dressed(band)
            right.addWidget(band)
        right.addWidget(self.top_bar)
        right.addWidget(self.stack, 1)
        canvas = QWidget()
        whole = QHBoxLayout(canvas)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.navigation)
        whole.addLayout(right, 1)
        self.setCentralWidget(canvas)

    def childEvent(self, event: QChildEvent) -> None:
        """Override: dialogs, menus and what lies over the page follow the look each for itself, once they are there."""
        child = event.child() if event.type() == QEvent.Type.ChildPolished else None
        if isinstance(child, QWidget) and child is not self.centralWidget():
            self.context.theme.keep_dressed(child)
        super().childEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Override: tell it, so that drafts are kept and threads end in order."""
        self.closing.emit()
        super().closeEvent(event)


def _nothing() -> None:
    """No page is in front yet."""
