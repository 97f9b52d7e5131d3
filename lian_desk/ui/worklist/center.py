"""Looks once a minute which promises run out and tells it: a card in the window, the system's tray, the bell.

Quiet while the desk is locked: nothing is shown and nothing is lost; what came up is told after unlocking.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from lian_desk.services.words import formats
from lian_desk.services.worklist.alerts import Alert, AlertWatch
from lian_desk.ui.common.running.context import UiContext
from lian_desk.ui.worklist.alert_card import AlertCard
from lian_desk.ui.worklist.bell import AlertList, Bell
from lian_desk.ui.worklist.tray import Tray

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

#: The first look waits until the window has painted its first page.
FIRST_LOOK_MS: Final = 1500
_AFTER_CHANGE_MS: Final = 400
_PAGE: Final = "worklist"
_TABLES: Final = ("clock_run", "request_pause")


class NotificationCenter(QObject):
    """Owns the watch and everything that tells; ``bell`` is to be placed at the upper edge by the window's builder."""

    def __init__(self, context: UiContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._watch = AlertWatch(context.desk)
        self._is_quiet = False
        self._is_looking = False
        self.today: tuple[Alert, ...] = ()
        # a child from the start: a widget without a parent might be collected on a reading thread
        self.bell = Bell(window)
        self.card = AlertCard(window)
        self.tray = Tray(self)
        self.bell.clicked.connect(lambda _on=False: self.show_list())
        self.card.followed.connect(self.follow)
        self.tray.followed.connect(self.follow)
        context.bus.committed.connect(self._apply)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look)
        self._soon.start(FIRST_LOOK_MS)

    def look(self, _moment: datetime | None = None) -> None:
        """Ask the watch, off the UI thread; one look at a time, none while the desk is locked."""
        if self._is_quiet or self._is_looking:
            return
        self._is_looking = True
        now = self._context.desk.clock.now()
        self._context.runner.read(self, partial(self._watch.look, now), self.tell, self._missed)

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Tell what a look brought."""
        self._is_looking = False
        today = formats.local(self._context.desk.clock.now()).date()
        kept = tuple(alert for alert in self.today if formats.local(alert.seen_at).date() == today)
        self.today = (*alerts, *kept)
        if not alerts:
            return
        self.bell.set_count(self.bell.count + len(alerts))
        if self._is_quiet:
            # locked while the look was under way: the bell keeps it
            return
        self.card.say(alerts)
        if QApplication.activeWindow() is None:
            self.tray.say("；".join(alert.words for alert in alerts), alerts[0].level)

    def show_list(self) -> None:
        """Open the list of today's alerts; they count as read then."""
        self.bell.set_count(0)
        shown = AlertList(self.today, self._window)
        shown.followed.connect(self.follow)
        shown.show_below(self.bell)

    def follow(self) -> None:
        """Bring the window and its worklist to the front; a locked window stays locked."""
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if not self._is_quiet:
            self._context.navigator.open_page(_PAGE)

    def hush(self) -> None:
        """The desk was locked: show nothing any more."""
        self._is_quiet = True
        self._soon.stop()
        self.card.hide()
        self.tray.take_away()

    def speak(self) -> None:
        """The desk was unlocked: say what is unread and look again."""
        self._is_quiet = False
        unread = self.today[: self.bell.count]
        if unread:
            self.card.say(unread)
        self.look()

    def _apply(self, changes: "Changes") -> None:
        if not self._is_quiet and changes.touches(_TABLES):
            self._soon.start(_AFTER_CHANGE_MS)

    def _missed(self, _error: BaseException) -> None:
        """The next minute looks again; the pages tell what is wrong with the disk."""
        self._is_looking = False
