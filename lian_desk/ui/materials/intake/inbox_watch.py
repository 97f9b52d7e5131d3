"""Keeps an eye on the drop folder: a slow look on a reading thread, hastened when the system tells of a change.

The system's notice is a hint only: network disks give none. The folder is handed to the system's watcher only after a
look has shown that it answers, because asking about a dead network disk may take minutes.
"""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from lian_desk.services.materials.drop_folder import DropFolder, Inbox
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

POLL_MS: Final = 8_000
HASTE_MS: Final = 700
_CHANGING: Final = frozenset({"workspace_setting", "material"})


class InboxWatch(QObject):
    """Looks only while its owner is on screen; one look at a time.

    Signals:
        changed(object): an ``Inbox`` that differs from the one before.
    """

    changed = Signal(object)

    def __init__(self, context: UiContext, owner: QWidget) -> None:
        super().__init__(owner)
        owner.installEventFilter(self)
        self._context = context
        self._folder = DropFolder(context.desk)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._hasten)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look)
        self._haste = QTimer(self)
        self._haste.setSingleShot(True)
        self._haste.setInterval(HASTE_MS)
        self._haste.timeout.connect(self.look)
        self._is_looking = False
        self.inbox = Inbox()
        context.bus.committed.connect(self._apply)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: wake and rest with the owner."""
        if event.type() == QEvent.Type.Show:
            self.wake()
        elif event.type() == QEvent.Type.Hide:
            self.rest()
        return False

    def wake(self) -> None:
        """Look now and go on looking."""
        if not self._timer.isActive():
            self._timer.start()
            self.look()

    def rest(self) -> None:
        """Nobody sees the inbox: look no more."""
        self._timer.stop()
        self._haste.stop()

    def look(self) -> None:
        """Look now, unless a look is under way."""
        if not self._is_looking:
            self._is_looking = True
            self._context.runner.read(self, self._folder.look, self._looked, self._failed)

    def _hasten(self, _path: str) -> None:
        if self._timer.isActive():
            self._haste.start()

    def _apply(self, changes: "Changes") -> None:
        if changes.touches(_CHANGING):
            self._hasten("")

    def _looked(self, inbox: Inbox) -> None:
        self._is_looking = False
        self._watch(inbox)
        if any(not file.is_arrived for file in inbox.files) and self._timer.isActive():
            QTimer.singleShot(POLL_MS // 2, self, self.look)
        if inbox != self.inbox:
            self.inbox = inbox
            self.changed.emit(inbox)

    def _failed(self, _error: BaseException) -> None:
        # the database was busy or went away: the next look tells
        self._is_looking = False

    def _watch(self, inbox: Inbox) -> None:
        wanted = str(inbox.folder) if inbox.folder is not None and inbox.is_reachable else ""
        present = self._watcher.directories()
        if present != ([wanted] if wanted else []):
            if present:
                self._watcher.removePaths(present)
            if wanted:
                self._watcher.addPath(wanted)
