"""One signal for the whole window: these ``Changes`` were committed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from lian_desk.services.changes import Changes


class ChangeBus(QObject):
    """Tells every open page what a committed command changed; a page decides itself whether that touches it."""

    committed = Signal(object)

    def publish(self, changes: "Changes") -> None:
        """Announce committed changes; called on the UI thread."""
        self.committed.emit(changes)
