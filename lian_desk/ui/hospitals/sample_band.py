"""Says above every page that the hospital list is only the sample, until a real one is taken in (R31)."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from lian_desk.services.hospitals.hospital_lists import load_sample_notice
from lian_desk.ui.common.look.buttons import link_button
from lian_desk.ui.common.look.text import ElidedLabel
from lian_desk.ui.common.look.visibility import set_shown
from lian_desk.ui.common.running.context import UiContext

if TYPE_CHECKING:
    from lian_desk.services.commands.changes import Changes

_TABLES: Final = frozenset({"hospital", "hospital_list"})


class SampleBand(QFrame):
    """One line with the way to the list; gone as soon as a real list holds."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setProperty("role", "demo")
        self.words = ElidedLabel("", "secondary")
        self.way = link_button("前往医院名录", lambda: context.navigator.open_page("hospitals"))
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 2, 20, 2)
        row.addWidget(self.words, 1)
        row.addWidget(self.way)
        self.hide()
        context.bus.committed.connect(self._heed)
        self.look()

    def look(self) -> None:
        """Ask which list holds."""
        self._context.runner.read(self, partial(load_sample_notice, self._context.desk), self._show)

    def _heed(self, changes: "Changes") -> None:
        if changes.touches(_TABLES):
            self.look()

    def _show(self, notice: str) -> None:
        self.words.setText(notice)
        set_shown(self, bool(notice))


def tell_sample(context: UiContext, add_band: Callable[[QWidget], object], parent: QWidget) -> SampleBand:
    """Put the band where ``add_band`` takes it."""
    band = SampleBand(context, parent)
    add_band(band)
    return band
