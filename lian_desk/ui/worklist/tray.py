"""Messages of the system for a window that is not in front; where the system has no tray, there are none."""

from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from lian_desk.services.worklist.alerts import AlertLevel

_TITLE: Final = "就医协助台"
_SHOWN_MS: Final = 10_000
_ICONS: Final = {
    AlertLevel.NOTICE: QSystemTrayIcon.MessageIcon.Information,
    AlertLevel.URGENT: QSystemTrayIcon.MessageIcon.Warning,
}


class Tray(QObject):
    """Signals: ``followed()``: the message or the icon was clicked."""

    followed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None

    def say(self, words: str, level: AlertLevel) -> bool:
        """Show a message without personal data; False where the system cannot."""
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return False
        if self._icon is None:
            self._icon = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._icon.setToolTip(_TITLE)
            self._icon.messageClicked.connect(self.followed)
            self._icon.activated.connect(lambda _reason: self.followed.emit())
            self._icon.show()
        self._icon.showMessage(_TITLE, words, _ICONS[level], _SHOWN_MS)
        return True

    def take_away(self) -> None:
        """Remove the icon, for example while the desk is locked or closed."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
