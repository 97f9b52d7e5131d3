"""One signal for the whole window: these ``Changes`` were committed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes


class ChangeBus(QObject):
    """Tells every open page what a committed command changed; a page decides itself whether that touches it.

    Signals:
        committed(object): the ``Changes``, on the UI thread.
        arrived(object): emitted by whoever committed, on any thread; leads to ``committed``.
    """

    committed = Signal(object)
    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.arrived.connect(self.publish, Qt.ConnectionType.QueuedConnection)

    def publish(self, changes: "Changes") -> None:
        """Announce committed changes; called on the UI thread."""
        self.committed.emit(changes)
