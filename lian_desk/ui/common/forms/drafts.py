"""Keeps what is being typed: stored a moment after a change and when the form closes, through callables handed in."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

KEEP_AFTER_MS: Final = 1500


class DraftKeeper(QObject):
    """Stores the raw values of a form under a key.

    ``store(key, values)`` and ``discard(key)`` are called on the UI thread and go on to the write lane themselves;
    ``load(key)`` returns what was stored, or ``None``. Values are plain data and may be unreadable: it is a draft.
    """

    def __init__(
        self,
        load: Callable[[str], dict[str, Any] | None],
        store: Callable[[str, dict[str, Any]], object],
        discard: Callable[[str], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._store = store
        self._discard = discard
        self._key = ""
        self._read: Callable[[], dict[str, Any]] = dict
        self._stored: dict[str, Any] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep)

    def begin(self, key: str, read: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Watch a form under ``key``; ``read`` gives its raw values. Returns the draft that was left, or ``None``."""
        self._key = key
        self._read = read
        self._stored = read()
        return self._load(key)

    def note(self) -> None:
        """Something changed: keep it in a moment."""
        # a pause is not waited for: somebody who types on and on is kept as well
        if self._key and not self._timer.isActive():
            self._timer.start()

    def keep(self) -> None:
        """Keep what stands in the form now, when it differs from what was kept."""
        self._timer.stop()
        values = self._read() if self._key else self._stored
        if values != self._stored:
            self._stored = values
            self._store(self._key, values)

    def drop(self) -> None:
        """The form was saved, or the user does not want the draft."""
        self._timer.stop()
        if self._key:
            self._discard(self._key)
        self._key = ""
