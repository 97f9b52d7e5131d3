"""Says that a material lies in the trash or was erased, why and by whom, with the way out of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from lian_desk.services.materials.views import RemovalView
from lian_desk.ui.common.look.buttons import link_button, small_button
from lian_desk.ui.common.look.cards import Notice
from lian_desk.ui.common.look.formats import iso_moment
from lian_desk.ui.common.look.theme import Tone


class RemovalBand(QWidget):
    """Hidden while the material is kept.

    Signals:
        restore_requested(), erase_requested(): what the user wishes.
    """

    restore_requested = Signal()
    erase_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = Notice("", Tone.RISK)
        self.restore = small_button("移出回收站", self.restore_requested.emit)
        self.erase = link_button("彻底删除…", self.erase_requested.emit)
        row = QHBoxLayout()
        row.addWidget(self.restore)
        row.addWidget(self.erase)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.notice)
        column.addLayout(row)
        self.hide()

    def show_removal(self, removal: RemovalView | None) -> None:
        """Show why the material is not among the others, or hide."""
        self.setVisible(removal is not None)
        if removal is None:
            return
        is_erased = removal.erased_at is not None
        if removal.erased_at is not None:
            words = f"已彻底删除 · {iso_moment(removal.erased_at)} · {removal.erased_by}\n{removal.erase_reason}"
        else:
            words = f"在回收站中 · {iso_moment(removal.removed_at)} · {removal.removed_by}\n{removal.reason}"
        self.notice.set_notice(words, Tone.BROKEN if is_erased else Tone.RISK)
        self.restore.setVisible(not is_erased)
        self.erase.setVisible(not is_erased)
