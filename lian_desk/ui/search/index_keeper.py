"""Brings rows into the full-text index that were written in bulk: a slice at a time, while nobody waits."""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from lian_desk.services.desk.desk import Desk
from lian_desk.services.full_text.index import catch_up
from lian_desk.ui.common.running.context import UiContext

_FIRST_MS: Final = 4000
_BETWEEN_MS: Final = 120


class IndexKeeper(QObject):
    """Works from some seconds after the start until nothing waits; the write lane is free between two slices."""

    def __init__(self, context: UiContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._slice)
        self._timer.start(_FIRST_MS)

    def _slice(self) -> None:
        desk = self._context.desk
        self._context.runner.write(self, lambda: index_slice(desk), self._go_on, self._stop)

    def _go_on(self, more: bool) -> None:  # noqa: FBT001 - the answer of the slice
        if more:
            self._timer.start(_BETWEEN_MS)

    def _stop(self, _error: BaseException) -> None:
        """A full or missing disk is told by whatever the person does next; the next start goes on here."""


def index_slice(desk: Desk) -> bool:
    """Index one slice of what waits; True while there is more."""
    with desk.database.write_session() as session:
        more = catch_up(session)
        session.commit()
    return more
